import { readFile, stat } from 'node:fs/promises';
import type { Sharp, SharpOptions } from 'sharp';
import { Failure } from '../core/failure';
import { describeBytes } from './describeBytes';
import { enlarge } from './enlarge';
import { wildClaim } from './imageClaim';
import { withChannels, type ImageSize, type Pixels } from './pixels';
import { t } from '../l10n/translate';

export type { ImageSize } from './pixels';

/**
 * Decodes an image to 8-bit pixels, row by row, channels interleaved (RGB, or grey by the luma of ITU-R BT.601, as PIL's
 * mode `L`). Transparency, colour profiles and the camera's orientation are ignored, as TensorFlow ignores them. Other
 * sizes are stretched: bilinearly where they grow, by a triangle as wide as the step where they shrink.
 * @throws Failure of kind `input` naming the file, what was found and what was expected
 */
export async function decodeImage(file: string, size: ImageSize): Promise<Uint8Array> {
  await checkImage(file);
  return enlarge(await decodeShrunk(file, size), size.height, size.width).data;
}

/**
 * As `decodeImage` of a file that `checkImage` has seen, but a side that is smaller than the size stays so, for `enlarge`, which takes no other thread by
 * itself. Reading, decoding and shrinking are one task of the system's threads: once begun it needs no turn of this
 * one, so images go on decoding while an engine computes here.
 */
export async function decodeShrunk(file: string, size: ImageSize): Promise<Pixels> {
  const { data, info } = await withImage(file, (image) => shrink(image, size));
  const pixels = { data: bytesOf(data), height: info.height, width: info.width, channels: 3 } as const;
  return withChannels(pixels, size.channels);
}

/** Pixels in hand in place of a file's; the result is as `decodeShrunk`'s. */
export async function shrinkPixels(pixels: Pixels, size: ImageSize): Promise<Pixels> {
  if (pixels.height <= size.height && pixels.width <= size.width) return withChannels(pixels, size.channels);
  const open = await openDecoder();
  const { height, width, channels } = pixels;
  const { data, info } = await shrink(open(pixels.data, { raw: { width, height, channels } }), size);
  const shrunk = { data: bytesOf(data), height: info.height, width: info.width, channels: 3 } as const;
  return withChannels(shrunk, size.channels);
}

/**
 * A picture for people as PNG: whole, in its own proportions, neither turned nor coloured otherwise than the model sees it.
 * @param source an image's path, or pixels
 * @param side pixels that its longer side has at most
 * @throws Failure of kind `input` as `decodeImage`
 */
export async function pngOf(source: string | Pixels, side: number): Promise<Uint8Array> {
  const small = (image: Sharp) =>
    image
      .toColourspace('srgb')
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .png()
      .toBuffer();
  if (typeof source === 'string') {
    await checkImage(source);
    return withImage(source, small);
  }
  const { data, height, width, channels } = source;
  return small((await openDecoder())(data, { raw: { width, height, channels } }));
}

/** Reads the header only: whether it is an image at all, and one to decode. Same failures as `decodeImage`. */
export async function checkImage(file: string): Promise<void> {
  await withImage(file, async (image) => {
    const claim = wildClaim(await image.metadata(), (await stat(file)).size);
    if (claim !== undefined) throw new Error(claim);
  });
}

function shrink(image: Sharp, { height, width }: ImageSize) {
  return image
    .removeAlpha()
    .toColourspace('srgb')
    .resize(width, height, { fit: 'fill', kernel: 'linear', withoutEnlargement: true })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
}

/** Of their own memory: what they are sent to copies all of it. */
const bytesOf = (buffer: Buffer) => new Uint8Array(buffer);

async function withImage<T>(file: string, use: (image: Sharp) => Promise<T>): Promise<T> {
  const open = await openDecoder();
  try {
    return await use(open(file, { failOn: 'error', ignoreIcc: true }));
  } catch (cause) {
    // What is there is read for people alone, once it has failed.
    const bytes = await readFile(file).catch((unread: unknown) => {
      throw new Failure(
        'input',
        'IMAGE_UNREADABLE',
        t(
          '{0}: the image cannot be read: {1}; put it back or remove it from the data',
          file,
          reasonOf(unread),
        ),
        { path: file, cause: unread },
      );
    });
    throw new Failure(
      'input',
      'IMAGE_DECODE',
      t(
        '{0}: the image does not decode: found {1} ({2}), expected a whole PNG, JPEG, GIF, WebP, TIFF or AVIF; replace or remove it',
        file,
        describeBytes(bytes),
        reasonOf(cause),
      ),
      { path: file, cause },
    );
  }
}

/** What is decoded, as libvips calls what loads it; `Heif` is AVIF, too. */
const PHOTOGRAPHS = ['Png', 'Jpeg', 'Nsgif', 'Webp', 'Tiff', 'Heif'];

type Decoder = (input: string | Uint8Array, options: SharpOptions) => Sharp;

let decoder: Promise<Decoder> | undefined;

/** Loaded with the first image: it is native code, which a model without images does not need. */
function openDecoder(): Promise<Decoder> {
  return (decoder ??= loadDecoder());
}

async function loadDecoder(): Promise<Decoder> {
  try {
    const { default: sharp } = await import('sharp');
    // Many images at once, each on one thread, beat one image on many threads; nothing is decoded twice, and a file
    // that has changed is another image.
    sharp.concurrency(1);
    sharp.cache(false);
    // Whatever their names say: of drawings, tables and libvips' own files no pixels are data.
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: PHOTOGRAPHS.map((name) => `VipsForeignLoad${name}`) });
    return sharp;
  } catch (cause) {
    throw new Failure(
      'work',
      'DECODER_UNAVAILABLE',
      t(
        'the image decoder sharp does not load on this system: {0}; install the extension again',
        reasonOf(cause),
      ),
      { cause },
    );
  }
}

/** The first line: image libraries repeat themselves below it. */
function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
