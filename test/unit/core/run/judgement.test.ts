import { describe, expect, it } from 'vitest';
import {
  accuracyOf,
  macroMean,
  matrixOf,
  rowsIn,
  scoresOf,
  topOf,
  worstPairs,
  wrongRows,
  type JudgedRows,
} from '../../../../src/core/run/judgement';

/**
 * The example of scikit-learn's `precision_recall_fscore_support`: true classes cat, dog, pig, cat, dog, pig, taken for cat,
 * pig, dog, cat, cat, dog.
 */
const EXAMPLE = { classes: ['cat', 'dog', 'pig'], cells: [0, 0, 2, 1, 0, 1, 1, 2, 1, 2, 1, 2] };

describe('scores of classes', () => {
  it('are those of scikit-learn', () => {
    const scores = scoresOf(EXAMPLE);
    expect(scores.map(({ precision }) => precision)).toEqual([2 / 3, 0, 0]);
    expect(scores.map(({ recall }) => recall)).toEqual([1, 0, 0]);
    expect(scores.map(({ f1 }) => f1)).toEqual([0.8, 0, 0]);
    expect(scores.map(({ support }) => support)).toEqual([2, 2, 2]);
    // Its macro averages.
    expect(macroMean(scores.map(({ precision }) => precision))).toBeCloseTo(0.2222, 4);
    expect(macroMean(scores.map(({ f1 }) => f1))).toBeCloseTo(0.2667, 4);
    expect(accuracyOf(scores)).toBeCloseTo(1 / 3, 12);
  });

  it('are none where there is nothing to divide by', () => {
    const [seen, never, absent] = scoresOf({
      classes: ['seen', 'never', 'absent'],
      cells: [0, 0, 3, 1, 0, 1],
    });
    expect(seen).toMatchObject({ precision: 0.75, recall: 1 });
    // Never taken for it: no precision, though it has samples.
    expect(never).toMatchObject({ precision: null, recall: 0, f1: 0 });
    expect(absent).toMatchObject({ precision: null, recall: null, f1: null, support: 0 });
    expect(macroMean([null, null])).toBeNull();
    expect(accuracyOf([])).toBeNull();
  });
});

describe('a confusion matrix', () => {
  it('has a row for each class, a column for what it was taken for', () => {
    expect(matrixOf(EXAMPLE).map((row) => [...row])).toEqual([
      [2, 0, 0],
      [1, 0, 1],
      [0, 2, 0],
    ]);
  });

  it('names its worst pairs, the most frequent first', () => {
    expect(worstPairs(EXAMPLE.cells, 2)).toEqual([
      { label: 2, as: 1, count: 2 },
      { label: 1, as: 0, count: 1 },
    ]);
  });
});

describe('the samples of a judgement', () => {
  const rows: JudgedRows = {
    index: [4, 9, 11, 20],
    label: [0, 1, 1, 1],
    truth: [0.7, 0.4, 0.1, 0.2],
    depth: 2,
    taken: [0, 1, 0, 1, 0, 1, 0, 1],
    scores: [0.7, 0.3, 0.6, 0.4, 0.9, 0.1, 0.8, 0.2],
  };

  it('are those of a cell, the surest first', () => {
    expect(rowsIn(rows, 1, 0)).toEqual([2, 3, 1]);
    expect(rowsIn(rows, 0, 0)).toEqual([0]);
    expect(rowsIn(rows, 0, 1)).toEqual([]);
  });

  it('are those that are most confidently wrong', () => {
    expect(wrongRows(rows)).toEqual([2, 3, 1]);
    expect(topOf(rows, 2)).toEqual([
      { label: 0, score: 0.9 },
      { label: 1, score: 0.1 },
    ]);
  });
});
