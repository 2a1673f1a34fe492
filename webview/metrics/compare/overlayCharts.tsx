import { memo, useCallback, useMemo, useState } from 'react';
import { chartedMetrics } from '../curves';
import { isShare } from '../formatNumbers';
import { usePalette } from '../palette';
import { isLive } from '../progress';
import { horizon, type Range } from '../../../src/core/run/range';
import { smoothingReach } from '../smooth';
import { createSmoother, type Smoother } from '../smoothingMemo';
import type { XAxis } from '../xAxis';
import { xScale } from '../xAxis';
import type { ComparedRun } from './comparedRun';
import { OverlayPlot } from './overlayPlot';

export interface OverlayChartsProps {
  /** Those that are drawn. */
  readonly runs: readonly ComparedRun[];
  /** Of smoothing, from 0 to 1. */
  readonly strength: number;
  readonly axis: XAxis;
  readonly training: boolean;
  readonly validation: boolean;
  /** The run that is pointed at in the legend. */
  readonly emphasized: string | null;
}

/** A chart a metric, with the curves of all runs; one x axis, one cursor and one zoom for them all. */
export const OverlayCharts = memo(function OverlayCharts({
  runs,
  strength,
  axis,
  training,
  validation,
  emphasized,
}: OverlayChartsProps) {
  const palette = usePalette();
  const [hovered, setHovered] = useState<number | null>(null);
  // Seconds are no steps: another axis starts with the whole.
  const [zoom, setZoom] = useState<{ readonly axis: XAxis; readonly range: Range } | null>(null);
  const [logarithmic, setLogarithmic] = useState<readonly string[]>([]);
  const smoothers = useMemo(() => new Smoothers(strength), [strength]);

  const scaled = useMemo(() => runs.map((run) => ({ ...run, scale: xScale(axis, run.state) })), [runs, axis]);
  const charted = useMemo(
    () =>
      [...new Set(scaled.flatMap(({ state }) => chartedMetrics(state)))].map((metric) => ({
        metric,
        runs: scaled.map((run) => ({ ...run, smoothing: smoothers.of(run, metric) })),
      })),
    [scaled, smoothers],
  );
  const end = Math.max(1e-9, ...scaled.map((run) => run.scale.toX(endOf(run))));
  const whole = useMemo(() => ({ min: 0, max: end }), [end]);
  const range = zoom?.axis === axis ? zoom.range : whole;
  const zoomTo = useCallback((next: Range | null) => setZoom(next && { axis, range: next }), [axis]);
  const toggle = useCallback(
    (metric: string) =>
      setLogarithmic((before) =>
        before.includes(metric) ? before.filter((other) => other !== metric) : [...before, metric],
      ),
    [],
  );
  return (
    <div className="overlay-charts">
      {charted.map(({ metric, runs }) => (
        <OverlayPlot
          key={metric}
          metric={metric}
          runs={runs}
          range={range}
          whole={whole}
          zoomed={range !== whole}
          palette={palette}
          training={training}
          validation={validation}
          emphasized={emphasized}
          hovered={hovered}
          logarithmic={!isShare(metric) && logarithmic.includes(metric)}
          onLogarithmic={isShare(metric) ? undefined : toggle}
          onHover={setHovered}
          onZoom={zoomTo}
        />
      ))}
    </div>
  );
});

/** The last step of a run, or as far as a live one is to be seen to. */
function endOf({ state, status }: ComparedRun): number {
  const last = Math.max(state.steps.step.last() || 0, state.epochs.at(-1)?.step ?? 0);
  if (!isLive(status) || state.start === null) return last;
  return horizon(last, state.start.epochs * state.start.stepsPerEpoch);
}

/** Each run's own: it reaches back a share of the run's steps. */
class Smoothers {
  private readonly known = new Map<string, Smoother>();

  constructor(private readonly strength: number) {}

  of({ id, state }: ComparedRun, metric: string): ReturnType<Smoother> {
    const reach = smoothingReach(
      this.strength,
      state.start === null ? 0 : state.start.epochs * state.start.stepsPerEpoch,
    );
    const key = `${reach} ${id}`;
    const smoother = this.known.get(key) ?? createSmoother(reach);
    this.known.set(key, smoother);
    return smoother(metric, state.steps.step, state.steps.metrics[metric]);
  }
}
