import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { batches, type Batch } from '../../../src/data/batches';
import { decodeImage, type ImageSize } from '../../../src/data/decodeImage';
import { FinishingThreads } from '../../../src/data/finishingThreads';
import { inspectImageFolder, listImageFolder } from '../../../src/data/imageListing';
import { PixelCache } from '../../../src/data/pixelCache';
import { PixelSamples } from '../../../src/data/pixelSamples';
import { ImageFiles } from '../../../src/data/pixelSource';
import { temporaryFolder } from '../../support/temporary';
import { plainPng, png, writeFiles } from '../../support/images';

describe('listing an image folder', () => {
  it('labels classes and orders files as Keras does', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'b/2.png': '',
      'b/10.png': '',
      'b/Z.JPG': '',
      'b/sub/0.png': '',
      'a/x.webp': '',
      'É/x.png': '',
      'Z/x.png': '',
      'a/.hidden.png': '',
      'a/notes.txt': '',
      '.git/x.png': '',
      'readme.png': '',
    });
    const { classes } = await listImageFolder(folder);
    expect(
      classes.map(({ name, files }) => [name, files.map((file) => path.relative(folder, file))]),
    ).toEqual([
      ['Z', ['Z/x.png']],
      ['a', ['a/x.webp']],
      ['b', ['b/10.png', 'b/2.png', 'b/Z.JPG', 'b/sub/0.png']],
      ['É', ['É/x.png']],
    ]);
  });

  it('follows links and survives one that leads in a circle', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'a/1.png': '', 'b/1.png': '' });
    await symlink(path.join(folder, 'a'), path.join(folder, 'c'));
    expect((await inspectImageFolder(folder)).classes).toHaveLength(3);
    await symlink(path.join(folder, 'a'), path.join(folder, 'a', 'again'));
    await expect(listImageFolder(folder)).rejects.toMatchObject({ kind: 'input', code: 'DATA_DEPTH' });
  });

  it('counts without opening anything', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'cat/1.png': 'no image', 'cat/2.png': '' });
    await mkdir(path.join(folder, 'dog'));
    expect(await inspectImageFolder(folder)).toEqual({
      folder,
      classes: [
        { name: 'cat', images: 2 },
        { name: 'dog', images: 0 },
      ],
    });
  });

  it('names the class folder that has no image', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'cat/1.png': '', 'dog/notes.txt': '' });
    await expect(listImageFolder(folder)).rejects.toMatchObject({
      kind: 'input',
      code: 'DATA_CLASS_EMPTY',
      path: path.join(folder, 'dog'),
      message: `${path.join(folder, 'dog')}: the class folder "dog" has no image, expected at least one; add images or remove the folder`,
    });
  });

  it('says what it found where there are not two classes', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { '1.png': '', '2.png': '' });
    await expect(listImageFolder(folder)).rejects.toThrow(
      'found no class folder but 2 images, expected at least two',
    );
    await writeFiles(folder, { 'cat/1.png': '' });
    await expect(listImageFolder(folder)).rejects.toThrow('found one class folder, "cat"');
    await expect(listImageFolder(path.join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'DATA_FOLDER',
    });
    await expect(listImageFolder(path.join(folder, '1.png'))).rejects.toThrow(
      'a file there, expected a folder',
    );
  });
});

async function decode(bytes: Buffer, size: ImageSize): Promise<readonly number[]> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'x.png': bytes });
  return [...(await decodeImage(path.join(folder, 'x.png'), size))];
}

describe('decoding', () => {
  it('leaves the pixels of an image of the right size alone', async () => {
    const pixels = [0, 50, 100, 150, 200, 255];
    expect(await decode(await png(3, 2, 1, pixels), { height: 2, width: 3, channels: 1 })).toEqual(pixels);
    expect(await decode(await png(2, 1, 3, pixels), { height: 1, width: 2, channels: 3 })).toEqual(pixels);
  });

  it('makes grey of colour by luma, colour of grey, and drops transparency', async () => {
    const colors = await png(3, 1, 3, [255, 0, 0, 0, 255, 0, 0, 0, 255]);
    expect(await decode(colors, { height: 1, width: 3, channels: 1 })).toEqual([76, 150, 29]);
    expect(await decode(await png(1, 1, 1, [9]), { height: 1, width: 1, channels: 3 })).toEqual([9, 9, 9]);
    expect(await decode(await png(1, 1, 4, [1, 2, 3, 0]), { height: 1, width: 1, channels: 3 })).toEqual([
      1, 2, 3,
    ]);
  });

  // PIL's Image.resize(…, Image.BILINEAR) gives the same, within two grey levels where it shrinks.
  it.each([
    { name: 'wider', from: [3, 1], to: [6, 1], pixels: [0, 100, 200], expected: [0, 25, 75, 125, 175, 200] },
    { name: 'higher', from: [3, 1], to: [3, 2], pixels: [0, 100, 200], expected: [0, 100, 200, 0, 100, 200] },
    { name: 'narrower', from: [4, 1], to: [2, 1], pixels: [0, 0, 200, 200], expected: [25, 175] },
    {
      name: 'narrower and higher',
      from: [4, 1],
      to: [2, 2],
      pixels: [0, 0, 200, 200],
      expected: [25, 175, 25, 175],
    },
  ])('stretches without keeping the proportions: $name', async ({ from, to, pixels, expected }) => {
    const [width = 0, height = 0] = from;
    const size = { width: to[0] ?? 0, height: to[1] ?? 0, channels: 1 } as const;
    expect(await decode(await png(width, height, 1, pixels), size)).toEqual(expected);
  });

  it.each([
    ['text', Buffer.from('this is no image'), '16 bytes of text, "this is …"'],
    ['nothing', Buffer.alloc(0), 'an empty file'],
    ['a bitmap', Buffer.from('BM\u0000\u0000\u0000'), '5 bytes that begin like BMP'],
  ])('says what it found where the file is %s', async (_, bytes, found) => {
    const size = { height: 2, width: 2, channels: 1 } as const;
    await expect(decode(bytes, size)).rejects.toMatchObject({
      kind: 'input',
      code: 'IMAGE_DECODE',
      message: expect.stringContaining(`x.png: the image does not decode: found ${found}`) as string,
    });
  });

  it('refuses a PNG that was cut off', async () => {
    const whole = await png(
      32,
      32,
      3,
      Array.from({ length: 3072 }, (_, index) => (index * 7919) % 251),
    );
    const size = { height: 32, width: 32, channels: 3 } as const;
    await expect(decode(whole.subarray(0, whole.length / 2), size)).rejects.toThrow('begin like PNG');
  });
});

