import type { RunEvent } from './events';

/** What is marked along the foot of a chart. */
export type MarkKind = Extract<RunEvent['type'], 'checkpoint' | 'learningRate' | 'earlyStop' | 'restored'>;

/** Half of a mark's width, in pixels. */
export const MARK = 3.5;

/** A run may hold thousands of checkpoints: closer than this, in pixels, one stands for those behind it. */
export const MARK_SPACE = 9;

const TRIANGLE = [
  [-1, 0.8],
  [0, -1],
  [1, 0.8],
] as const;

/**
 * A square for a checkpoint, a diamond where somebody set the learning rate, a triangle where a phase ended early or the
 * best weights were taken back: corners around the middle, in halves of a mark's width.
 */
export const MARK_SHAPES: Readonly<Record<MarkKind, readonly (readonly [number, number])[]>> = {
  checkpoint: [
    [-0.8, -0.8],
    [0.8, -0.8],
    [0.8, 0.8],
    [-0.8, 0.8],
  ],
  learningRate: [
    [0, -1.2],
    [1.2, 0],
    [0, 1.2],
    [-1.2, 0],
  ],
  earlyStop: TRIANGLE,
  restored: TRIANGLE,
};
