import type { RunHealth } from '../../src/core/run/health';
import type { RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import { Button, IconButton } from '../ui/button';
import { formatCount } from './formatNumbers';
import type { Progress } from './progress';
import type { RunState } from './runState';
import { StatusIcon } from './statusIcon';
import { t } from '../../src/l10n/translate';

export interface OutcomeProps {
  readonly view: RunView;
  readonly state: RunState;
  readonly progress: Progress;
  /** Null until the host has looked at its folder. */
  readonly health: RunHealth | null;
  readonly post: (message: RunPanelToHost) => void;
}

/** Words that a low panel has no room for: it shows the icon alone. */
const START_AGAIN = 'Start again with changes…';

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
      return 'Training finished';
    case 'stopped':
      return epochs === 0 ? 'Stopped' : `Stopped in epoch ${epoch} of ${epochs}`;
    case 'failed':
      return 'Training failed';
    case 'lost':
      return 'The trainer is gone';
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
  const steps = `${formatCount(step)} of ${formatCount(totalSteps)} steps`;
  switch (status) {
    case 'finished':
      return `${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}, ${formatCount(step)} steps. ${isThere ? 'Its model is ready to open.' : 'Its model is gone; the curves are kept.'}`;
    case 'stopped':
      return state.end?.model.length
        ? `${steps}. ${isThere ? 'The model is kept as it was then.' : 'Its model is gone; the curves are kept.'}`
        : `${steps}. No model was written; the curves are kept.`;
    case 'failed':
      return "It gave no reason. The run's log.txt may hold one.";
    case 'lost':
      return totalSteps === 0
        ? 'Its process ended before the first step: killed, or out of memory.'
        : `Its process ended without a word after ${steps}: killed, or out of memory.`;
    default:
      return '';
  }
}
