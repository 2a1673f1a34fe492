import type {
  CheckpointEvent,
  EarlyStopEvent,
  LearningRateEvent,
  RestoredEvent,
} from '../../src/core/run/events';
import type { MarkKind } from '../../src/core/run/markShapes';
import { t } from '../../src/l10n/translate';
import { spokenMetric } from './metricNames';

/** Something that happened at a step, as the charts mark it. */
export interface RunMark {
  readonly kind: MarkKind;
  readonly step: number;
  /** What happened, for the read-out. */
  readonly words: string;
}

const SAVED: Readonly<Record<CheckpointEvent['reason'], string>> = {
  epoch: t('checkpoint saved'),
  best: t('best checkpoint saved'),
  last: t('last checkpoint saved'),
  asked: t('checkpoint saved as asked'),
  time: t('checkpoint saved'),
};

export function markOf(
  event: CheckpointEvent | LearningRateEvent | EarlyStopEvent | RestoredEvent,
  step: number,
): RunMark {
  switch (event.type) {
    case 'checkpoint':
      return { kind: 'checkpoint', step, words: SAVED[event.reason] };
    case 'learningRate':
      return { kind: 'learningRate', step, words: t('learning rate {0}', event.learningRate) };
    case 'earlyStop':
      return { kind: 'earlyStop', step, words: t('no better {0} for too long', spokenMetric(event.monitor)) };
    case 'restored':
      return { kind: 'restored', step, words: t('weights of epoch {0} taken back', event.epoch) };
  }
}

/** Those up to `step`; the list itself where that is all of them. */
export function withoutLater(marks: readonly RunMark[], step: number): readonly RunMark[] {
  return (marks.at(-1)?.step ?? 0) <= step ? marks : marks.filter((mark) => mark.step <= step);
}

/** Marks in a run of the same kind, nearer than `reach` steps to `step`, the nearest of each step first. */
export function markNear(marks: readonly RunMark[], step: number, reach: number): RunMark | undefined {
  let nearest: RunMark | undefined;
  for (const mark of marks) {
    const distance = Math.abs(mark.step - step);
    if (distance <= reach && (!nearest || distance <= Math.abs(nearest.step - step))) nearest = mark;
  }
  return nearest;
}
