import { rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Part, TrainingData } from '../../../src/data/openData';
import { cifarRecord, idx } from '../../support/imageFiles';
import { npz } from '../../support/npz';
import { augmentSchema, dataSchema } from '../../../src/core/plan/trainingData';
import { formatNpy, writeNpy } from '../../../src/data/npy';
import type { Classifier } from '../../../src/data/match';
import { openData } from '../../../src/data/openData';
import { temporaryFolder } from '../../support/temporary';
import { plainPng, writeFiles } from '../../support/images';

const model: Classifier = {
  input: [2, 2, 1],
  inputLayer: 'pixels',
  units: 2,
  loss: 'sparseCategoricalCrossentropy',
  classes: 2,
  outputLayer: 'scores',
};

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

/** The numbers of a part's samples, in its order. */
async function numbersOf({ dataset, indices }: Part): Promise<readonly number[]> {
  const into = new Float32Array(indices.length * dataset.shape.reduce((product, axis) => product * axis, 1));
  await dataset.fill(indices, into);
  return [...into];
}

describe('one .npz', () => {
  const file = async (names: Readonly<Record<string, Uint8Array>>) => {
    const at = path.join(await temporaryFolder(), 'data.npz');
    await npz(at, names);
    return at;
  };
  const x = formatNpy([2, 2, 2, 1], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  const y = formatNpy([2], Float32Array.of(1, 0));

  it('holds samples and labels, and those of the validation', async () => {
    const both = { x_train: x, y_train: y, x_test: x, y_test: y };
    const data = { kind: 'arrays', x: await file(both), validation: 'test' } as const;
    const { train, validation } = await openData(data, model, 42);
    expect(await numbersOf(train)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...validation.dataset.labels]).toEqual([1, 0]);
  });

  it('is refused by the names it lacks', async () => {
    const data = { kind: 'arrays', x: await file({ a: x, b: y }), validation: 0 } as const;
    await expect(openData(data, model, 42)).rejects.toMatchObject({
      code: 'NPZ_NAMES',
      message: expect.stringContaining('found the arrays a, b, expected x and y') as string,
    });
  });
});

describe('a table', () => {
  it('names files beside it, its validation the same classes', async () => {
    const folder = await images('cat', 'dog');
    const rows = ['cat/0.png,b', 'dog/0.png,a', 'dog/1.png,a'];
    await writeFiles(folder, {
      'train.csv': ['path,label', ...rows].join('\n'),
      'held.csv': 'path,label\ncat/2.png,b',
      'strange.csv': 'path,label\ncat/2.png,c',
      'gone.csv': 'path,label\ncat/2.png,a\ncat/9.png,b',
    });
    const open = (train: string, validation: string | number) =>
      openData(dataSchema.parse({ kind: 'table', train: path.join(folder, train), validation }), model, 42);
    const { classes, train, validation } = await open('train.csv', path.join(folder, 'held.csv'));
    expect([classes, [...train.dataset.labels], [...validation.dataset.labels]]).toEqual([
      ['a', 'b'],
      [1, 0, 0],
      [1],
    ]);
    expect(await numbersOf(train)).toEqual(new Array<number>(12).fill(7));
    await expect(open('train.csv', path.join(folder, 'strange.csv'))).rejects.toThrow('found the class "c"');
    await expect(open('gone.csv', 0)).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      path: path.join(folder, 'cat', '9.png'),
    });
    await expect(open('held.csv', 0)).rejects.toMatchObject({ code: 'DATA_CLASSES' });
  });
});

describe('bare pixels', () => {
  it('of MNIST are stretched and preprocessed as files are', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      images: idx(
        [2, 4, 4],
        Array.from({ length: 32 }, (_, index) => (index < 16 ? 51 : 255)),
      ),
      labels: idx([2], [1, 0]),
      wrong: idx([2], [0, 2]),
    });
    const data = (labels: string) =>
      dataSchema.parse({
        ...{ kind: 'idx', images: path.join(folder, 'images'), labels: path.join(folder, labels) },
        ...{ validation: 0, preprocess: 'unit' },
      });
    const { classes, train } = await openData(data('labels'), model, 42);
    expect(classes).toEqual(['0', '1']);
    expect(await numbersOf(train)).toEqual([
      ...new Array<number>(4).fill(Math.fround(0.2)),
      ...new Array<number>(4).fill(1),
    ]);
    await expect(openData(data('wrong'), model, 42)).rejects.toMatchObject({ code: 'CLASSES_MISMATCH' });
  });

  it('of CIFAR have the test batch for validation', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'data_batch_1.bin': Buffer.concat([cifarRecord([3], [9, 9, 9]), cifarRecord([1], [10, 20, 30])]),
      'test_batch.bin': cifarRecord([7], [1, 2, 3]),
    });
    const ten = { ...model, input: [64, 32, 3], units: 10, classes: 10 };
    const { train, validation } = await openData(dataSchema.parse({ kind: 'cifar', train: folder }), ten, 42);
    expect([[...train.dataset.labels], [...validation.dataset.labels]]).toEqual([[3, 1], [7]]);
    const numbers = await numbersOf(train);
    expect([numbers.length, ...numbers.slice(-3)]).toEqual([2 * 64 * 32 * 3, 10, 20, 30]);
  });
});

