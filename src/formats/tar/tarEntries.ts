import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import { readHead, statFile } from '../byteSource';

const BLOCK = 512;

/** Where a header has its fields. Source: POSIX.1-1988 (ustar). */
const NAME = { offset: 0, length: 100 };
const SIZE = { offset: 124, length: 12 };
const CHECKSUM = { offset: 148, length: 8 };
const TYPE_OFFSET = 156;
const MAGIC = { offset: 257, text: 'ustar' };
/** What a name begins with where it does not fit; GNU's headers have other things there. */
const PREFIX = { offset: 345, length: 155 };
const POSIX_MAGIC = 'ustar\0';

/** A name in an entry of its own, as GNU and pax write long ones; systems allow 4096 bytes. */
const MAX_LONG_NAME_BYTES = 16 * 1024;

export const TAR_HEAD_BYTES = BLOCK;

export function isTarHead(head: Uint8Array): boolean {
  return textAt(head, { offset: MAGIC.offset, length: MAGIC.text.length }) === MAGIC.text;
}

/** An entry as its header describes it: nothing is checked but that its bytes are in the file. */
export interface TarEntry {
  /** As it is written, which may lead anywhere. */
  readonly name: string;
  /** `note`: about the entry that follows, or about all of them. */
  readonly type: 'file' | 'folder' | 'note' | 'other';
  readonly range: FileRange;
}

/**
 * The entries of a tar file, one header at a time; whoever reads them decides how many are enough.
 * @param code of the failure that damage is
 */
export async function* tarEntries(path: string, code: string): AsyncGenerator<TarEntry> {
  const { size } = await statFile(path);
  let longName: string | undefined;
  for (let offset = 0; offset + BLOCK <= size;) {
    const header = await readHead(path, BLOCK, { path, offset, byteLength: BLOCK });
    if (header.every((byte) => byte === 0)) return;
    refuseBadChecksum(path, header, offset, code);
    const byteLength = octalAt(path, header, SIZE, offset, code);
    const range = { path, offset: offset + BLOCK, byteLength };
    if (range.offset + byteLength > size) {
      throw damagedTar(
        path,
        code,
        t('the end at byte {0} inside an entry', size),
        t('{0} bytes', range.offset + byteLength),
      );
    }
    const letter = String.fromCharCode(header[TYPE_OFFSET]!);
    const type = TYPES[letter] ?? 'other';
    yield { name: longName ?? nameIn(header), type, range };
    if (type !== 'note') longName = undefined;
    else longName = (await longNameIn(range, letter)) ?? longName;
    offset = range.offset + Math.ceil(byteLength / BLOCK) * BLOCK;
  }
}

/** By the letter in the header: a long name in GNU's way (`L`) or pax's (`x`), and what pax says of all (`g`). */
const TYPES: Readonly<Record<string, TarEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'folder',
  L: 'note',
  x: 'note',
  g: 'note',
};

export function damagedTar(path: string, code: string, found: string, expected: string): Failure {
  const message = t('{0}: found {1}, expected {2}; copy or download it again', path, found, expected);
  return new Failure('input', code, message, { path });
}

function nameIn(header: Uint8Array): string {
  const name = textAt(header, NAME);
  const magic = Buffer.from(header.subarray(MAGIC.offset, MAGIC.offset + POSIX_MAGIC.length));
  const prefix = magic.toString('latin1') === POSIX_MAGIC ? textAt(header, PREFIX) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

async function longNameIn(range: FileRange, letter: string): Promise<string | undefined> {
  if (letter === 'g') return undefined;
  const text = Buffer.from(await readHead(range.path, MAX_LONG_NAME_BYTES, range)).toString('utf8');
  if (letter === 'L') return text.split('\0', 1)[0];
  return /^\d+ path=([^\n]*)$/m.exec(text)?.[1];
}

/** The sum of a header's bytes, its own field as blanks. */
function refuseBadChecksum(path: string, header: Uint8Array, offset: number, code: string): void {
  const { offset: from, length } = CHECKSUM;
  const sum = header.reduce((all, byte, at) => all + (at >= from && at < from + length ? 0x20 : byte), 0);
  const said = octalAt(path, header, CHECKSUM, offset, code);
  if (sum !== said) throw damagedTar(path, code, t('a checksum of {0} at byte {1}', said, offset), `${sum}`);
}

function octalAt(path: string, header: Uint8Array, field: typeof SIZE, offset: number, code: string): number {
  const digits = textAt(header, field).trim();
  if (/^[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  const found = t('the number {0} in the header at byte {1}', JSON.stringify(digits), offset);
  throw damagedTar(path, code, found, t('an octal one'));
}

function textAt(bytes: Uint8Array, { offset, length }: typeof SIZE): string {
  const field = Buffer.from(bytes.subarray(offset, offset + length)).toString('latin1');
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}