describe('what is decoded', () => {
  const size = { height: 8, width: 8, channels: 3 } as const;
  const red = { create: { width: 8, height: 8, channels: 3, background: '#f00' } } as const;

  it.each(['png', 'jpeg', 'gif', 'webp', 'tiff', 'avif'] as const)('is %s', async (format) => {
    const [r = 0, g = 255, b = 255] = await decode(await sharp(red).toFormat(format).toBuffer(), size);
    expect(r).toBeGreaterThan(240);
    expect(g).toBeLessThan(16);
    expect(b).toBeLessThan(16);
  });

  it.each([
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8z"/></svg>'],
    ['a CSV', '1,2\n3,4\n'],
    ['a PPM', 'P3 1 1 255 255 0 0\n'],
  ])('is not %s that is called a PNG', async (_, content) => {
    await expect(decode(Buffer.from(content), size)).rejects.toMatchObject({
      code: 'IMAGE_DECODE',
      message: expect.stringContaining('expected a whole PNG, JPEG, GIF, WebP, TIFF or AVIF') as string,
    });
  });
});

describe('an image folder as a dataset', () => {
  const size = { height: 2, width: 2, channels: 1 } as const;

  async function open(folder: string, preprocess: 'unit' | 'none', cache?: PixelCache) {
    const { classes } = await listImageFolder(folder);
    const files = classes.flatMap((each) => each.files);
    const labels = Int32Array.from(classes.flatMap((each, label) => each.files.map(() => label)));
    const source = new ImageFiles(files, size, cache);
    const threads = new FinishingThreads({ size, preprocess, seed: 1 });
    return {
      source,
      dataset: new PixelSamples({ classes: classes.map(({ name }) => name), labels }, size, source, threads),
    };
  }

  async function folderOfTwo() {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'a/1.png': await plainPng(2, 2, 51),
      'a/2.png': await plainPng(2, 2, 102),
      'b/1.png': await plainPng(2, 2, 255),
    });
    return folder;
  }

  it('gives batches in the order asked for, with their labels', async () => {
    const { dataset } = await open(await folderOfTwo(), 'unit');
    const found: Batch[] = [];
    for await (const batch of batches(dataset, Uint32Array.of(2, 0, 1), 2)) found.push(batch);
    expect(dataset).toMatchObject({ classes: ['a', 'b'], samples: 3, shape: [2, 2, 1] });
    expect(found.map(({ shape, labels }) => [shape, [...labels]])).toEqual([
      [
        [2, 2, 2, 1],
        [1, 0],
      ],
      [[1, 2, 2, 1], [0]],
    ]);
    expect(found.map(({ data }) => [...data])).toEqual([
      [1, 1, 1, 1, ...new Array<number>(4).fill(expect.closeTo(0.2, 6) as number)],
      new Array<number>(4).fill(expect.closeTo(0.4, 6) as number),
    ]);
  });

  it('needs the files no more once they are decoded ahead', async () => {
    const folder = await folderOfTwo();
    const { dataset, source } = await open(folder, 'none');
    await source.decodeAhead();
    await rm(folder, { recursive: true });
    const into = new Float32Array(4);
    await dataset.fill(Uint32Array.of(1), into);
    expect([...into]).toEqual([102, 102, 102, 102]);
  });

  it('reads again what the budget does not hold', async () => {
    const folder = await folderOfTwo();
    const { dataset, source } = await open(folder, 'none', new PixelCache(9));
    await source.decodeAhead();
    await rm(path.join(folder, 'b'), { recursive: true });
    await rm(path.join(folder, 'a'), { recursive: true });
    const readable = await Promise.all(
      [0, 1, 2].map((index) =>
        dataset.fill(Uint32Array.of(index), new Float32Array(4)).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(readable.filter(Boolean)).toHaveLength(2);
  });

  it.each([100, 0])('meets a broken file ahead with a budget of %i bytes', async (budget) => {
    const folder = await folderOfTwo();
    await writeFiles(folder, { 'b/broken.png': 'no image' });
    const { source } = await open(folder, 'none', new PixelCache(budget));
    await expect(source.decodeAhead()).rejects.toMatchObject({ path: path.join(folder, 'b', 'broken.png') });
  });

  it('hands a failure to the batch it belongs to', async () => {
    const folder = await folderOfTwo();
    await writeFiles(folder, { 'b/2.png': 'no image' });
    const { dataset } = await open(folder, 'none');
    const seen: number[] = [];
    await expect(async () => {
      for await (const { labels } of batches(dataset, Uint32Array.of(0, 3), 1)) {
        // The next batch fails while this one is in use.
        await new Promise((resolve) => setTimeout(resolve, 50));
        seen.push(...labels);
      }
    }).rejects.toMatchObject({ code: 'IMAGE_DECODE' });
    expect(seen).toEqual([0]);
  });
});