describe('augmentation', () => {
  const augment = augmentSchema.parse({ brightness: 0.5 });
  const open = async (changes: Partial<typeof augment> = {}, seed = 42, folder?: string) =>
    openData(
      dataSchema.parse({
        ...{ kind: 'images', train: folder ?? (await images('a', 'b')), augment: { ...augment, ...changes } },
      }),
      model,
      seed,
    );

  it('is of the training images alone, new in each epoch', async () => {
    const data = await open();
    const [first, second] = [await numbersOf(data.trainAt(1)), await numbersOf(data.trainAt(2))];
    expect(new Set(first).size).toBeGreaterThan(4);
    expect(second).not.toEqual(first);
    expect(new Set(await numbersOf(data.validation))).toEqual(new Set([7]));
    expect([data.repeats, data.train.indices.length]).toEqual([false, 8]);
  });

  it('is the same for the same seed, epoch and sample, in any order', async () => {
    const folder = await images('a', 'b');
    const [one, other] = [await open({}, 42, folder), await open({}, 42, folder)];
    const { dataset, indices } = one.trainAt(3);
    const backwards = { dataset, indices: indices.slice().reverse() };
    const expected = await numbersOf(other.trainAt(3));
    const turned = await numbersOf(backwards);
    for (let sample = 0; sample < 8; sample++) {
      expect(turned.slice(4 * (7 - sample), 4 * (8 - sample))).toEqual(
        expected.slice(4 * sample, 4 * (sample + 1)),
      );
    }
    expect(await numbersOf((await open({}, 43, folder)).trainAt(3))).not.toEqual(expected);
  });

  it('makes so many copies as are asked for, which epochs show in turn', async () => {
    const data = await open({ copies: 2 });
    const epochs = await Promise.all([1, 2, 3].map((epoch) => numbersOf(data.trainAt(epoch))));
    expect(epochs[2]).toEqual(epochs[0]);
    expect(epochs[1]).not.toEqual(epochs[0]);
    const [first, second] = [data.trainAt(1), data.trainAt(2)];
    expect(second.dataset).toBe(first.dataset);
    expect([data.repeats, first.dataset.samples, first.indices.length]).toEqual([true, 20, 8]);
    const labels = ({ dataset, indices }: Part) => Array.from(indices, (index) => dataset.labels[index]);
    expect(labels(second)).toEqual(labels(first));
  });
});

describe('what people should know', () => {
  const codes = ({ notes }: TrainingData) => notes.map(({ code }) => code);
  const noisy = (value: number) => plainPng(2, 2, value);

  async function classes(counts: Readonly<Record<string, number>>): Promise<string> {
    const folder = await temporaryFolder();
    let value = 0;
    for (const [name, count] of Object.entries(counts)) {
      for (let index = 0; index < count; index++) {
        await writeFiles(folder, { [`${name}/${index}.png`]: await noisy(value++) });
      }
    }
    return folder;
  }
  const open = (train: string, validation: string | number) =>
    openData(dataSchema.parse({ kind: 'images', train, validation }), model, 42);

  it('is nothing where classes are alike and splits apart', async () => {
    expect(codes(await open(await classes({ a: 6, b: 6 }), 0))).toEqual([]);
  });

  it('is that a class has next to no samples, and that another has many times as many', async () => {
    const { notes } = await open(await classes({ rare: 2, usual: 10 }), 0);
    expect(notes).toEqual([
      {
        code: 'CLASS_NEARLY_EMPTY',
        message: 'fewer than 5 training samples in 1 of 2 classes: "rare" (2); add samples',
      },
      {
        code: 'CLASS_IMBALANCE',
        message: expect.stringContaining('"usual" has 10 training samples') as string,
      },
    ]);
  });

  it('is that images are in both splits, by their content', async () => {
    const [train, held] = [await classes({ a: 6, b: 6 }), await temporaryFolder()];
    await writeFiles(held, {
      'a/copy.png': await noisy(3),
      'a/other.png': await noisy(200),
      'b/new.png': await noisy(201),
    });
    const { notes } = await open(train, held);
    expect(notes.map(({ code }) => code)).toEqual(['DATA_IN_BOTH_SPLITS']);
    expect(notes[0]?.message).toContain(
      '1 of 3 validation images is in the training data too (a/copy.png is a/3.png)',
    );
  });

  it('is that copies within one folder were parted', async () => {
    const folder = await classes({ a: 10, b: 6 });
    for (let copy = 0; copy < 6; copy++) await writeFiles(folder, { [`b/copy${copy}.png`]: await noisy(0) });
    expect(codes(await open(folder, 0.5))).toEqual(['DATA_IN_BOTH_SPLITS']);
  });
});

describe('the fingerprint of data', () => {
  it('is another one when a file has changed, in the training or in the validation', async () => {
    const [train, held] = [await images('a', 'b'), await images('a', 'b')];
    const data = await openData(dataSchema.parse({ kind: 'images', train, validation: held }), model, 42);
    const before = await data.fingerprint();
    expect(await data.fingerprint()).toBe(before);
    await utimes(path.join(held, 'a', '0.png'), 1, 1);
    const touched = await data.fingerprint();
    expect(touched).not.toBe(before);
    await rm(path.join(train, 'b', '1.png'));
    expect(await data.fingerprint()).not.toBe(touched);
  });
});
