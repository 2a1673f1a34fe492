import { WHOLE_INCREMENTS } from '../../src/core/run/ticks';
import { formatSteps } from '../../src/core/run/axisLabels';
import { t } from '../../src/l10n/translate';
import { formatCount, formatDuration } from './formatNumbers';
import type { RunState } from './runState';

/** What the charts run along. Zoom, cursor and marks are kept in steps; this is how they are drawn. */
export type XAxis = 'step' | 'epoch' | 'time';

export const AXES: readonly XAxis[] = ['step', 'epoch', 'time'];
export const AXIS_WORD: Readonly<Record<XAxis, string>> = {
  step: t('Step'),
  epoch: t('Epoch'),
  time: t('Time'),
};

/** From steps to places on the axis and back; both ascend. */
export interface XScale {
  readonly axis: XAxis;
  toX(step: number): number;
  toStep(x: number): number;
  /** Of a grid line. */
  format(x: number): string;
  /** The distances that grid lines may have. */
  readonly increments: readonly number[];
}

/** Seconds, as clocks divide them. */
const SECONDS = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12].map((hours) => hours * 3600),
  ...[1, 2, 5, 10, 20, 50].map((days) => days * 86_400),
];

export function xScale(axis: XAxis, state: RunState): XScale {
  if (axis === 'time') return timeScale(state);
  const stepsPerEpoch = (axis === 'epoch' && state.start?.stepsPerEpoch) || 1;
  return {
    axis,
    toX: (step) => step / stepsPerEpoch,
    toStep: (x) => x * stepsPerEpoch,
    format: formatSteps,
    increments: WHOLE_INCREMENTS,
  };
}

/**
 * Seconds since the start, pauses and all: between two steps in a straight line, beyond the last at the mean pace so
 * far, so that what is still to come has its place.
 */
function timeScale({ start, steps }: RunState): XScale {
  const { step: stepColumn, time } = steps;
  const last = stepColumn.length - 1;
  const origin = start?.time ?? time.at(0);
  // A clock may have been set back between the two.
  const secondsAt = (index: number) => Math.max(0, time.at(index) - origin) / 1000;
  const lastSeconds = last < 0 ? 0 : secondsAt(last);
  const pace = last < 0 || lastSeconds <= 0 ? 1 : lastSeconds / stepColumn.at(last);
  return {
    axis: 'time',
    toX: (step) => {
      if (last < 0) return step;
      if (step >= stepColumn.at(last)) return lastSeconds + (step - stepColumn.at(last)) * pace;
      const above = stepColumn.lowerBound(step);
      const [fromStep, from] = above === 0 ? [0, 0] : [stepColumn.at(above - 1), secondsAt(above - 1)];
      return between(step, fromStep, stepColumn.at(above), from, secondsAt(above));
    },
    toStep: (x) => {
      if (last < 0) return x;
      if (x >= lastSeconds) return stepColumn.at(last) + (x - lastSeconds) / pace;
      const above = time.lowerBound(origin + x * 1000);
      const [from, fromStep] = above === 0 ? [0, 0] : [secondsAt(above - 1), stepColumn.at(above - 1)];
      return between(x, from, secondsAt(above), fromStep, stepColumn.at(above));
    },
    format: formatSeconds,
    increments: SECONDS,
  };
}

function between(value: number, from: number, to: number, start: number, end: number): number {
  return to > from ? start + ((value - from) / (to - from)) * (end - start) : end;
}

function formatSeconds(seconds: number): string {
  if (seconds === 0) return t('{0}s', 0);
  return seconds < 1 ? t('{0}s', Number(seconds.toPrecision(2))) : formatDuration(seconds);
}

/** Where a step is, in words: `step 1,200 · epoch 3`, and the time on an axis of time. */
export function whereIs(scale: XScale, step: number, epoch: number): string {
  const words = t('step {0} · epoch {1}', formatCount(step), formatCount(epoch));
  return scale.axis === 'time' ? `${formatDuration(scale.toX(step))} · ${words}` : words;
}
