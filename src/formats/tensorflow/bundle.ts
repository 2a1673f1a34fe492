import path from 'node:path';
import { Failure } from '../../core/failure';
import { sizeOf, type DType, type FileRange } from '../../core/graph/layerGraph';
import { ByteSource, statFile } from '../byteSource';
import { int64Of, readVarint, type WireField } from '../protobuf/wire';
import { scanFields, WireSource } from '../protobuf/wireSource';
import { ITEM_BYTES } from '../weightBytes';
import { MAX_INDEX_BYTES, MAX_OBJECT_GRAPH_BYTES } from './bounds';
import { readTable } from './bundleTable';
import { dataTypeName, dtypeOf, DT_STRING } from './dataTypes';
import { joinSlices, readExtents, type Slice } from './bundleSlices';
import { sliceKey } from './orderedCode';
import { readShape, storedShape } from './tensorShape';
import { t } from '../../l10n/translate';

export const INDEX_SUFFIX = '.index';

/** A tensor of a checkpoint, and where its bytes are in the data files. */
export interface BundleTensor {
  readonly key: string;
  /** As TensorFlow numbers its types. */
  readonly type: number;
  /** Nothing where its numbers are of a type that is not read. */
  readonly dtype: DType | undefined;
  readonly shape: readonly number[];
  readonly ranges: readonly FileRange[];
}

/** A checkpoint's variables by name, in the order of their names. */
export interface TensorBundle {
  /** The index. */
  readonly path: string;
  readonly tensors: ReadonlyMap<string, BundleTensor>;
}

interface Entry {
  readonly type: number;
  readonly shape: readonly number[];
  readonly shard: number;
  readonly offset: number;
  readonly size: number;
  readonly slices: readonly Slice[];
}

/**
 * Reads a checkpoint's index; its data files are measured, not read.
 * @throws Failure of kind `input`: `BUNDLE_CORRUPT`, `SHARD_MISSING`, `SHARD_SHORT`, …
 */
export async function readBundle(indexPath: string): Promise<TensorBundle> {
  const { size } = await statFile(indexPath);
  if (size > MAX_INDEX_BYTES) {
    throw fail(
      indexPath,
      'BUNDLE_TOO_LARGE',
      t('found {0} bytes, expected at most {1}', size, MAX_INDEX_BYTES),
    );
  }
  const files = new ByteSource();
  const bytes = await files
    .read([{ path: indexPath, offset: 0, byteLength: size }])
    .finally(() => files.close());
  const [header, ...rows] = readTable(bytes);
  if (!header || header.key.length > 0) {
    throw fail(indexPath, 'BUNDLE_CORRUPT', t('found no header, expected an entry with an empty name first'));
  }
  const shards = await measureShards(indexPath, await readHeader(header.value, indexPath));
  const entries = new Map<string, Entry>();
  const names: { name: string; key: string; bytes: Uint8Array }[] = [];
  for (const { key, value } of rows) {
    const id = hex(key);
    if (entries.has(id)) throw fail(indexPath, 'BUNDLE_CORRUPT', t('found a name twice, expected it once'));
    entries.set(id, await readEntry(value, textOf(key, indexPath)));
    // Slices of variables have names of their own, which begin with a zero.
    if (key[0] !== 0) names.push({ name: textOf(key, indexPath), key: id, bytes: key });
  }
  const tensors = new Map<string, BundleTensor>();
  for (const { name, key, bytes: nameBytes } of names) {
    const entry = entries.get(key)!;
    const rangeOf = (one: Entry) => place(one, name, shards, indexPath);
    const { type, shape } = entry;
    const dtype = dtypeOf(type);
    const ranges =
      entry.slices.length === 0
        ? [rangeOf(entry)]
        : joinSlices(name, shape, ITEM_BYTES[dtype ?? 'float32'], entry.slices, (slice) => {
            const part = entries.get(hex(sliceKey(nameBytes, slice)));
            return part && { range: rangeOf(part), shape: part.shape };
          });
    tensors.set(name, { key: name, type, dtype, shape, ranges });
  }
  return { path: indexPath, tensors };
}

async function readHeader(value: Uint8Array<ArrayBuffer>, indexPath: string): Promise<number> {
  const source = WireSource.of(value, indexPath);
  let shards = 0;
  for (const { number, value: bits } of await scanFields(source, source.whole)) {
    if (number === 1) shards = int64Of(bits, t('the number of data files'));
    if (number === 2 && bits !== 0n) {
      throw fail(indexPath, 'BUNDLE_ENDIAN', t('holds big-endian numbers, expected little-endian ones'));
    }
  }
  // Names of shards have five digits.
  if (shards >= 1 && shards <= 99_999) return shards;
  throw fail(indexPath, 'BUNDLE_CORRUPT', t('found {0} data files, expected 1 to 99999', shards));
}

