import { Failure } from '../../core/failure';
import { sizeOf, type DType, type WeightSource } from '../../core/graph/layerGraph';
import { ByteSource, statFile } from '../byteSource';
import { asIndex, asText, isJsonRecord, type JsonRecord } from '../keras/json';
import { MAX_HEADER_BYTES, MAX_RANK } from './bounds';
import { badHeader, parseHeader } from './headerSyntax';
import { t } from '../../l10n/translate';

/** Before the header, its length. */
export const LENGTH_BYTES = 8;

/** What is said of the file, and not a tensor. */
export const METADATA = '__metadata__';

export interface SafeTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** As the file calls it: `BF16`. */
  readonly type: string;
  /** Left out where no weight here can be of that type. */
  readonly dtype?: DType;
  readonly source: WeightSource;
}

export interface SafetensorsFile {
  readonly tensors: readonly SafeTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bits of one number; the shortest types pack two into a byte. */
const TYPES: Readonly<Record<string, { readonly bits: number; readonly dtype?: DType }>> = {
  F64: { bits: 64, dtype: 'float64' },
  F32: { bits: 32, dtype: 'float32' },
  F16: { bits: 16, dtype: 'float16' },
  BF16: { bits: 16, dtype: 'bfloat16' },
  I64: { bits: 64, dtype: 'int64' },
  I32: { bits: 32, dtype: 'int32' },
  I16: { bits: 16, dtype: 'int16' },
  I8: { bits: 8, dtype: 'int8' },
  U16: { bits: 16, dtype: 'uint16' },
  U8: { bits: 8, dtype: 'uint8' },
  BOOL: { bits: 8, dtype: 'bool' },
  U64: { bits: 64, dtype: 'uint64' },
  U32: { bits: 32, dtype: 'uint32' },
  C64: { bits: 64 },
  F8_E5M2: { bits: 8 },
  F8_E4M3: { bits: 8 },
  F8_E5M2FNUZ: { bits: 8 },
  F8_E4M3FNUZ: { bits: 8 },
  F8_E8M0: { bits: 8 },
  F6_E2M3: { bits: 6 },
  F6_E3M2: { bits: 6 },
  F4: { bits: 4 },
};

/**
 * Reads a file's header: where each tensor is. No tensor is read.
 * @throws Failure `SAFETENSORS_TRUNCATED`, `SAFETENSORS_HEADER`, `SAFETENSORS_OFFSETS`
 */
export async function readHeader(path: string): Promise<SafetensorsFile> {
  const { size } = await statFile(path);
  const source = new ByteSource();
  try {
    if (size < LENGTH_BYTES) throw truncated(path, size, LENGTH_BYTES);
    const [length] = new BigUint64Array(
      (await source.read([{ path, offset: 0, byteLength: LENGTH_BYTES }])).buffer,
    );
    if (length! > MAX_HEADER_BYTES) {
      throw badHeader(path, t('a header of {0} bytes', length), t('at most {0}', MAX_HEADER_BYTES));
    }
    const byteLength = Number(length);
    const start = LENGTH_BYTES + byteLength;
    if (start > size) throw truncated(path, size, start);
    const bytes = await source.read([{ path, offset: LENGTH_BYTES, byteLength }]);
    return toFile(path, parseHeader(decode(path, bytes), t('{0}: the header', path)), start, size);
  } finally {
    await source.close();
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw badHeader(t('{0}: the header', path), t('bytes that are no UTF-8'), 'JSON', cause);
  }
}

interface Placed extends SafeTensor {
  /** From the end of the header. */
  readonly begin: number;
  readonly end: number;
}

function toFile(path: string, json: unknown, start: number, size: number): SafetensorsFile {
  if (!isJsonRecord(json))
    throw badHeader(t('{0}: the header', path), t('JSON that is no object'), t('tensors by name'));
  const tensors = Object.entries(json)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => toTensor(path, name, entry, start));
  refuseGaps(path, tensors, start, size);
  return { tensors, metadata: readMetadata(path, json[METADATA]) };
}

