import { useCallback, useEffect, useLayoutEffect, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import 'uplot/dist/uPlot.min.css';
import type { RunExportToHost } from '../../src/protocol/runExport';
import type { Place } from '../ui/useMenu';
import { walk } from './chartKeys';
import { ChartMenu } from './chartMenu';
import { ChartTools } from './chartTools';
import { formatMetric, metricTitle } from './formatNumbers';
import { MetricChart, type Drawing } from './metricChart';
import type { Palette } from './palette';
import { isMeasured } from './measured';
import type { Range } from '../../src/core/run/range';
import { readOut, type Readout } from './readout';
import { usePlotted } from './usePlotted';
import { panBy, zoomAround } from './zoom';
import { t } from '../../src/l10n/translate';

export interface ChartProps extends Drawing {
  readonly run: { readonly id: string; readonly name: string };
  readonly metric: string;
  readonly palette: Palette;
  readonly zoomed: boolean;
  /** The step that is pointed at, in this chart or another. */
  readonly hovered: number | null;
  readonly logarithmic: boolean;
  /** Left out for a metric that is never drawn on a logarithmic axis. */
  readonly onLogarithmic?: ((logarithmic: boolean) => void) | undefined;
  readonly onHover: (step: number | null) => void;
  readonly onZoom: (range: Range | null) => void;
  readonly post: (message: RunExportToHost) => void;
}

export function Chart(props: ChartProps) {
  const { metric, state, smoothing, range, whole, scale, best, palette, zoomed, hovered, logarithmic } =
    props;
  const { run, onLogarithmic, onHover, onZoom, post } = props;
  const { host, chart } = usePlotted(
    useCallback(
      (element: HTMLElement) => new MetricChart(element, { metric, logarithmic, palette, onHover, onZoom }),
      [metric, logarithmic, palette, onHover, onZoom],
    ),
  );

  // Also after another chart was made.
  useLayoutEffect(() => {
    chart.current?.show({ state, smoothing, range, whole, scale, best });
  }, [chart, state, smoothing, range, whole, scale, best, metric, logarithmic, palette]);
  useEffect(() => {
    chart.current?.pointAt(hovered);
  }, [chart, hovered]);

  const [menu, setMenu] = useState<Place | null>(null);
  const closeMenu = useCallback(
    (then: 'focus' | 'leave') => {
      setMenu(null);
      if (then === 'focus') host.current?.focus();
    },
    [host],
  );
  const readout = readOut(state, metric, smoothing.values, hovered);
  const measured = useMemo(() => isMeasured(state, metric), [state, metric]);
  const title = metricTitle(metric);
  return (
    <section className="chart" aria-label={title}>
      <header className="chart-header">
        <h2 title={title}>{title}</h2>
        <Legend metric={metric} readout={readout} />
        <span className="spring" />
        <ChartTools
          logarithmic={logarithmic}
          onLogarithmic={onLogarithmic}
          wholeLabel={t('Show the whole run')}
          onWhole={zoomed ? () => onZoom(null) : undefined}
        />
        <ChartMenu
          title={title}
          chart={() =>
            chart.current && {
              ...{ run, metric, logarithmic, y: chart.current.y },
              drawing: { state, smoothing, range, whole, scale, best },
            }
          }
          hasPoints={readout !== null && measured}
          at={menu}
          onClose={closeMenu}
          onWhole={zoomed ? () => onZoom(null) : undefined}
          post={post}
        />
      </header>
      <div
        ref={host}
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={t('{0} by step', title)}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, state.steps.step.last() || 0)}
        aria-valuenow={readout?.step ?? 0}
        aria-valuetext={speak(metric, readout)}
        onBlur={() => onHover(null)}
        onContextMenu={(event) => {
          event.preventDefault();
          setMenu({ x: event.clientX, y: event.clientY });
        }}
        onKeyDown={(event) => move(event, props)}
      >
        {readout === null ? (
          <p className="no-points">{state.end ? t('No step was taken') : t('No steps yet')}</p>
        ) : (
          !measured && <p className="no-points">{t('{0} is NaN wherever it was measured', title)}</p>
        )}
      </div>
    </section>
  );
}

