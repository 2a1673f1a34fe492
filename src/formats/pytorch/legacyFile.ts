import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { ByteSource, statFile } from '../byteSource';
import { FIRST_PICKLE_BYTES, MAX_PICKLE_BYTES } from './bounds';
import { torchMeaning, type TorchMeaning } from './meaning';
import { PickleEnd } from './pickle/cursor';
import type { PickleMeaning } from './pickle/machine';
import { refusePickleEnd, unpickle } from './pickle/unpickle';
import { sequence, type PickleValue } from './pickle/values';
import type { TorchFile } from './torchFile';
import { t } from '../../l10n/translate';

/** The first pickle of a legacy file, as PyTorch has it in `torch.serialization`. */
const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;

/** Of the magic number, as a pickle has them; they come within the first bytes. */
const MAGIC_BYTES = Buffer.from('6cfc9c46f9206aa85019', 'hex');
export const LEGACY_HEAD_BYTES = 32;

/** Before each storage's numbers, how many there are. */
const COUNT_BYTES = 8;

export function isLegacyHead(head: Uint8Array): boolean {
  return isPickleHead(head) && Buffer.from(head).includes(MAGIC_BYTES);
}

/** Whether bytes begin as a pickle of protocol 2 or later does. */
export function isPickleHead(head: Uint8Array): boolean {
  return head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5;
}

/**
 * Reads a file as PyTorch wrote it before 1.6: pickles one after the other (a magic number, a version, the writer's
 * machine, the value, the keys of its storages), then each storage's length and numbers, little-endian on any machine.
 * @throws Failure `PICKLE_…`, `PYTORCH_…`
 */
export async function readLegacyFile(path: string): Promise<TorchFile> {
  const stream = await PickleStream.open(path);
  try {
    const magic = await stream.next(t('its magic number'), torchMeaning);
    if (magic.value !== MAGIC_NUMBER) {
      throw new Failure(
        'input',
        'PYTORCH_PLAIN_PICKLE',
        t(
          '{0}: is a Python pickle that torch.save did not write; load it in Python and save the state dict with torch.save',
          path,
        ),
        { path },
      );
    }
    const version = await stream.next(t('its version'), torchMeaning);
    if (version.value !== PROTOCOL_VERSION) {
      throw corrupt(path, t('version {0}', String(version.value)), `${PROTOCOL_VERSION}`);
    }
    await stream.next(t("its writer's machine"), torchMeaning);
    const { value, meaning } = await stream.next(t('its value'), torchMeaning);
    const { value: keys } = await stream.next(t('its list of storages'), torchMeaning);
    const places = await placeStorages(path, stream, keys, meaning);
    return {
      value,
      foreign: meaning.foreign,
      byteOrder: 'little',
      placeOf({ key }) {
        const place = places.get(key);
        return place
          ? Promise.resolve(place)
          : Promise.reject(corrupt(path, t('no storage "{0}"', key), t('it in the list of storages')));
      },
    };
  } finally {
    await stream.close();
  }
}

async function placeStorages(
  path: string,
  stream: PickleStream,
  keys: PickleValue,
  { storages }: TorchMeaning,
): Promise<ReadonlyMap<string, FileRange>> {
  const places = new Map<string, FileRange>();
  let offset = stream.position;
  for (const key of sequence(keys) ?? []) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage || places.has(storage.key)) {
      throw corrupt(
        path,
        t('the storage {0} in the list', String(key).slice(0, 40)),
        t('each that is used, once'),
      );
    }
    const count = Number(await stream.int64At(offset));
    if (count !== storage.keyLength) {
      throw corrupt(path, t('a storage of {0} numbers at byte {1}', count, offset), `${storage.keyLength}`);
    }
    const byteLength = count * storage.type.bytes;
    offset += COUNT_BYTES;
    if (offset + byteLength > stream.size) {
      throw corrupt(
        path,
        t('the end at byte {0} inside the storage "{1}"', stream.size, storage.key),
        t('{0} bytes; copy or download it again', offset + byteLength),
      );
    }
    places.set(storage.key, { path, offset, byteLength });
    offset += byteLength;
  }
  return places;
}

/** Pickles from the front of a file. Nothing says how long one is, so that more is read until it ends. */
class PickleStream {
  private readonly source = new ByteSource();
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  position = 0;

  private constructor(
    readonly path: string,
    readonly size: number,
  ) {}

  static async open(path: string): Promise<PickleStream> {
    return new PickleStream(path, (await statFile(path)).size);
  }

  /** @param makeMeaning called again where a pickle is read again, with more bytes */
  async next<Meaning extends PickleMeaning>(
    part: string,
    makeMeaning: () => Meaning,
  ): Promise<{ readonly value: PickleValue; readonly meaning: Meaning }> {
    const place = { path: this.path, part };
    for (;;) {
      const meaning = makeMeaning();
      const read = () => unpickle(this.bytes, this.position, meaning, place);
      const last = this.bytes.length >= this.size;
      try {
        const { value, end } = last ? refusePickleEnd(place, this.bytes.length, read) : read();
        this.position = end;
        return { value, meaning };
      } catch (cause) {
        if (!(cause instanceof PickleEnd)) throw cause;
        await this.readMore(part);
      }
    }
  }

  async int64At(offset: number): Promise<bigint> {
    if (offset + COUNT_BYTES > this.size) {
      throw corrupt(this.path, t('the end at byte {0}', this.size), t('a storage at byte {0}', offset));
    }
    const bytes = await this.source.read([{ path: this.path, offset, byteLength: COUNT_BYTES }]);
    return new DataView(bytes.buffer).getBigInt64(0, true);
  }

  close(): Promise<void> {
    return this.source.close();
  }

  private async readMore(part: string): Promise<void> {
    if (this.bytes.length >= MAX_PICKLE_BYTES) {
      const { path } = this;
      const found = t('{0} beyond byte {1}', part, MAX_PICKLE_BYTES);
      const message = t('{0}: found {1}, expected the pickles of a model to end before', path, found);
      throw new Failure('input', 'PICKLE_LIMIT', message, { path });
    }
    const wanted = Math.max(FIRST_PICKLE_BYTES, 4 * this.bytes.length);
    const byteLength = Math.min(wanted, this.size, MAX_PICKLE_BYTES);
    this.bytes = await this.source.read([{ path: this.path, offset: 0, byteLength }]);
  }
}

function corrupt(path: string, found: string, expected: string): Failure {
  return new Failure('input', 'PYTORCH_STORAGE', t('{0}: found {1}, expected {2}', path, found, expected), {
    path,
  });
}
