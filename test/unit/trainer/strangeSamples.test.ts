import { describe, expect, it } from 'vitest';
import { describeStrange } from '../../../src/trainer/diagnosis/strangeSamples';

const classes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const inputs = (...values: number[]) => [
  { data: Float32Array.from(values.flatMap((value) => [1, value])), shape: [values.length, 2] },
];

describe('samples that hold what is no number', () => {
  it('are counted, and their classes named', () => {
    const batch = { inputs: inputs(0, NaN, 2, -Infinity), labels: Int32Array.of(0, 2, 1, 2) };
    expect(describeStrange(batch, classes)).toBe(' (2 of 4 in the batch, of the class "c")');
  });

  it('may be of many classes, or of none', () => {
    const values = Array.from({ length: 7 }, () => NaN);
    const labels = Int32Array.from(values.keys());
    expect(describeStrange({ inputs: inputs(...values), labels }, classes)).toBe(
      ' (7 of 7 in the batch, of the classes "a", "b", "c", "d", "e" and 2 more)',
    );
    const targets = Float32Array.from(labels);
    expect(describeStrange({ inputs: inputs(...values), labels: targets }, [])).toBe(
      ' (7 of 7 in the batch)',
    );
  });

  it('are none where all are numbers', () => {
    expect(describeStrange({ inputs: inputs(1, 2), labels: Int32Array.of(0, 1) }, classes)).toBe('');
  });
});
