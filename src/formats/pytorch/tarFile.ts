import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { ByteSource } from '../byteSource';
import { MAX_MODEL_PARTS, MAX_PICKLE_BYTES, MAX_RANK, TAR_WINDOW_BYTES } from './bounds';
import { torchMeaning, type TorchMeaning } from './meaning';
import { PickleEnd } from './pickle/cursor';
import { PickleError } from './pickle/pickleError';
import { refusePickleEnd, unpickle } from './pickle/unpickle';
import { describeValue, GlobalName, sequence, StorageValue, TensorValue } from './pickle/values';
import type { PickleValue } from './pickle/values';
import { membersOf } from './tarArchive';
import type { TorchFile } from './torchFile';
import { storageTypeAt } from './types';
import { t } from '../../l10n/translate';

/** Whole numbers of a member, little-endian. */
const INT64_BYTES = 8;

/**
 * Reads a file as PyTorch wrote it before 0.1.10: a tar of `storages` (each with its numbers behind its pickle),
 * `tensors` (views of them) and `pickle`, which refers to both by number. As `legacy_load` of torch/serialization.py.
 * @throws Failure `PYTORCH_TAR`, `PICKLE_…`, `PYTORCH_STORAGE`
 */
export async function readTarFile(path: string): Promise<TorchFile> {
  const members = await membersOf(path);
  const source = new ByteSource();
  try {
    const { storages, places } = await readStorages(new Member(source, members.storages, 'storages'));
    const tensors = await readTensors(new Member(source, members.tensors, 'tensors'), storages);
    const { byteLength } = members.pickle;
    if (byteLength > MAX_PICKLE_BYTES) {
      throw corrupt(path, t('a pickle of {0} bytes', byteLength), t('at most {0}', MAX_PICKLE_BYTES));
    }
    const meaning = tarMeaning(storages, tensors);
    const place = { path, part: 'pickle' };
    const bytes = await source.read([members.pickle]);
    const { value } = refusePickleEnd(place, bytes.length, () => unpickle(bytes, 0, meaning, place));
    return {
      value,
      foreign: meaning.foreign,
      byteOrder: 'little',
      // Only storages that were read are referred to.
      placeOf: ({ key }) => Promise.resolve(places.get(key)!),
    };
  } finally {
    await source.close();
  }
}

/** What the pickle means by its numbers; a class that is kept with its source code stands for itself. */
function tarMeaning(
  storages: ReadonlyMap<string, StorageValue>,
  tensors: ReadonlyMap<string, TensorValue>,
): TorchMeaning {
  return {
    ...torchMeaning(),
    persistent(id) {
      const [container] = sequence(id) ?? [];
      if (container !== undefined) return container;
      const found = tensors.get(String(id)) ?? storages.get(String(id));
      if (found) return found;
      throw new PickleError(
        'PICKLE_INVALID',
        t('a reference to {0}', describeValue(id)),
        t('a tensor of the file'),
      );
    },
  };
}

interface Storages {
  readonly storages: ReadonlyMap<string, StorageValue>;
  readonly places: ReadonlyMap<string, FileRange>;
}

async function readStorages(member: Member): Promise<Storages> {
  const storages = new Map<string, StorageValue>();
  const places = new Map<string, FileRange>();
  for (let left = await member.count(); left > 0; left--) {
    const [id, , typeName] = sequence(await member.pickle()) ?? [];
    const type = typeName instanceof GlobalName ? storageTypeAt(typeName.path) : undefined;
    if (!type) throw member.corrupt(describeValue(typeName), t('a type of storage'));
    const key = keyOf(member, id);
    if (storages.has(key)) throw member.corrupt(t('the storage {0} a second time', key), t('each once'));
    const [length] = await member.int64s(1);
    places.set(key, member.skip(length! * type.bytes));
    storages.set(key, new StorageValue(key, type, length!, 0, length!));
  }
  for (const view of sequence(await member.pickle()) ?? []) {
    const [id, rootId, offset, length] = sequence(view) ?? [];
    const root = storages.get(keyOf(member, rootId));
    const inside = root && isCount(offset) && isCount(length) && offset + length <= root.length;
    if (!inside) throw member.corrupt(t('a view outside of its storage'), t('one inside it'));
    storages.set(keyOf(member, id), new StorageValue(root.key, root.type, length, offset, root.keyLength));
  }
  return { storages, places };
}

