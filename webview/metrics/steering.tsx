import { useRef, useState } from 'react';
import type { RunMessage } from '../../src/core/run/steering';
import { Button, IconButton } from '../ui/button';
import type { ShownRun } from './panelState';
import { RatePopover } from './ratePopover';
import { whyNot } from './steeringReasons';
import { t } from '../../src/l10n/translate';

export interface SteeringProps {
  readonly shown: ShownRun;
  /** The run was asked to stop, and has not yet. */
  readonly stopping: boolean;
  /** What it was asked for and has not told of yet. */
  readonly asked: readonly RunMessage['type'][];
  readonly onSteer: (message: RunMessage) => void;
  readonly onStop: () => void;
}

/** What can be asked of a run that is going on; each is heard between two steps. */
export function Steering({ shown, stopping, asked, onSteer, onStop }: SteeringProps) {
  const [rateOpen, setRateOpen] = useState(false);
  const rateAnchor = useRef<HTMLDivElement>(null);
  const { state, view } = shown;
  const reasonOf = (type: RunMessage['type']) => whyNot(type, { shown, stopping, asked });
  const pause = state.paused ? 'resume' : 'pause';
  const waiting = asked.includes(pause);
  const rateReason = reasonOf('setLearningRate');
  const closeRate = () => {
    setRateOpen(false);
    rateAnchor.current?.querySelector('button')?.focus();
  };
  return (
    <div className="steering" role="group" aria-label={t('Steer the run')}>
      <IconButton
        icon={waiting ? 'loading' : state.paused ? 'debug-continue' : 'debug-pause'}
        className={waiting ? 'asked' : undefined}
        label={state.paused ? t('Go on with the run') : t('Pause after this step')}
        reason={reasonOf(pause)}
        onClick={() => onSteer({ type: pause })}
      />
      <IconButton
        icon={asked.includes('saveCheckpoint') ? 'loading' : 'save'}
        className={asked.includes('saveCheckpoint') ? 'asked' : undefined}
        label={t('Save a checkpoint now')}
        reason={reasonOf('saveCheckpoint')}
        onClick={() => onSteer({ type: 'saveCheckpoint' })}
      />
      <div className="rate" ref={rateAnchor}>
        <IconButton
          icon={asked.includes('setLearningRate') ? 'loading' : 'dashboard'}
          className={asked.includes('setLearningRate') ? 'asked' : undefined}
          label={t('Change the learning rate')}
          reason={rateReason}
          pressed={rateOpen}
          onClick={() => setRateOpen(!rateOpen)}
        />
        {rateOpen && (
          <RatePopover
            rate={state.learningRate ?? view.steering?.rates[state.phases.at(-1)?.phase ?? 0]}
            byHand={state.learningRate !== null}
            reason={rateReason}
            onSet={(learningRate) => {
              onSteer({ type: 'setLearningRate', learningRate });
              closeRate();
            }}
            onClose={closeRate}
          />
        )}
      </div>
      <Button
        icon={stopping ? 'loading' : 'debug-stop'}
        className={stopping ? 'stop stopping' : 'stop'}
        title={
          view.steering?.keepsBest
            ? t('End the run; the model is that of its best epoch')
            : t('End the run; what it has learned is kept')
        }
        disabled={stopping}
        onClick={onStop}
      >
        {stopping ? t('Stopping…') : t('Stop')}
      </Button>
    </div>
  );
}
