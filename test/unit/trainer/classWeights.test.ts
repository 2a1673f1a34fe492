import { describe, expect, it } from 'vitest';
import type { Part } from '../../../src/data/openData';
import { classWeightsOf } from '../../../src/trainer/classWeights';

/** The last sample is held out. */
const part = {
  dataset: { labels: Int32Array.of(0, 0, 0, 1, 1, 3, 1) },
  indices: Uint32Array.of(0, 1, 2, 3, 4, 5),
} as unknown as Part;
const classes = ['daisy', 'rose', 'tulip', 'violet'];

describe('weights of classes', () => {
  it('are balanced by the training samples, as by scikit-learn', () => {
    expect(classWeightsOf('balanced', classes, part)).toEqual([6 / 12, 6 / 8, 1, 6 / 4]);
  });

  it('are one where a plan names none', () => {
    expect(classWeightsOf({ rose: 3 }, classes, part)).toEqual([1, 3, 1, 1]);
    expect(classWeightsOf(undefined, classes, part)).toBeUndefined();
  });

  it('are refused for a class that the data does not have', () => {
    expect(() => classWeightsOf({ rsoe: 3 }, classes, part)).toThrow(
      'classWeights: found the class "rsoe", expected one of the data\'s 4: "rose"',
    );
  });
});