async function readTensors(
  member: Member,
  storages: ReadonlyMap<string, StorageValue>,
): Promise<ReadonlyMap<string, TensorValue>> {
  const tensors = new Map<string, TensorValue>();
  for (let left = await member.count(); left > 0; left--) {
    const [id, storageId] = sequence(await member.pickle()) ?? [];
    const storage = storages.get(keyOf(member, storageId));
    if (!storage)
      throw member.corrupt(t('a tensor of the storage {0}', String(storageId)), t('one of the file'));
    const rank = await member.rank();
    const shape = await member.int64s(rank);
    const strides = await member.int64s(rank);
    const [offset] = await member.int64s(1);
    tensors.set(
      keyOf(member, id),
      new TensorValue(storage, storage.type, offset!, shape, strides, true, undefined),
    );
  }
  return tensors;
}

/** Addresses in the memory of the program that wrote the file, which need more than 53 bits. */
function keyOf(member: Member, id: PickleValue | undefined): string {
  if (typeof id === 'number' || typeof id === 'bigint') return String(id);
  throw member.corrupt(describeValue(id), t('the number of a storage or tensor'));
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** One file of the archive, read from the front: pickles, and numbers behind them. */
class Member {
  /** What was read last, from `windowStart` on. */
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;
  private position = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly range: FileRange,
    private readonly name: string,
  ) {}

  /** How many follow. */
  async count(): Promise<number> {
    const value = await this.pickle();
    if (isCount(value) && value <= MAX_MODEL_PARTS) return value;
    throw this.corrupt(t('{0} entries', describeValue(value)), t('a number of at most {0}', MAX_MODEL_PARTS));
  }

  /** Nothing says how long a pickle is, so that more is read until it ends. */
  async pickle(): Promise<PickleValue> {
    const place = { path: this.range.path, part: this.name };
    for (let wanted = 1; ; wanted *= 4) {
      const bytes = await this.ahead(Math.min(wanted, this.left));
      const last = bytes.length >= Math.min(this.left, MAX_PICKLE_BYTES);
      const read = () => unpickle(bytes, 0, torchMeaning(), place);
      try {
        const { value, end } = last ? refusePickleEnd(place, this.range.byteLength, read) : read();
        this.position += end;
        return value;
      } catch (cause) {
        if (!(cause instanceof PickleEnd)) throw cause;
        wanted = Math.max(wanted, bytes.length);
      }
    }
  }

  /** Four bytes, and four more that older writers took for a part of it. */
  async rank(): Promise<number> {
    const rank = this.view(await this.take(INT64_BYTES)).getInt32(0, true);
    if (rank >= 0 && rank <= MAX_RANK) return rank;
    throw this.corrupt(t('a tensor of {0} sizes', rank), t('at most {0}', MAX_RANK));
  }

  async int64s(count: number): Promise<readonly number[]> {
    const view = this.view(await this.take(count * INT64_BYTES));
    return Array.from({ length: count }, (_, index) => {
      const value = Number(view.getBigInt64(index * INT64_BYTES, true));
      if (isCount(value)) return value;
      throw this.corrupt(t('the number {0}', value), t('a whole number of at least 0'));
    });
  }

  /** Where so many bytes are, which are not read. */
  skip(byteLength: number): FileRange {
    if (!(byteLength <= this.left))
      throw this.corrupt(t('{0} bytes', this.left), t('{0} for a storage', byteLength));
    const { path, offset } = this.range;
    const range = { path, offset: offset + this.position, byteLength };
    this.position += byteLength;
    return range;
  }

  corrupt(found: string, expected: string): Failure {
    return corrupt(this.range.path, t('{0} in {1} at byte {2}', found, this.name, this.position), expected);
  }

  private get left(): number {
    return this.range.byteLength - this.position;
  }

  private async take(length: number): Promise<Uint8Array> {
    if (length > this.left) throw this.corrupt(t('{0} bytes', this.left), `${length}`);
    const bytes = (await this.ahead(length)).subarray(0, length);
    this.position += length;
    return bytes;
  }

  /** At least so many bytes from here on, fewer only at the end. */
  private async ahead(length: number): Promise<Uint8Array> {
    const start = this.position - this.windowStart;
    if (start >= 0 && start + length <= this.window.length) return this.window.subarray(start);
    const byteLength = Math.min(this.left, Math.max(length, TAR_WINDOW_BYTES));
    const { path, offset } = this.range;
    this.window = await this.source.read([{ path, offset: offset + this.position, byteLength }]);
    this.windowStart = this.position;
    return this.window;
  }

  private view(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

function corrupt(path: string, found: string, expected: string): Failure {
  return new Failure('input', 'PYTORCH_STORAGE', t('{0}: found {1}, expected {2}', path, found, expected), {
    path,
  });
}