async function readEntry(value: Uint8Array<ArrayBuffer>, key: string): Promise<Entry> {
  const source = WireSource.of(value, key);
  const fields = await scanFields(source, source.whole);
  const whole = (number: number): number => {
    const field = fields.findLast((one) => one.number === number);
    const found = field ? int64Of(field.value, `"${key}"`) : 0;
    if (found >= 0) return found;
    throw new Failure('input', 'BUNDLE_CORRUPT', t('"{0}": found {1}, expected at least 0', key, found));
  };
  const shapeField = fields.findLast((field) => field.number === 2);
  const slices: Slice[] = [];
  for (const field of fields.filter((one: WireField) => one.number === 7)) {
    slices.push(await readExtents(source, field));
  }
  return {
    type: whole(1),
    shape: storedShape(shapeField ? await readShape(source, shapeField) : [], `"${key}"`),
    shard: whole(3),
    offset: whole(4),
    size: whole(5),
    slices,
  };
}

interface Shard {
  readonly path: string;
  readonly byteLength: number;
}

/** Where an entry's bytes are: inside its shard, and as many as its shape says. */
function place(entry: Entry, name: string, shards: readonly Shard[], indexPath: string): FileRange {
  const shard = shards[entry.shard];
  if (!shard) {
    throw fail(
      indexPath,
      'BUNDLE_CORRUPT',
      t('"{0}": found data file {1}, expected one of {2}', name, entry.shard, shards.length),
    );
  }
  if (entry.offset + entry.size > shard.byteLength) {
    throw new Failure(
      'input',
      'SHARD_SHORT',
      t(
        '{0}: ends at byte {1}, expected "{2}" up to byte {3}; copy it again',
        shard.path,
        shard.byteLength,
        name,
        entry.offset + entry.size,
      ),
      { path: shard.path },
    );
  }
  const dtype = dtypeOf(entry.type);
  const expected = dtype ? sizeOf(entry.shape) * ITEM_BYTES[dtype] : entry.size;
  if (expected !== entry.size) {
    throw fail(
      indexPath,
      'BUNDLE_CORRUPT',
      t(
        '"{0}": found {1} bytes, expected {2} for [{3}] of {4}',
        name,
        entry.size,
        expected,
        entry.shape.join(', '),
        dataTypeName(entry.type),
      ),
    );
  }
  return { path: shard.path, offset: entry.offset, byteLength: entry.size };
}

async function measureShards(indexPath: string, count: number): Promise<readonly Shard[]> {
  const prefix = indexPath.slice(0, -INDEX_SUFFIX.length);
  const shards: Shard[] = [];
  for (let index = 0; index < count; index++) {
    const digits = (value: number) => String(value).padStart(5, '0');
    const shard = `${prefix}.data-${digits(index)}-of-${digits(count)}`;
    const stats = await statFile(shard).catch((cause: unknown) => {
      throw new Failure(
        'input',
        'SHARD_MISSING',
        t('{0}: its data file {1} is missing; expected it at {2}', indexPath, path.basename(shard), shard),
        { path: shard, cause },
      );
    });
    shards.push({ path: shard, byteLength: stats.size });
  }
  return shards;
}

/**
 * The one text of a scalar string tensor: its length, a checksum of that, then its bytes.
 * @throws Failure `BUNDLE_CORRUPT`, `BUNDLE_TOO_LARGE`
 */
export async function readScalarText(
  tensor: BundleTensor,
  indexPath: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = tensor.ranges.reduce((sum, range) => sum + range.byteLength, 0);
  if (size > MAX_OBJECT_GRAPH_BYTES) {
    throw fail(
      indexPath,
      'BUNDLE_TOO_LARGE',
      t('"{0}": found {1} bytes, expected at most {2}', tensor.key, size, MAX_OBJECT_GRAPH_BYTES),
    );
  }
  const files = new ByteSource();
  const bytes = await files.read(tensor.ranges).finally(() => files.close());
  const { value, next } = readVarint(bytes, 0, 0, bytes.length);
  const start = next + 4;
  if (tensor.type !== DT_STRING || tensor.shape.length > 0 || value !== BigInt(bytes.length - start)) {
    throw fail(
      indexPath,
      'BUNDLE_CORRUPT',
      t('"{0}": found no text of {1} bytes, expected one', tensor.key, bytes.length),
    );
  }
  return bytes.slice(start);
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

function textOf(key: Uint8Array, indexPath: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: key[0] !== 0 }).decode(key);
  } catch (cause) {
    throw new Failure('input', 'BUNDLE_CORRUPT', t('{0}: found a name that is not UTF-8', indexPath), {
      path: indexPath,
      cause,
    });
  }
}

function fail(indexPath: string, code: string, message: string): Failure {
  return new Failure('input', code, `${indexPath}: ${message}`, { path: indexPath });
}
