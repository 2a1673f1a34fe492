import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Loss } from '../../../src/core/plan/plan';
import { dataSchema } from '../../../src/core/plan/trainingData';
import { batches } from '../../../src/data/batches';
import type { Classifier } from '../../../src/data/match';
import { writeNpy } from '../../../src/data/npy';
import { openData } from '../../../src/data/openData';
import { temporaryFolder } from '../../support/temporary';

const ROWS = 6;

const model = (loss: Loss, units: number): Classifier => ({
  input: [2],
  inputLayer: 'x',
  units,
  loss,
  classes: units === 1 && !/categorical/i.test(loss) ? 2 : units,
  outputLayer: 'y',
});

async function open(of: Classifier, shape: readonly number[], y: readonly number[]) {
  const folder = await temporaryFolder();
  const [xPath, yPath] = [path.join(folder, 'x.npy'), path.join(folder, 'y.npy')];
  await writeNpy(xPath, [ROWS, 2], new Float32Array(ROWS * 2));
  await writeNpy(yPath, shape, Float32Array.from(y));
  return openData(dataSchema.parse({ kind: 'arrays', x: xPath, y: yPath }), of, 1);
}

async function firstLabels(...given: Parameters<typeof open>) {
  const { classes, train } = await open(...given);
  for await (const { labels } of batches(train.dataset, train.indices, 4)) {
    return { classes, labels, classOf: [...train.dataset.labels] };
  }
  throw new Error('no batch');
}

describe('labels of arrays', () => {
  it('are classes for a categorical loss', async () => {
    for (const loss of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'] as const) {
      const { classes, labels } = await firstLabels(model(loss, 3), [ROWS, 1], [0, 1, 2, 2, 1, 0]);
      expect(classes).toEqual(['0', '1', '2']);
      expect(labels).toEqual(Int32Array.of(0, 1, 2, 2));
    }
  });

  it('are one number a unit, each row with the class that it speaks for', async () => {
    const oneHot = [0, 1, 2, 2, 1, 0].flatMap((label) => [0, 1, 2].map((unit) => Number(unit === label)));
    const found = await firstLabels(model('categoricalCrossentropy', 3), [ROWS, 3], oneHot);
    expect(found.labels).toEqual(Float32Array.from(oneHot.slice(0, 12)));
    expect(found.classOf).toEqual([0, 1, 2, 2, 1, 0]);
  });

  it('are yes or no for one unit', async () => {
    const found = await firstLabels(model('binaryCrossentropy', 1), [ROWS], [0, 1, 1, 0, 1, 0]);
    expect(found).toEqual({
      classes: ['0', '1'],
      labels: Float32Array.of(0, 1, 1, 0),
      classOf: [0, 1, 1, 0, 1, 0],
    });
  });

  it('are values of no class for a regression', async () => {
    const y = [0.5, -3, 7.25, 1e6, 0, 2];
    const found = await firstLabels(model('meanSquaredError', 1), [ROWS, 1], y);
    expect(found).toEqual({
      classes: [],
      labels: Float32Array.from(y.slice(0, 4)),
      classOf: [0, 0, 0, 0, 0, 0],
    });
  });

  it.each<[Loss, number, readonly number[], readonly number[], RegExp]>([
    [
      'sparseCategoricalCrossentropy',
      3,
      [ROWS, 3],
      new Array<number>(18).fill(0),
      /found shape \(6, 3\), expected \(6,\): one label for each row .*; one label a column is for categoricalCrossentropy/,
    ],
    [
      'binaryCrossentropy',
      3,
      [ROWS],
      [0, 1, 0, 1, 0, 1],
      /found shape \(6\), expected \(6, 3\): for binaryCrossentropy, one number for each of the model's 3 outputs/,
    ],
    ['huber', 2, [ROWS, 3], new Array<number>(18).fill(0), /found shape \(6, 3\), expected \(6, 2\)/],
    ['binaryCrossentropy', 1, [ROWS], [0, 1, 2, 1, 0, 1], /found 2 in row 2, expected 0 to 1/],
    ['meanAbsoluteError', 1, [ROWS], [0, 1, NaN, 1, 0, 1], /found NaN in row 2, expected a number/],
    ['categoricalCrossentropy', 3, [ROWS], [0, 1, 5, 1, 0, 1], /found 6 classes/],
    ['sparseCategoricalCrossentropy', 3, [ROWS], [0, 1, 0.5, 1, 0, 1], /found the label 0.5 in row 2/],
  ])('for %s and %i units are refused: %j', async (loss, units, shape, y, message) => {
    await expect(open(model(loss, units), shape, y)).rejects.toThrow(message);
  });
});
