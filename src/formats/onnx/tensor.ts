import path from 'node:path';
import { Failure } from '../../core/failure';
import type { DType, FileRange } from '../../core/graph/layerGraph';
import { statFile } from '../byteSource';
import { int64Of, type WireField } from '../protobuf/wire';
import { ITEM_BYTES } from '../weightBytes';
import { MAX_CONSTANT_NUMBERS, MAX_RANK, MAX_TENSOR_RANGES } from './bounds';
import type { Message } from './message';
import { t } from '../../l10n/translate';

/**
 * A tensor that the file holds: what it is, and where its numbers are. `numbers` are those of small integer tensors that
 * are stored as protobuf's varints, and of shapes worked out on reading, where `null` is the batch size.
 */
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: DType;
  readonly ranges?: readonly FileRange[];
  readonly numbers?: readonly (number | null)[];
  /** Between neighbours along each axis, in what is stored: the tensor was transposed. Row-major where left out. */
  readonly strides?: readonly number[];
  /** Why its numbers cannot be used. */
  readonly problem?: string;
}

const DTYPES: Readonly<Record<number, DType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

const UNREAD: Readonly<Record<number, string>> = {
  8: 'text',
  14: 'complex64',
  15: 'complex128',
};

/** Fields of TensorProto that hold numbers as little-endian bytes, by the type that they are for. */
const PLAIN_FIELDS: ReadonlyMap<DType, number> = new Map([
  ['float32', 4],
  ['float64', 10],
]);
const RAW = 9;

/**
 * A TensorProto without its numbers.
 * @throws Failure `ONNX_TENSOR` where sizes disagree, `ONNX_EXTERNAL` for external data that is not to be had
 */
export async function readTensor(message: Message, modelPath: string): Promise<Constant> {
  const name = await message.text(8);
  const dims = await message.ints(1);
  const where = t('tensor "{0}"', name);
  const count = countOf(dims, where);
  const code = message.int(2) ?? 0;
  const dtype = DTYPES[code];
  if (!dtype) {
    const type = UNREAD[code] ?? t('type {0}', code);
    return { name, dims, dtype: 'float32', problem: t('{0} is of {1}, which is not supported', where, type) };
  }
  const byteLength = count * ITEM_BYTES[dtype];
  if (message.int(14) === 1) {
    const range = await externalRange(message, modelPath, where, byteLength);
    return { name, dims, dtype, ranges: [range] };
  }
  const raw = message.content(RAW);
  const plain = PLAIN_FIELDS.get(dtype);
  if (raw || plain !== undefined) {
    const stored = raw ? [raw] : message.all(plain ?? RAW);
    return { name, dims, dtype, ranges: rangesOf(message, stored, byteLength, where) };
  }
  return { name, dims, dtype, ...(await varints(message, dtype, count, where)) };
}

function countOf(dims: readonly number[], where: string): number {
  const count = dims.reduce((product, size) => product * size, 1);
  if (dims.length <= MAX_RANK && dims.every((size) => size >= 0) && Number.isSafeInteger(count * 8))
    return count;
  const shown = dims.length > 8 ? t('{0} axes', dims.length) : `[${dims.join(', ')}]`;
  throw badTensor(where, shown, t('sizes of a tensor of at most {0} axes', MAX_RANK));
}

function rangesOf(
  message: Message,
  fields: readonly WireField[],
  expected: number,
  where: string,
): readonly FileRange[] {
  const found = fields.reduce((sum, field) => sum + field.byteLength, 0);
  if (found !== expected) throw badTensor(where, t('{0} bytes', found), t('{0} for its sizes', expected));
  if (fields.length > MAX_TENSOR_RANGES) {
    throw badTensor(where, t('numbers in {0} pieces', fields.length), t('at most {0}', MAX_TENSOR_RANGES));
  }
  return fields.map((field) => message.source.fileRange(field));
}

/** Whole numbers stored as varints: 7 is int64_data, 11 uint64_data, 5 int32_data, which holds every shorter type. */
async function varints(message: Message, dtype: DType, count: number, where: string) {
  const field = dtype === 'int64' ? 7 : dtype === 'uint64' || dtype === 'uint32' ? 11 : 5;
  if (count > MAX_CONSTANT_NUMBERS || dtype === 'float16' || dtype === 'bfloat16') {
    return {
      problem: t(
        '{0} keeps {1} numbers of {2} as protobuf integers, which is not supported',
        where,
        count,
        dtype,
      ),
    };
  }
  const numbers = await message.ints(field);
  if (numbers.length !== count)
    throw badTensor(where, t('{0} numbers', numbers.length), t('{0} for its sizes', count));
  return { numbers };
}

async function externalRange(
  message: Message,
  modelPath: string,
  where: string,
  expected: number,
): Promise<FileRange> {
  const entries = new Map<string, string>();
  for (const entry of await message.messages(13)) entries.set(await entry.text(1), await entry.text(2));
  const location = entries.get('location') ?? '';
  const folder = path.dirname(path.resolve(modelPath));
  const file = path.resolve(folder, location);
  const climbs = !file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
  if (location === '' || path.isAbsolute(location) || location.includes('\\') || climbs) {
    throw new Failure(
      'input',
      'ONNX_EXTERNAL',
      t('{0}: found external data at "{1}", expected a path inside the model\'s folder', where, location),
    );
  }
  const offset = wholeNumber(entries.get('offset'), 0, where);
  const byteLength = wholeNumber(entries.get('length'), expected, where);
  const stats = await statFile(file);
  if (byteLength !== expected || !stats.isFile() || offset + byteLength > stats.size) {
    throw new Failure(
      'input',
      'ONNX_EXTERNAL',
      t(
        '{0}: found bytes {1} to {2} of "{3}", which has {4}; expected {5} inside it',
        where,
        offset,
        offset + byteLength,
        location,
        stats.size,
        expected,
      ),
    );
  }
  return { path: file, offset, byteLength };
}

function wholeNumber(text: string | undefined, missing: number, where: string): number {
  if (text === undefined) return missing;
  if (/^\d{1,20}$/.test(text)) return int64Of(BigInt(text), where);
  throw badTensor(where, t('external data at "{0}"', text), t('a whole number of bytes'));
}

function badTensor(where: string, found: string, expected: string): Failure {
  return new Failure('input', 'ONNX_TENSOR', t('{0}: found {1}, expected {2}', where, found, expected));
}
