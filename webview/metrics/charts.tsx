import { useMemo, useState } from 'react';
import { findBestEpoch } from './bestEpoch';
import { Chart } from './chart';
import { chartedMetrics } from './curves';
import { usePalette } from './palette';
import { horizon, type Range } from './range';
import type { RunState } from './runState';
import { smoothingReach } from './smooth';
import { createSmoother } from './smoothingMemo';

export interface ChartsProps {
  readonly state: RunState;
  /** Of smoothing, from 0 to 1. */
  readonly strength: number;
  readonly logarithmicLoss: boolean;
  readonly onLogarithmicLoss: (logarithmic: boolean) => void;
}

/** A chart a metric, with one x axis, one cursor and one zoom for them all. */
export function Charts({ state, strength, logarithmicLoss, onLogarithmicLoss }: ChartsProps) {
  const palette = usePalette();
  const [hovered, setHovered] = useState<number | null>(null);
  const [zoom, setZoom] = useState<Range | null>(null);

  const totalSteps = state.start === null ? 0 : state.start.epochs * state.start.stepsPerEpoch;
  const reach = smoothingReach(strength, totalSteps);
  const smoother = useMemo(() => createSmoother(reach), [reach]);
  const lastStep = Math.max(state.steps.step.last() || 0, state.epochs.at(-1)?.step ?? 0);
  const end = horizon(lastStep, totalSteps);
  const range = useMemo(() => zoom ?? { min: 0, max: end }, [zoom, end]);
  const best = useMemo(() => findBestEpoch(state.epochs), [state.epochs]);

  return (
    <main className="charts">
      {chartedMetrics(state).map((metric) => (
        <Chart
          key={metric}
          metric={metric}
          state={state}
          smoothing={smoother(metric, state.steps.step, state.steps.metrics[metric])}
          range={range}
          zoomed={zoom !== null}
          best={best}
          palette={palette}
          hovered={hovered}
          logarithmic={metric === 'loss' && logarithmicLoss}
          onLogarithmic={metric === 'loss' ? onLogarithmicLoss : undefined}
          onHover={setHovered}
          onZoom={setZoom}
        />
      ))}
    </main>
  );
}
