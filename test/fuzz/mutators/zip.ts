import { inflateRawSync } from 'node:zlib';
import type { Random } from '../../../src/data/random';
import { rawZip, type RawEntry } from '../../support/rawZip';
import { below, chance, pick } from '../draw';
import type { Mutator } from './mutator';
import { oddNumber } from './numbers';

/** An entry of an archive, unpacked. */
interface Entry {
  readonly name: string;
  readonly data: Buffer;
}

/**
 * An archive made anew: an entry's content damaged as its kind asks for, under a checksum that is true, or a header that
 * lies.
 * @param inner what damages an entry
 */
export function mutateZip(inner: (name: string) => Mutator): Mutator {
  return (bytes, random) => {
    const entries = entriesOf(Buffer.from(bytes));
    if (!entries || entries.length === 0) return undefined;
    const made: RawEntry[] = entries.map(({ name, data }) => ({ name, data }));
    if (chance(random, 0.6)) {
      const at = heavy(entries, random);
      const { name, data } = entries[at]!;
      made[at] = { name, data: inner(name)(data, random) ?? data, deflate: chance(random, 0.1) };
    } else pick(random, WAYS)(made, random);
    const end = chance(random, 0.05) ? { count: below(random, 70_000) & 0xffff } : {};
    return rawZip(made, end);
  };
}

/** Entries that say how a model is built have most of what can be wrong. */
function heavy(entries: readonly Entry[], random: Random): number {
  const telling = [...entries.keys()].filter((at) => /\.(json|pkl|h5|npy)$/.test(entries[at]!.name));
  return telling.length > 0 && chance(random, 0.9) ? pick(random, telling) : below(random, entries.length);
}

type Way = (entries: RawEntry[], random: Random) => void;

const change =
  (lie: (entry: RawEntry, random: Random) => Partial<RawEntry>): Way =>
  (entries, random) => {
    const at = below(random, entries.length);
    entries[at] = { ...entries[at]!, ...lie(entries[at]!, random) };
  };

const number32 = (random: Random, before: number): number =>
  Number(oddNumber(random, BigInt(before), 70_000) & 0xffffffffn);

const length = ({ data }: RawEntry): number => data?.length ?? 0;

const NAMES = [
  ...[
    '../evil',
    '/etc/passwd',
    '',
    'a\0b',
    'C:\\x',
    'a\\b',
    'config.json',
    'x'.repeat(3000),
    'data.pkl',
    '\u001b[1m',
  ],
  ...['archive/data/0', 'model.weights.h5', 'model.weights.json', 'archive/version', '.', '..', 'a/', 'a\nb'],
];

const WAYS: readonly Way[] = [
  change((_, random) => ({ name: pick(random, NAMES) })),
  change((entry, random) => ({ size: number32(random, length(entry)) })),
  change((entry, random) => ({ compressedSize: number32(random, length(entry)) })),
  change((_, random) => ({ offset: number32(random, 0) })),
  change((_, random) => ({ crc: number32(random, 0) })),
  change((_, random) => ({ method: pick(random, [1, 8, 9, 12, 14, 93, 99, 0xffff]) })),
  change((_, random) => ({ flags: pick(random, [0, 1, 8, 0x2000, 0xffff]) })),
  change(() => ({ deflate: true })),
  (entries, random) => void entries.splice(below(random, entries.length), 1),
  (entries, random) => void entries.push({ ...pick(random, entries) }),
  (entries, random) => void entries.unshift(...entries.splice(below(random, entries.length), 1)),
  (entries, random) => {
    const [a, b] = [below(random, entries.length), below(random, entries.length)];
    const [one, other] = [entries[a]!, entries[b]!];
    entries[a] = { ...one, name: other.name };
    entries[b] = { ...other, name: one.name };
  },
];

/** By the directory at the archive's end; nothing where that is damaged. */
function entriesOf(bytes: Buffer): readonly Entry[] | undefined {
  const end = bytes.lastIndexOf('PK\u0005\u0006');
  if (end < 0 || end + 22 > bytes.length) return undefined;
  const count = bytes.readUInt16LE(end + 10);
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return undefined;
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength!);
    const local = bytes.readUInt32LE(at + 42);
    if (local + 30 > bytes.length) return undefined;
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
    try {
      entries.push({ name, data: bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed });
    } catch {
      return undefined;
    }
    at += 46 + nameLength! + extra! + comment!;
  }
  return entries;
}
