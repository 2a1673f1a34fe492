import { describe, expect, it } from 'vitest';
import { ConfusionMatrix } from '../../../src/trainer/confusionMatrix';

const classes = ['a', 'b', 'c'];

describe('a confusion matrix', () => {
  it('counts by the highest score, the first of equal ones, over batches', () => {
    const labels = Int32Array.of(0, 2);
    const matrix = ConfusionMatrix.of('sparseCategoricalCrossentropy', classes, 3, labels)!;
    matrix.add(Float32Array.of(0.5, 0.5, 0, 0.1, 0.8, 0.1), labels);
    matrix.add(Float32Array.of(0, 0, 1), Int32Array.of(2));
    expect(matrix.counted).toEqual({
      classes,
      counts: [
        [1, 0, 0],
        [0, 0, 0],
        [0, 1, 1],
      ],
    });
  });

  it('takes one-hot labels for classes', () => {
    const labels = Float32Array.of(0, 1, 0);
    const matrix = ConfusionMatrix.of('categoricalCrossentropy', classes, 3, labels)!;
    matrix.add(Float32Array.of(0, 0, 1), labels);
    expect(matrix.counted.counts[1]).toEqual([0, 0, 1]);
  });

  it('of one unit says yes above one half', () => {
    const labels = Int32Array.of(0, 1, 1);
    const matrix = ConfusionMatrix.of('binaryCrossentropy', ['no', 'yes'], 1, labels)!;
    matrix.add(Float32Array.of(0.5, 0.6, 0.2), labels);
    expect(matrix.counted.counts).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it('is none of values and of labels that may hold together', () => {
    const labels = Float32Array.of(1, 1, 0);
    expect(ConfusionMatrix.of('meanSquaredError', classes, 3, labels)).toBeUndefined();
    expect(ConfusionMatrix.of('binaryCrossentropy', classes, 3, labels)).toBeUndefined();
  });
});
