import { FAULT_SENTENCE, type RunHealth } from '../../../src/core/run/health';
import type { RunPanelToHost, RunView } from '../../../src/protocol/runPanel';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { isLive } from '../progress';
import type { RunState } from '../runState';
import { t } from '../../../src/l10n/translate';

/** A run that is over and of which nothing can be drawn. */
export function isBare({ status }: RunView, { start, steps, epochs, end }: RunState): boolean {
  return !isLive(status) && start === null && steps.step.length === 0 && epochs.length === 0 && !end?.error;
}

export interface BareRunProps {
  readonly view: RunView;
  readonly health: RunHealth;
  readonly post: (message: RunPanelToHost) => void;
}

/** What became of a run that left nothing to draw, and what can still be done. */
export function BareRun({ view: { id }, health, post }: BareRunProps) {
  const isNewer = health.faults.includes('newer');
  return (
    <div className="section-empty bare-run">
      <Icon name={isNewer ? 'arrow-circle-up' : 'circle-slash'} />
      <h1>{isNewer ? t('From a newer version') : t('Nothing was recorded')}</h1>
      <p>{sentence(health)}</p>
      <div className="bare-actions">
        {health.canTrainAgain && !isNewer && (
          <Button appearance="primary" onClick={() => post({ type: 'trainAgain', id })}>
            {t('Train again')}
          </Button>
        )}
        {health.hasLog && <Button onClick={() => post({ type: 'openLog', id })}>{t('Show log')}</Button>}
        <Button onClick={() => post({ type: 'revealFolder', id })}>{t('Reveal folder')}</Button>
        <Button onClick={() => post({ type: 'deleteRun', id })}>{t('Delete…')}</Button>
      </div>
    </div>
  );
}

function sentence({ faults, canTrainAgain, hasLog }: RunHealth): string {
  if (faults.includes('newer')) return FAULT_SENTENCE.newer;
  return [
    FAULT_SENTENCE.empty,
    hasLog ? t('Its log may say why.') : '',
    canTrainAgain ? t('Its plan is whole: it can be trained again.') : PLANLESS,
  ]
    .filter(Boolean)
    .join(' ');
}

const PLANLESS = t('It has no plan that can be read, so it cannot be trained again from here.');