function toTensor(path: string, name: string, json: unknown, start: number): Placed {
  const where = t('{0}: tensor "{1}"', path, name.slice(0, 200));
  if (!isJsonRecord(json)) throw badHeader(where, JSON.stringify(json).slice(0, 60), t('an object'));
  const { type, shape, begin, end } = readEntry(json, where);
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!known) throw badHeader(where, t('the type {0}', JSON.stringify(type)), Object.keys(TYPES).join(', '));
  const numbers = sizeOf(shape);
  const byteLength = (numbers * known.bits) / 8;
  if (!Number.isSafeInteger(numbers) || end - begin !== byteLength) {
    throw misplaced(
      where,
      t('{0} bytes', end - begin),
      t('{0} for [{1}] of {2}', byteLength, shape.join(', '), type),
      name,
    );
  }
  return {
    name,
    shape,
    type,
    begin,
    end,
    ...(known.dtype && { dtype: known.dtype }),
    source: {
      from: 'ranges',
      ranges: byteLength === 0 ? [] : [{ path, offset: start + begin, byteLength }],
    },
  };
}

function readEntry(json: JsonRecord, where: string) {
  const { dtype, shape, data_offsets: offsets } = json;
  try {
    const type = asText(dtype, 'dtype');
    if (!Array.isArray(shape) || shape.length > MAX_RANK) {
      throw badHeader('shape', t('something else'), t('a list of at most {0} sizes', MAX_RANK));
    }
    if (!Array.isArray(offsets) || offsets.length !== 2) {
      throw badHeader('data_offsets', t('something else'), t('a beginning and an end'));
    }
    const [begin, end] = offsets.map((offset: unknown) => asIndex(offset, 'data_offsets'));
    return { type, shape: shape.map((size: unknown) => asIndex(size, 'shape')), begin: begin!, end: end! };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    throw new Failure('input', 'SAFETENSORS_HEADER', `${where}: ${cause.message}`, { cause });
  }
}

/** Tensors fill the file without gaps and without sharing a byte, as the format asks. */
function refuseGaps(path: string, tensors: readonly Placed[], start: number, size: number): void {
  let reached = 0;
  const inOrder = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, begin, end } of inOrder) {
    if (begin !== reached) {
      throw misplaced(
        t('{0}: tensor "{1}"', path, name),
        t('its first byte at {0}', begin),
        t('it at {0}', reached),
        name,
      );
    }
    reached = end;
  }
  if (start + reached > size) throw truncated(path, size, start + reached);
  if (start + reached < size) {
    throw misplaced(
      path,
      t('{0} bytes', size),
      t('the file to end with its last tensor at {0}', start + reached),
    );
  }
}

function readMetadata(path: string, json: unknown): Readonly<Record<string, string>> {
  if (json === undefined || json === null) return {};
  const where = `${path}: ${METADATA}`;
  if (!isJsonRecord(json)) throw badHeader(where, JSON.stringify(json).slice(0, 60), t('an object of texts'));
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (typeof value === 'string') return [key, value];
      throw badHeader(`${where}, "${key.slice(0, 60)}"`, JSON.stringify(value).slice(0, 60), t('text'));
    }),
  );
}

function truncated(path: string, found: number, expected: number): Failure {
  return new Failure(
    'input',
    'SAFETENSORS_TRUNCATED',
    t(
      '{0}: the file is cut short: found {1} bytes, expected {2}; copy or download it again',
      path,
      found,
      expected,
    ),
    { path },
  );
}

function misplaced(where: string, found: string, expected: string, layer?: string): Failure {
  return new Failure(
    'input',
    'SAFETENSORS_OFFSETS',
    t('{0}: found {1}, expected {2}', where, found, expected),
    {
      ...(layer !== undefined && { layer }),
    },
  );
}
