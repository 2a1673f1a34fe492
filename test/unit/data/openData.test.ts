import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatNpy, writeNpy } from '../../../src/data/npy';
import { openData } from '../../../src/data/openData';
import { temporaryFolder } from '../../support/temporary';
import { plainPng, writeFiles } from '../../support/images';

const model = { input: [2, 2, 1], inputLayer: 'pixels', units: 2, outputLayer: 'scores' };

async function images(...classes: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  const image = await plainPng(2, 2, 7);
  for (const name of classes) {
    for (let index = 0; index < 5; index++) await writeFiles(folder, { [`${name}/${index}.png`]: image });
  }
  return folder;
}

describe('images', () => {
  const data = { kind: 'images', validation: 0.2, preprocess: 'none' } as const;

  it('are parted by class', async () => {
    const { classes, train, validation } = await openData(
      { ...data, train: await images('a', 'b') },
      model,
      42,
    );
    expect([classes, train.indices.length, validation.indices.length]).toEqual([['a', 'b'], 8, 2]);
    expect([...validation.indices].map((index) => validation.dataset.labels[index])).toEqual([0, 1]);
  });

  it('may have a folder of their own for validation, with the same classes', async () => {
    const train = await images('a', 'b');
    const opened = await openData({ ...data, train, validation: await images('a', 'b') }, model, 42);
    expect([opened.train.indices.length, opened.validation.indices.length]).toEqual([10, 10]);
    await expect(openData({ ...data, train, validation: await images('a', 'c') }, model, 42)).rejects.toThrow(
      /found the class "c" as number 1, expected "b"/,
    );
  });

  it('are refused before they are decoded where the classes do not fit', async () => {
    const train = await images('a', 'b', 'c');
    await expect(openData({ ...data, train }, model, 42)).rejects.toMatchObject({ code: 'CLASSES_MISMATCH' });
  });

  it('are refused where one of them does not decode', async () => {
    const train = await images('a', 'b');
    await writeFile(path.join(train, 'a', 'broken.png'), 'no image');
    await expect(openData({ ...data, train }, model, 42)).rejects.toMatchObject({
      code: 'IMAGE_DECODE',
      path: path.join(train, 'a', 'broken.png'),
    });
  });
});

describe('arrays', () => {
  async function arrays(
    xShape: readonly number[],
    y: readonly number[],
    yShape: readonly number[] = [y.length],
  ) {
    const folder = await temporaryFolder();
    const count = xShape.reduce((product, axis) => product * axis, 1);
    const [xFile, yFile] = [path.join(folder, 'x.npy'), path.join(folder, 'y.npy')];
    await writeNpy(
      xFile,
      xShape,
      Float32Array.from({ length: count }, (_, index) => index),
    );
    await writeFile(yFile, formatNpy(yShape, Float32Array.from(y)));
    return { kind: 'arrays', x: xFile, y: yFile, validation: 0 } as const;
  }

  it('are fed as they are, row by row', async () => {
    const { classes, train, validation } = await openData(
      await arrays([3, 2, 2, 1], [1, 0, 1], [3, 1]),
      model,
      42,
    );
    const into = new Float32Array(8);
    await train.dataset.fill(Uint32Array.of(2, 0), into);
    expect([...into]).toEqual([8, 9, 10, 11, 0, 1, 2, 3]);
    expect([...train.dataset.labels]).toEqual([1, 0, 1]);
    expect([classes, [...train.indices], validation.indices.length]).toEqual([['0', '1'], [0, 1, 2], 0]);
  });

  it.each<[string, readonly number[], readonly number[], string]>([
    ['rows of another shape', [2, 4], [0, 1], 'INPUT_SHAPE'],
    ['fewer labels than rows', [3, 2, 2, 1], [0, 1], 'ARRAY_LABELS'],
    ['a label without a unit', [2, 2, 2, 1], [0, 2], 'CLASSES_MISMATCH'],
    ['a label that is no whole number', [2, 2, 2, 1], [0, 0.5], 'ARRAY_LABELS'],
    ['a label below zero', [2, 2, 2, 1], [0, -1], 'ARRAY_LABELS'],
    ['no rows', [0, 2, 2, 1], [], 'ARRAY_SHAPE'],
  ])('are refused with %s', async (_, xShape, y, code) => {
    await expect(openData(await arrays(xShape, y), model, 42)).rejects.toMatchObject({ kind: 'input', code });
  });
});
