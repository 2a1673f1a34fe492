import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { withDataPaths } from '../../../../src/core/plan/dataPaths';
import { checkPlan } from '../../../../src/core/plan/parsePlan';
import { dataSchema } from '../../../../src/core/plan/trainingData';

const plan = (data: object, version = 1) => ({
  ...{ version, model: 'm.h5', data },
  phases: [{ epochs: 1, optimizer: { kind: 'sgd' } }],
});

describe("a plan's data", () => {
  it.each<[object]>([
    [{ kind: 'images', train: 'a', augment: { flip: 'both', rotate: 0.1, zoom: 0.1 } }],
    [
      {
        kind: 'table',
        train: 'a.csv',
        validation: 'b.csv',
        delimiter: '\t',
        header: false,
        columns: [1, 'y'],
      },
    ],
    [{ kind: 'idx', images: 'x.gz', labels: 'y.gz', validation: { images: 'v', labels: 'w' } }],
    [{ kind: 'cifar', train: 'folder', labels: 'coarse' }],
    [{ kind: 'arrays', x: 'all.npz', validation: 'test' }],
  ])('%j', (data) => {
    expect(checkPlan(plan(data)).findings).toBeUndefined();
  });

  it.each<[object, string]>([
    [
      { kind: 'images', train: 'a', augment: { rotate: 2 } },
      'data.augment.rotate: found 2, expected a number not above 1',
    ],
    [
      { kind: 'images', train: 'a', augment: { copies: 0 } },
      'data.augment.copies: found 0, expected a number not below 1',
    ],
    [{ kind: 'images', train: 'a', augment: { spin: 1 } }, 'data.augment.spin: no such field'],
    [
      { kind: 'table', train: 'a.csv', delimiter: '::' },
      'data.delimiter: found "::", expected at most 1 character',
    ],
    [{ kind: 'arrays', x: 'x.npy', y: 'y.npy', augment: {} }, 'data.augment: no such field'],
    [{ kind: 'idx', images: 'x' }, 'data.labels: is missing, expected text in quotes'],
  ])('%j is refused', (data, finding) => {
    expect(checkPlan(plan(data, 2)).findings).toEqual([expect.stringContaining(finding)]);
  });

  test('has words that version 1 of plans has not', () => {
    const augment = { flip: 'vertical', shift: 0.1, copies: 3 };
    expect(checkPlan(plan({ kind: 'images', train: 'a', augment })).findings).toEqual([
      'data.augment.shift: found 0.1, expected it in a plan of "version": 2 only',
      'data.augment.copies: found 3, expected it in a plan of "version": 2 only',
    ]);
    expect(checkPlan(plan({ kind: 'images', train: 'a', augment }, 2)).findings).toBeUndefined();
  });

  it.each<[object, object]>([
    [
      { kind: 'table', train: 'a', validation: 'b' },
      { train: '/d/a', validation: '/d/b' },
    ],
    [
      { kind: 'images', train: 'a', validation: 0.5 },
      { train: '/d/a', validation: 0.5 },
    ],
    [
      { kind: 'cifar', train: 'a' },
      { train: '/d/a', validation: 'test' },
    ],
    [
      { kind: 'idx', images: 'a', labels: 'b', validation: { images: 'c', labels: 'd' } },
      { images: '/d/a', labels: '/d/b', validation: { images: '/d/c', labels: '/d/d' } },
    ],
    [
      { kind: 'arrays', x: 'a', validation: 'test' },
      { x: '/d/a', validation: 'test' },
    ],
    [
      { kind: 'arrays', x: 'a', y: 'b', validation: { x: 'c', y: 'd' } },
      { x: '/d/a', y: '/d/b', validation: { x: '/d/c', y: '/d/d' } },
    ],
  ])('%j has its paths changed and nothing else', (written, expected) => {
    const data = dataSchema.parse(written);
    expect(withDataPaths(data, (file) => path.posix.join('/d', file))).toEqual({ ...data, ...expected });
  });
});
