import { Failure } from '../core/failure';
import { LARGEST_FILE } from './npy';
import { readUnpacked } from './readBounded';
import type { Pixels } from './pixels';
import { t } from '../l10n/translate';

/** Images as an IDX file holds them, one after another. */
export interface IdxImages {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly layout: Omit<Pixels, 'data'>;
}

/** Unsigned bytes, which are all that MNIST and its kin use. */
const BYTES = 0x08;
/** A side beyond it is no image in memory, and keeps products of sides exact. */
const LONGEST_SIDE = 2 ** 16;

/**
 * Reads the images of MNIST's format, packed by gzip or not: (count, height, width), or that by 1 or 3 channels. Source:
 * "The IDX file format", yann.lecun.com/exdb/mnist.
 * @throws Failure of kind `input`
 */
export async function readIdxImages(file: string): Promise<IdxImages> {
  const { axes, values } = await readIdx(file);
  const [count = 0, height = 0, width = 0, channels = 1] = axes;
  const isImages = axes.length === 3 || (axes.length === 4 && (channels === 1 || channels === 3));
  if (!isImages || count === 0 || height === 0 || width === 0) {
    throw bad(
      file,
      'IDX_SHAPE',
      t('found shape ({0}), expected images: (count, height, width)', axes.join(', ')),
    );
  }
  return { count, pixels: values, layout: { height, width, channels: channels === 3 ? 3 : 1 } };
}

/**
 * @param count of images
 * @throws Failure of kind `input` when there is not one label for each image
 */
export async function readIdxLabels(file: string, count: number): Promise<Int32Array> {
  const { axes, values } = await readIdx(file);
  if (axes.length !== 1 || axes[0] !== count) {
    throw bad(
      file,
      'IDX_LABELS',
      t('found shape ({0}), expected ({1}): one label for each image', axes.join(', '), count),
    );
  }
  return Int32Array.from(values);
}

/** Two zeros, the type, the number of axes; each axis as 32 bits, the highest first; the numbers. */
async function readIdx(file: string): Promise<{ axes: readonly number[]; values: Uint8Array }> {
  const bytes = await readUnpacked(file, LARGEST_FILE, t('a file in the IDX format of MNIST'));
  const [zero, none, type, rank = 0] = bytes;
  const start = 4 + 4 * rank;
  if (zero !== 0 || none !== 0 || rank < 1 || rank > 4 || bytes.length < start) {
    const head = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw bad(
      file,
      'IDX_MAGIC',
      t(
        'found {0} bytes that begin with {1}, expected 00 00 08 and 1 to 4 axes',
        bytes.length,
        head || t('nothing'),
      ),
    );
  }
  if (type !== BYTES)
    throw bad(file, 'IDX_TYPE', t('found numbers of type {0}, expected unsigned bytes (8)', type));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const axes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const [count = 0, ...sides] = axes;
  const expected = sides.some((side) => side > LONGEST_SIDE)
    ? Infinity
    : sides.reduce((product, side) => product * side, count);
  const found = bytes.length - start;
  if (found !== expected) {
    throw bad(
      file,
      'IDX_SIZE',
      t(
        'found {0} bytes after the header, expected {1} for shape ({2}); copy or download it again',
        found,
        expected,
        axes.join(', '),
      ),
    );
  }
  return { axes, values: bytes.subarray(start) };
}

function bad(file: string, code: string, message: string): Failure {
  return new Failure('input', code, `${file}: ${message}`, { path: file });
}
