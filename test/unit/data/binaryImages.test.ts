import { rm } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCifar } from '../../../src/data/cifar';
import { readIdxImages, readIdxLabels } from '../../../src/data/idx';
import { temporaryFolder } from '../../support/temporary';
import { cifarRecord, idx } from '../../support/imageFiles';
import { writeFiles } from '../../support/images';

async function written(content: Uint8Array | string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { file: content });
  return path.join(folder, 'file');
}

describe('files of MNIST', () => {
  const two = idx([2, 1, 3], [1, 2, 3, 4, 5, 6]);

  it.each([
    ['plain', two],
    ['packed', gzipSync(two)],
  ])('hold images, %s', async (_, bytes) => {
    expect(await readIdxImages(await written(bytes))).toMatchObject({
      count: 2,
      layout: { height: 1, width: 3, channels: 1 },
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
  });

  it('hold labels', async () => {
    expect(await readIdxLabels(await written(idx([3], [0, 9, 4])), 3)).toEqual(Int32Array.of(0, 9, 4));
    await expect(readIdxLabels(await written(idx([3], [0, 9, 4])), 2)).rejects.toMatchObject({
      code: 'IDX_LABELS',
    });
  });

  it.each<[string, Uint8Array | string, string, string]>([
    ['text', 'hello', 'IDX_MAGIC', 'found 5 bytes that begin with 68 65 6c 6c'],
    ['nothing', '', 'IDX_MAGIC', 'found 0 bytes that begin with nothing'],
    ['floats', idx([1, 1, 1], [0, 0, 0, 0], 0x0d), 'IDX_TYPE', 'found numbers of type 13'],
    [
      'fewer pixels than it says',
      idx([2, 1, 3], [1, 2, 3]),
      'IDX_SIZE',
      'found 3 bytes after the header, expected 6',
    ],
    [
      'a size that overflows',
      idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]),
      'IDX_SIZE',
      'expected Infinity',
    ],
    ['labels for images', idx([3], [1, 2, 3]), 'IDX_SHAPE', 'found shape (3), expected images'],
    ['no images', idx([0, 1, 3], []), 'IDX_SHAPE', 'found shape (0, 1, 3)'],
    [
      'a packed file that is cut off',
      gzipSync(two).subarray(0, 20),
      'DATA_GZIP',
      'a gzip file that does not unpack',
    ],
  ])('are refused with %s', async (_, bytes, code, message) => {
    await expect(readIdxImages(await written(bytes))).rejects.toMatchObject({
      kind: 'input',
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('CIFAR', () => {
  const cifar10 = () => ({
    'data_batch_1.bin': Buffer.concat([cifarRecord([3], [1, 2, 3]), cifarRecord([0], [4, 5, 6])]),
    'data_batch_2.bin': cifarRecord([9], [7, 8, 9]),
    'data_batch_10.bin': cifarRecord([1], [10, 11, 12]),
    'test_batch.bin': cifarRecord([2], [0, 0, 0]),
  });
  async function folderOf(files: Readonly<Record<string, Uint8Array | string>>) {
    const folder = await temporaryFolder();
    await writeFiles(folder, files);
    return folder;
  }

  it('-10 has its batches in the order of their numbers, its pixels by colour', async () => {
    const folder = await folderOf(cifar10());
    const { files, classes, labels, pixels } = await readCifar(folder, 'train', 'fine');
    expect(files.map((file) => path.basename(file))).toEqual([
      'data_batch_1.bin',
      'data_batch_2.bin',
      'data_batch_10.bin',
    ]);
    expect([classes.join(), ...labels]).toEqual(['0,1,2,3,4,5,6,7,8,9', 3, 0, 9, 1]);
    expect(pixels.length).toBe(4 * 3072);
    expect([...pixels.subarray(3072, 3078)]).toEqual([4, 5, 6, 4, 5, 6]);
    expect([...(await readCifar(folder, 'test', 'fine')).labels]).toEqual([2]);
  });

  it('-100 has two labels, with names where they are there', async () => {
    const names = Array.from({ length: 100 }, (_, index) => `kind ${index}`);
    const folder = await folderOf({
      'train.bin': cifarRecord([4, 77], [1, 2, 3]),
      'test.bin': cifarRecord([5, 8], [1, 2, 3]),
      'fine_label_names.txt': `${names.join('\n')}\n`,
    });
    expect(await readCifar(folder, 'train', 'fine')).toMatchObject({
      classes: names,
      labels: Int32Array.of(77),
    });
    const coarse = await readCifar(folder, 'test', 'coarse');
    expect([coarse.classes.length, ...coarse.labels]).toEqual([20, 5]);
  });

  it.each<[string, Readonly<Record<string, Uint8Array | string>>, string]>([
    ['nothing of it', { 'notes.txt': 'x' }, 'CIFAR_FILES'],
    [
      'a batch that is cut off',
      { ...cifar10(), 'data_batch_2.bin': cifarRecord([9], [1, 2, 3]).subarray(1) },
      'CIFAR_SIZE',
    ],
    ['an empty batch', { ...cifar10(), 'data_batch_2.bin': '' }, 'CIFAR_SIZE'],
    [
      'a label that there is not',
      { ...cifar10(), 'data_batch_2.bin': cifarRecord([10], [1, 2, 3]) },
      'CIFAR_LABELS',
    ],
  ])('is refused with %s', async (_, files, code) => {
    await expect(readCifar(await folderOf(files), 'train', 'fine')).rejects.toMatchObject({
      kind: 'input',
      code,
    });
  });

  it('is refused without its test batch, and where -10 is asked for coarse labels', async () => {
    const folder = await folderOf(cifar10());
    await rm(path.join(folder, 'test_batch.bin'));
    await expect(readCifar(folder, 'test', 'fine')).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(readCifar(folder, 'train', 'coarse')).rejects.toMatchObject({ code: 'CIFAR_LABELS' });
    await expect(readCifar(path.join(folder, 'none'), 'train', 'fine')).rejects.toMatchObject({
      code: 'DATA_FOLDER',
    });
  });
});
