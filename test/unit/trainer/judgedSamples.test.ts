import { describe, expect, it } from 'vitest';
import { MOST_ROWS } from '../../../src/core/run/judgement';
import { JudgedSamples } from '../../../src/trainer/judgedSamples';

const batch = (scores: readonly number[], labels: readonly number[], units: number) => ({
  scores: Float32Array.from(scores),
  answers: Int32Array.from(labels),
  units,
  done: labels.length,
});

describe('what is kept of judged samples', () => {
  it('is the highest scores of each, in order, of equal ones the first', () => {
    const samples = new JudgedSamples(['a', 'b', 'c', 'd', 'e', 'f'], Uint32Array.of(7, 3));
    samples.add(batch([0.1, 0.3, 0.05, 0.3, 0.2, 0.05, 0, 0, 0, 0, 0, 1], [3, 5], 6));
    const { cells, rows } = samples.answers();
    expect(cells).toEqual([3, 1, 1, 5, 5, 1]);
    expect(rows).toMatchObject({ index: [7, 3], label: [3, 5], truth: [0.3, 1], depth: 5 });
    expect(rows.taken).toEqual([1, 3, 4, 0, 2, 5, 0, 1, 2, 3]);
    expect(rows.scores.slice(0, 5)).toEqual([0.3, 0.3, 0.2, 0.1, 0.05]);
  });

  it('is both classes of one unit, which is sure of the second above one half', () => {
    const samples = new JudgedSamples(['no', 'yes'], Uint32Array.of(0, 1, 2));
    samples.add(batch([0.25, 0.5, 0.75], [0, 1, 1], 1));
    const { cells, rows } = samples.answers();
    // One half is not above it.
    expect(cells).toEqual([0, 0, 1, 1, 0, 1, 1, 1, 1]);
    expect(rows.taken).toEqual([0, 1, 0, 1, 1, 0]);
    expect(rows.truth).toEqual([0.75, 0.5, 0.75]);
  });

  it('counts all, and keeps the first ones', () => {
    const many = MOST_ROWS + 3;
    const samples = new JudgedSamples(['no', 'yes'], new Uint32Array(many));
    samples.add(batch(new Array<number>(many).fill(0), new Array<number>(many).fill(1), 1));
    const { cells, rows } = samples.answers();
    expect(cells).toEqual([1, 0, many]);
    expect(rows.label).toHaveLength(MOST_ROWS);
    expect(rows.scores).toHaveLength(2 * MOST_ROWS);
  });
});
