import type { RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import { Button } from '../ui/button';
import { formatCount } from './formatNumbers';
import type { Progress } from './progress';
import type { RunState } from './runState';
import { StatusIcon } from './statusIcon';

export interface OutcomeProps {
  readonly view: RunView;
  readonly state: RunState;
  readonly progress: Progress;
  readonly post: (message: RunPanelToHost) => void;
}

/** How a run ended, and what can be done with what it left. */
export function Outcome({ view, state, progress, post }: OutcomeProps) {
  const { status, id } = view;
  const hasModel = (state.end?.model.length ?? 0) > 0;
  const error = state.end?.error;
  return (
    <div className={`outcome ${status}`} role={status === 'failed' ? 'alert' : undefined}>
      <StatusIcon status={status} />
      <div className="outcome-text">
        <h2>{titleOf(view, progress)}</h2>
        {error && <code>{error.code}</code>}
        <p>{error?.message ?? explain(view, state, progress)}</p>
      </div>
      <div className="outcome-actions">
        {hasModel && (
          <Button appearance="primary" onClick={() => post({ type: 'openResult', id })}>
            Open result
          </Button>
        )}
        {status !== 'finished' && state.marks.some(({ kind }) => kind === 'checkpoint') && (
          <Button
            title="Goes on from its newest checkpoint, in its folder"
            onClick={() => post({ type: 'resumeRun', id })}
          >
            Resume
          </Button>
        )}
        <Button onClick={() => post({ type: 'revealFolder', id })}>Reveal folder</Button>
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

function explain({ status }: RunView, state: RunState, { epoch, step, totalSteps }: Progress): string {
  const steps = `${formatCount(step)} of ${formatCount(totalSteps)} steps`;
  switch (status) {
    case 'finished':
      return `${epoch} ${epoch === 1 ? 'epoch' : 'epochs'}, ${formatCount(step)} steps. Its model is ready to open.`;
    case 'stopped':
      return state.end?.model.length
        ? `${steps}. The model is kept as it was then.`
        : `${steps}. No model was written; the curves are kept.`;
    case 'failed':
      return "It gave no reason. The run's log.txt may hold one.";
    case 'lost':
      return `Its process ended without a word after ${steps}: killed, or out of memory. See log.txt.`;
    default:
      return '';
  }
}
