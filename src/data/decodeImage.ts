import { readFile } from 'node:fs/promises';
import type { Sharp } from 'sharp';
import { Failure } from '../core/failure';
import { describeBytes } from './describeBytes';
import { enlarge } from './enlarge';

/** What the model's input wants of an image. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/**
 * Decodes an image to 8-bit pixels, row by row, channels interleaved (RGB, or grey by the luma of ITU-R BT.601, as PIL's
 * mode `L`). Transparency, colour profiles and the camera's orientation are ignored, as TensorFlow ignores them. Other
 * sizes are stretched: bilinearly where they grow, by a triangle as wide as the step where they shrink.
 * @throws Failure of kind `input` naming the file, what was found and what was expected
 */
export async function decodeImage(file: string, size: ImageSize): Promise<Uint8Array> {
  const { data, info } = await withImage(file, (image) =>
    image
      .removeAlpha()
      .toColourspace('srgb')
      .resize(size.width, size.height, { fit: 'fill', kernel: 'linear', withoutEnlargement: true })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const shrunk = { data: new Uint8Array(data), height: info.height, width: info.width };
  const rgb = enlarge(shrunk, size.height, size.width, 3);
  return size.channels === 3 ? rgb : luma(rgb);
}

/** Reads the header only: whether it is an image at all. Same failures as `decodeImage`. */
export async function checkImage(file: string): Promise<void> {
  await withImage(file, (image) => image.metadata());
}

async function withImage<T>(file: string, use: (image: Sharp) => Promise<T>): Promise<T> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Failure('input', 'IMAGE_UNREADABLE', `${file}: the image cannot be read: ${reasonOf(cause)}`, {
      path: file,
      cause,
    });
  });
  const { default: sharp } = await loadDecoder();
  try {
    // Many images at once, each on one thread, beat one image on many threads; nothing is decoded twice.
    sharp.concurrency(1);
    sharp.cache(false);
    return await use(sharp(bytes, { failOn: 'error', ignoreIcc: true }));
  } catch (cause) {
    throw new Failure(
      'input',
      'IMAGE_DECODE',
      `${file}: the image does not decode: found ${describeBytes(bytes)} (${reasonOf(cause)}), ` +
        'expected a whole PNG, JPEG, GIF, WebP, TIFF or AVIF; replace or remove it',
      { path: file, cause },
    );
  }
}

/** Loaded with the first image: it is native code, which a model without images does not need. */
async function loadDecoder() {
  try {
    return await import('sharp');
  } catch (cause) {
    throw new Failure(
      'work',
      'DECODER_UNAVAILABLE',
      `the image decoder sharp does not load on this system: ${reasonOf(cause)}; install the extension again`,
      { cause },
    );
  }
}

/** The first line: image libraries repeat themselves below it. */
function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}

function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let pixel = 0, from = 0; pixel < grey.length; pixel++, from += 3) {
    const [red, green, blue] = [rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0];
    grey[pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return grey;
}
