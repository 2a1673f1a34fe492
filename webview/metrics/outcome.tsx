import type { RunHealth } from '../../src/core/run/health';
import type { RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import { Button, IconButton } from '../ui/button';
import { formatCount } from './formatNumbers';
import type { Progress } from './progress';
import type { RunState } from './runState';
import { StatusIcon } from './statusIcon';
import { t, tn } from '../../src/l10n/translate';

export interface OutcomeProps {
  readonly view: RunView;
  readonly state: RunState;
  readonly progress: Progress;
  /** Null until the host has looked at its folder. */
  readonly health: RunHealth | null;
  readonly post: (message: RunPanelToHost) => void;
}

/** Words that a low panel has no room for: it shows the icon alone. */
const START_AGAIN = t('Start again with changes…');

/** How a run ended, and what can be done with what it left. */
export function Outcome({ view, state, progress, health, post }: OutcomeProps) {
  const { status, id } = view;
  const isThere = !health?.faults.includes('modelMissing');
  const hasModel = isThere && (state.end?.model.length ?? 0) > 0;
  const canResume = health?.canResume ?? state.marks.some(({ kind }) => kind === 'checkpoint');
  const canTrainAgain = health?.canTrainAgain && !canResume && (status === 'lost' || status === 'failed');
  const error = state.end?.error;
  return (
    <div className={`outcome ${status}`} role={status === 'failed' ? 'alert' : undefined}>
      <StatusIcon status={status} />
      <div className="outcome-text">
        <h2>{titleOf(view, progress)}</h2>
        {error && <code>{error.code}</code>}
        <p>{error?.message ?? explain(view, state, progress, isThere)}</p>
      </div>
      <IconButton
        icon="folder-opened"
        label={t('Reveal folder')}
        onClick={() => post({ type: 'revealFolder', id })}
      />
      <div className="outcome-actions">
        {hasModel && (
          <Button appearance="primary" onClick={() => post({ type: 'openResult', id })}>
            {t('Open result')}
          </Button>
        )}
        {status !== 'finished' && canResume && (
          <Button
            title={t('Goes on from its newest checkpoint, in its folder')}
            onClick={() => post({ type: 'resumeRun', id })}
          >
            {t('Resume')}
          </Button>
        )}
        {(status === 'finished' || status === 'stopped') && (hasModel || canResume) && (
          <Button
            title={t('More epochs, from where it ended')}
            onClick={() => post({ type: 'trainLonger', id })}
          >
            {t('Train longer…')}
          </Button>
        )}
        {(status === 'finished' || status === 'stopped') && (
          <Button
            icon="edit"
            label={START_AGAIN}
            title={t('{0}\nThe training form with this run’s plan, on its model and recipe', START_AGAIN)}
            onClick={() => post({ type: 'startAgain', id })}
          >
            <span className="outcome-words">{START_AGAIN}</span>
          </Button>
        )}
        {canTrainAgain && (
          <Button
            title={t('Trains as the run’s plan says, from the beginning')}
            onClick={() => post({ type: 'trainAgain', id })}
          >
            {t('Train again')}
          </Button>
        )}
        {health?.hasLog && (status === 'lost' || status === 'failed') && (
          <Button onClick={() => post({ type: 'openLog', id })}>{t('Show log')}</Button>
        )}
      </div>
    </div>
  );
}

function titleOf({ status }: RunView, { epoch, epochs }: Progress): string {
  switch (status) {
    case 'finished':
      return t('Training finished');
    case 'stopped':
      return epochs === 0 ? t('Stopped') : t('Stopped in epoch {0} of {1}', epoch, epochs);
    case 'failed':
      return t('Training failed');
    case 'lost':
      return t('The trainer is gone');
    default:
      return '';
  }
}

/** @param isThere whether the model that it may have written is still in its folder */
function explain(
  { status }: RunView,
  state: RunState,
  { epoch, step, totalSteps }: Progress,
  isThere: boolean,
): string {
  const [done, all] = [formatCount(step), formatCount(totalSteps)];
  const gone = t('Its model is gone; the curves are kept.');
  switch (status) {
    case 'finished':
      return [
        tn(epoch, '{0} epoch, {1} steps.', '{0} epochs, {1} steps.', epoch, done),
        isThere ? t('Its model is ready to open.') : gone,
      ].join(' ');
    case 'stopped':
      return [
        t('{0} of {1} steps.', done, all),
        !state.end?.model.length
          ? t('No model was written; the curves are kept.')
          : isThere
            ? t('The model is kept as it was then.')
            : gone,
      ].join(' ');
    case 'failed':
      return t("It gave no reason. The run's log.txt may hold one.");
    case 'lost':
      return totalSteps === 0
        ? t('Its process ended before the first step: killed, or out of memory.')
        : t('Its process ended without a word after {0} of {1} steps: killed, or out of memory.', done, all);
    default:
      return '';
  }
}
