import { rename, rm, writeFile } from 'node:fs/promises';
import { Failure } from '../core/failure';
import { npyType, toNumbers, type Numbers } from './npyTypes';
import { readBounded } from './readBounded';
import { t } from '../l10n/translate';

/** An array as NumPy saves it: its numbers in C order (the last axis runs fastest). */
export interface NpyArray {
  readonly shape: readonly number[];
  /** NumPy's description of the numbers in the file: `<f4`. */
  readonly dtype: string;
  readonly values: Numbers;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy itself refuses headers over 10,000 bytes; ours hold three entries. */
const LONGEST_HEADER = 64 * 1024;
/** NumPy's own limit. */
const MOST_AXES = 64;
/** Arrays are held in memory; beyond it one buffer cannot hold them. */
export const LARGEST_FILE = 2 ** 31;

/**
 * Reads a `.npy` file (versions 1 to 3 of the format, NEP 1).
 * @throws Failure of kind `input`
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const bytes = await readBounded(path, LARGEST_FILE, t('a .npy file'));
  return parseNpy(bytes, path);
}

/** @param path for messages */
export function parseNpy(bytes: Uint8Array, path: string): NpyArray {
  const { header, start } = readHeader(bytes, path);
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  const type = descr === undefined ? undefined : npyType(descr);
  if (!type) {
    throw bad(
      path,
      'NPY_TYPE',
      descr === undefined
        ? t(
            'found no plain type of number, expected floats, integers or booleans (f2, f4, f8, i1–i8, u1–u8, b1)',
          )
        : t(
            'found numbers of type "{0}", expected floats, integers or booleans (f2, f4, f8, i1–i8, u1–u8, b1)',
            descr,
          ),
    );
  }
  if (order === undefined || shapeText === undefined) {
    throw bad(
      path,
      'NPY_HEADER',
      t('the header lacks its shape or order, expected a file that numpy.save wrote'),
    );
  }
  const shape = shapeText
    .split(',')
    .map((axis) => axis.trim())
    .filter((axis) => axis !== '')
    .map(Number);
  const count = shape.reduce((product, axis) => product * axis, 1);
  if (shape.length > MOST_AXES || !Number.isSafeInteger(count * type.bytes)) {
    throw bad(path, 'NPY_HEADER', t('the header says shape ({0}), which no array in memory has', shapeText));
  }
  const found = bytes.length - start;
  if (found < count * type.bytes) {
    throw bad(
      path,
      'NPY_TRUNCATED',
      t(
        'found {0} bytes of numbers, expected {1} for shape ({2}) of "{3}"',
        found,
        count * type.bytes,
        shapeText,
        descr,
      ),
    );
  }
  const values = toNumbers(bytes.subarray(start, start + count * type.bytes), type);
  return { shape, dtype: descr ?? '', values: order === 'True' ? toCOrder(values, shape) : values };
}

/** Writes float32 in C order, beside the path, then renamed. */
export async function writeNpy(path: string, shape: readonly number[], values: Float32Array): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, formatNpy(shape, values));
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('work', 'NPY_WRITE', t('{0}: the array cannot be written: {1}', path, reason), {
      path,
      cause,
    });
  }
}

/** Version 1.0 of the format, the numbers little endian and aligned to 64 bytes as NumPy aligns them. */
export function formatNpy(shape: readonly number[], values: Float32Array): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  const preamble = MAGIC.length + 4;
  const padding = 64 - ((preamble + dictionary.length + 1) % 64);
  const header = `${dictionary}${' '.repeat(padding % 64)}\n`;
  const bytes = new Uint8Array(preamble + header.length + values.length * 4);
  const view = new DataView(bytes.buffer);
  bytes.set([...MAGIC, 1, 0]);
  view.setUint16(8, header.length, true);
  bytes.set(Buffer.from(header, 'latin1'), preamble);
  values.forEach((value, index) => view.setFloat32(preamble + header.length + index * 4, value, true));
  return bytes;
}

function readHeader(bytes: Uint8Array, path: string): { header: string; start: number } {
  if (bytes.length < 10 || MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw bad(
      path,
      'NPY_MAGIC',
      t(
        'found {0} bytes that do not begin as a .npy file does, expected one that numpy.save wrote',
        bytes.length,
      ),
    );
  }
  const major = bytes[6] ?? 0;
  if (major < 1 || major > 3)
    throw bad(path, 'NPY_VERSION', t('found version {0} of the format, expected 1, 2 or 3', major));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthBytes = major === 1 ? 2 : 4;
  const first = 8 + lengthBytes;
  const length =
    bytes.length < first ? Infinity : major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER || first + length > bytes.length) {
    throw bad(
      path,
      'NPY_HEADER',
      t(
        'the header says it has {0} bytes, found {1} in the file, expected at most {2}',
        length,
        bytes.length - 8,
        LONGEST_HEADER,
      ),
    );
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + first, length).toString(
    major === 3 ? 'utf8' : 'latin1',
  );
  return { header: text, start: first + length };
}

/** From the first axis fastest (Fortran) to the last axis fastest. */
function toCOrder(values: Numbers, shape: readonly number[]): Numbers {
  const result = values.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, length) => product * length, 1),
  );
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      const stride = strides[axis] ?? 0;
      from += stride;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      index[axis] = 0;
      from -= next * stride;
    }
  }
  return result;
}

function bad(path: string, code: string, message: string): Failure {
  return new Failure('input', code, `${path}: ${message}`, { path });
}
