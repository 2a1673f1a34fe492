import { useMemo, useState } from 'react';
import type { RunExportToHost } from '../../src/protocol/runExport';
import { findBestEpoch } from './bestEpoch';
import { Chart } from './chart';
import { chartedMetrics } from './curves';
import { usePalette } from './palette';
import { horizon, type Range } from '../../src/core/run/range';
import type { RunState } from './runState';
import { isShare } from './formatNumbers';
import { smoothingReach } from './smooth';
import { createSmoother } from './smoothingMemo';
import { xScale, type XAxis } from './xAxis';

export interface ChartsProps {
  readonly run: { readonly id: string; readonly name: string };
  readonly state: RunState;
  /** Of smoothing, from 0 to 1. */
  readonly strength: number;
  readonly axis: XAxis;
  /** The metrics on a logarithmic axis. */
  readonly logarithmic: readonly string[];
  readonly onLogarithmic: (metrics: readonly string[]) => void;
  readonly post: (message: RunExportToHost) => void;
}

/** A chart a metric, with one x axis, one cursor and one zoom for them all. */
export function Charts({ run, state, strength, axis, logarithmic, onLogarithmic, post }: ChartsProps) {
  const palette = usePalette();
  const [hovered, setHovered] = useState<number | null>(null);
  const [zoom, setZoom] = useState<Range | null>(null);

  const totalSteps = state.start === null ? 0 : state.start.epochs * state.start.stepsPerEpoch;
  const reach = smoothingReach(strength, totalSteps);
  const smoother = useMemo(() => createSmoother(reach), [reach]);
  const lastStep = Math.max(state.steps.step.last() || 0, state.epochs.at(-1)?.step ?? 0);
  const end = horizon(lastStep, totalSteps);
  const whole = useMemo(() => ({ min: 0, max: end }), [end]);
  const range = zoom ?? whole;
  const scale = useMemo(() => xScale(axis, state), [axis, state]);
  const best = useMemo(() => findBestEpoch(state.epochs), [state.epochs]);

  const toggle = (metric: string) => (on: boolean) =>
    onLogarithmic(on ? [...logarithmic, metric] : logarithmic.filter((other) => other !== metric));

  return (
    <main className="charts">
      {chartedMetrics(state).map((metric) => (
        <Chart
          key={metric}
          run={run}
          metric={metric}
          state={state}
          smoothing={smoother(metric, state.steps.step, state.steps.metrics[metric])}
          range={range}
          whole={whole}
          scale={scale}
          zoomed={zoom !== null}
          best={best}
          palette={palette}
          hovered={hovered}
          logarithmic={!isShare(metric) && logarithmic.includes(metric)}
          onLogarithmic={isShare(metric) ? undefined : toggle(metric)}
          onHover={setHovered}
          onZoom={setZoom}
          post={post}
        />
      ))}
    </main>
  );
}
