import type { RunPanelToHost, RunView } from '../../src/protocol/runPanel';
import type { RunMessage } from '../../src/core/run/steering';
import { IconButton } from '../ui/button';
import { ExportMenu } from './exportMenu';
import type { ShownRun } from './panelState';
import { isLive } from './progress';
import { RunPicker } from './runPicker';
import { SectionSwitch, type Section } from './sections';
import { Steering } from './steering';
import { AXES, AXIS_WORD, type XAxis } from './xAxis';
import { t } from '../../src/l10n/translate';

export interface ToolbarProps {
  readonly runs: readonly RunView[];
  readonly shownId: string | null;
  readonly shown: ShownRun | null;
  readonly now: number;
  readonly inTab: boolean;
  readonly smoothing: number;
  /** The shown run was asked to stop, and has not yet. */
  readonly stopping: boolean;
  /** What the shown run was asked for, and has not told of yet. */
  readonly asked: readonly RunMessage['type'][];
  readonly axis: XAxis;
  readonly onAxis: (axis: XAxis) => void;
  readonly onSmooth: (strength: number) => void;
  readonly onSteer: (id: string, message: RunMessage) => void;
  readonly onStop: (id: string) => void;
  readonly section: Section;
  readonly onSection: (section: Section) => void;
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
  asked,
  axis,
  onAxis,
  onSmooth,
  onSteer,
  onStop,
  section,
  onSection,
  post,
}: ToolbarProps) {
  const start = shown?.state.start;
  // Compared runs have curves without one that is shown.
  const hasCurves = section === 'compare' || (section === 'curves' && shown !== null);
  return (
    <header className="toolbar">
      <SectionSwitch section={section} onSection={onSection} />
      {section !== 'compare' && (
        <RunPicker runs={runs} shownId={shownId} now={now} onShow={(id) => post({ type: 'show', id })} />
      )}
      {section !== 'compare' && start && (
        <p className="engine" title={t('Engine {0} on {1}', start.engine, start.device)}>
          <span className="engine-name">{start.engine}</span> {start.device}
        </p>
      )}
      <span className="spring" />
      {hasCurves && (
        <div className="axis-choice" role="group" aria-label={t('What the charts run along')}>
          {AXES.map((choice) => (
            <button
              key={choice}
              type="button"
              className="log-toggle"
              aria-pressed={axis === choice}
              title={t('Charts by {0}', AXIS_WORD[choice].toLowerCase())}
              onClick={() => onAxis(choice)}
            >
              {AXIS_WORD[choice]}
            </button>
          ))}
        </div>
      )}
      {hasCurves && (
        <label
          className="smoothing"
          title={t('How far the training curves are averaged; the raw steps stay behind them')}
        >
          {t('Smoothing')}
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={smoothing}
            aria-valuetext={t('{0} percent', Math.round(smoothing * 100))}
            onChange={(event) => onSmooth(event.currentTarget.valueAsNumber)}
          />
        </label>
      )}
      {shown && section === 'curves' && isLive(shown.view.status) && (
        <Steering
          key={shown.view.id}
          shown={shown}
          stopping={stopping}
          asked={asked}
          onSteer={(message) => onSteer(shown.view.id, message)}
          onStop={() => onStop(shown.view.id)}
        />
      )}
      {shown && section === 'curves' && <ExportMenu shown={shown} post={post} />}
      {!inTab && shown && (
        <IconButton
          icon="link-external"
          label={t('Open in an editor tab')}
          onClick={() => post({ type: 'openInTab' })}
        />
      )}
    </header>
  );
}
