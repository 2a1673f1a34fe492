import type { RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import { Button, IconButton } from '../ui/button';
import type { ShownRun } from './panelState';
import { isLive } from './progress';
import { RunPicker } from './runPicker';

export interface ToolbarProps {
  readonly runs: readonly RunView[];
  readonly shownId: string | null;
  readonly shown: ShownRun | null;
  readonly now: number;
  readonly inTab: boolean;
  readonly smoothing: number;
  /** The shown run was asked to stop, and has not yet. */
  readonly stopping: boolean;
  readonly onSmooth: (strength: number) => void;
  readonly onStop: (id: string) => void;
  readonly post: (message: RunPanelToHost) => void;
}

export function Toolbar({
  runs,
  shownId,
  shown,
  now,
  inTab,
  smoothing,
  stopping,
  onSmooth,
  onStop,
  post,
}: ToolbarProps) {
  const start = shown?.state.start;
  return (
    <header className="toolbar">
      <RunPicker runs={runs} shownId={shownId} now={now} onShow={(id) => post({ type: 'show', id })} />
      {start && (
        <p className="engine" title={`Engine ${start.engine} on ${start.device}`}>
          <span className="engine-name">{start.engine}</span> {start.device}
        </p>
      )}
      <span className="spring" />
      {shown && (
        <label
          className="smoothing"
          title="How far the training curves are averaged; the raw steps stay behind them"
        >
          Smoothing
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={smoothing}
            aria-valuetext={`${Math.round(smoothing * 100)} percent`}
            onChange={(event) => onSmooth(event.currentTarget.valueAsNumber)}
          />
        </label>
      )}
      {shown && isLive(shown.view.status) && (
        <Button
          icon={stopping ? 'loading' : 'debug-stop'}
          className={stopping ? 'stop stopping' : 'stop'}
          title="End the run; what it has learned is kept"
          disabled={stopping}
          onClick={() => onStop(shown.view.id)}
        >
          {stopping ? 'Stopping…' : 'Stop'}
        </Button>
      )}
      {!inTab && shown && (
        <IconButton
          icon="link-external"
          label="Open in an editor tab"
          onClick={() => post({ type: 'openInTab' })}
        />
      )}
    </header>
  );
}