interface LegendProps {
  readonly metric: string;
  readonly readout: Readout | null;
}

/** The curves' names and their latest values, or those at the cursor. */
function Legend({ metric, readout }: LegendProps) {
  const { stepwise, smoothed, training, validation, raw, epoch } = readout ?? NO_READOUT;
  const curve = stepwise ? smoothed : training;
  return (
    <p className="legend" aria-hidden="true">
      <span className="legend-entry training" title={t("This step's batch: {0}", formatMetric(metric, raw))}>
        <LegendName short={t('Train')} whole={t('Training')} /> <b>{formatMetric(metric, curve)}</b>
      </span>
      <span className="legend-entry validation" title={t('Epoch {0}', epoch)}>
        <LegendName short={t('Val')} whole={t('Validation')} /> <b>{formatMetric(metric, validation)}</b>
      </span>
    </p>
  );
}

/** Of a narrow chart's names the rest is hidden: the short one is where the whole one begins. */
function LegendName({ short, whole }: { readonly short: string; readonly whole: string }) {
  return (
    <span className="legend-name">
      {short}
      <span className="legend-rest">{whole.slice(short.length)}</span>
    </span>
  );
}

const NO_READOUT: Readout = {
  step: 0,
  epoch: 0,
  stepwise: false,
  raw: NaN,
  smoothed: NaN,
  training: NaN,
  validation: NaN,
};

function speak(metric: string, readout: Readout | null): string {
  if (readout === null) return t('no points yet');
  const { step, epoch, raw, validation } = readout;
  return [
    t('step {0}, epoch {1}', step, epoch),
    ...(Number.isNaN(raw) ? [] : [t('training {0}', formatMetric(metric, raw))]),
    ...(Number.isNaN(validation) ? [] : [t('validation {0}', formatMetric(metric, validation))]),
  ].join(', ');
}

/**
 * Arrows walk along the steps by a hundredth of what is shown, with Shift by a tenth; Page keys by an epoch. `+` and `-`
 * zoom around the step pointed at, Alt with an arrow moves along, `0` shows the whole run.
 */
function move(event: KeyboardEvent, props: ChartProps): void {
  const { state, range, hovered, zoomed, onHover, onZoom } = props;
  if (event.ctrlKey || event.metaKey) return;
  const zoom = zoomOf(event, props);
  if (zoom !== undefined) {
    onZoom(zoom);
    event.preventDefault();
    return;
  }
  const last = state.steps.step.last() || 0;
  const first = state.steps.step.at(0) || 0;
  const step = walk(event, {
    from: hovered ?? last,
    shown: range,
    ends: { min: first, max: last },
    least: 1,
    ...(state.start && { page: state.start.stepsPerEpoch }),
  });
  if (step !== undefined) onHover(step);
  else if (event.key === 'Escape' && hovered !== null) onHover(null);
  else if (event.key === 'Escape' && zoomed) onZoom(null);
  else return;
  event.preventDefault();
}

/** The range that a key asks for; `undefined` for other keys. */
function zoomOf({ key, altKey }: KeyboardEvent, { range, whole, hovered }: ChartProps) {
  const at = hovered ?? (range.min + range.max) / 2;
  const quarter = (range.max - range.min) / 4;
  if (key === '+' || key === '=') return zoomAround(range, at, 0.5, whole);
  if (key === '-') return zoomAround(range, at, 2, whole);
  if (key === '0') return null;
  if (altKey && key === 'ArrowLeft') return panBy(range, -quarter, whole);
  if (altKey && key === 'ArrowRight') return panBy(range, quarter, whole);
  return undefined;
}
