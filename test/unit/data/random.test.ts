import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/data/random';
import { shuffled } from '../../../src/data/shuffle';
import { stratifiedSplit } from '../../../src/data/split';

const indices = (count: number) => Uint32Array.from({ length: count }, (_, index) => index);

describe('seeded randomness', () => {
  it('is the same on every machine', () => {
    const random = seededRandom(42, 1);
    expect([random(), random(), random()]).toMatchInlineSnapshot(`
      [
        0.826177483657375,
        0.7424158367794007,
        0.018364247167482972,
      ]
    `);
  });

  it('is another for another seed or epoch, also where their sums agree', () => {
    const orders = [
      [42, 1],
      [43, 1],
      [42, 2],
      [43, 0],
    ].map((seeds) => shuffled(indices(20), seededRandom(...seeds)).join());
    expect(new Set(orders).size).toBe(4);
  });

  it('fills [0, 1) evenly', () => {
    const random = seededRandom(7);
    const bins = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw++) bins[Math.floor(random() * 10)]! += 1;
    for (const bin of bins) expect(Math.abs(bin - 1000)).toBeLessThan(150);
  });
});

describe('shuffling', () => {
  it('keeps every index once and leaves its argument alone', () => {
    const order = indices(100);
    const mixed = shuffled(order, seededRandom(1));
    expect(mixed).not.toEqual(order);
    expect(mixed.slice().sort()).toEqual(order);
    expect(order).toEqual(indices(100));
  });
});

describe('the stratified split', () => {
  const labels = Int32Array.from([
    ...new Array<number>(50).fill(0),
    ...new Array<number>(10).fill(1),
    2,
    2,
    3,
  ]);

  it('takes the same share of each class, and parts every sample', () => {
    const { train, validation } = stratifiedSplit(labels, 0.2, 42);
    const count = (part: Uint32Array, label: number) =>
      part.filter((index) => labels[index] === label).length;
    expect([0, 1, 2, 3].map((label) => count(validation, label))).toEqual([10, 2, 1, 0]);
    expect(Uint32Array.from([...train, ...validation]).sort()).toEqual(indices(labels.length));
  });

  it('is decided by the seed and in the order of the data', () => {
    const first = stratifiedSplit(labels, 0.2, 42);
    expect(stratifiedSplit(labels, 0.2, 42)).toEqual(first);
    expect(stratifiedSplit(labels, 0.2, 43)).not.toEqual(first);
    expect(first.train.slice().sort()).toEqual(first.train);
  });

  it('keeps everything for training where the share is zero', () => {
    const { train, validation } = stratifiedSplit(labels, 0, 42);
    expect(train).toEqual(indices(labels.length));
    expect(validation).toHaveLength(0);
  });
});
