import { Failure } from '../../core/failure';
import type { FileRange } from '../../core/graph/layerGraph';
import { readHead, statFile } from '../byteSource';

const BLOCK = 512;

/** Where a header has its fields. */
const NAME = { offset: 0, length: 100 };
const SIZE = { offset: 124, length: 12 };
const CHECKSUM = { offset: 148, length: 8 };
const TYPE_OFFSET = 156;
const MAGIC = { offset: 257, text: 'ustar' };

/** PyTorch's archives have four files, and a few headers of other kinds between them. */
const MAX_TAR_ENTRIES = 32;

/** What a PyTorch archive of that time holds. */
const MEMBERS = ['storages', 'tensors', 'pickle'] as const;

export type TarMembers = Readonly<Record<(typeof MEMBERS)[number], FileRange>>;

export function isTarHead(head: Uint8Array): boolean {
  return textAt(head, { offset: MAGIC.offset, length: MAGIC.text.length }) === MAGIC.text;
}

export const TAR_HEAD_BYTES = BLOCK;

/** Whether a tar file holds what `torch.save` wrote before 0.1.10. */
export async function isTorchTar(path: string): Promise<boolean> {
  const entries = await listTar(path);
  return MEMBERS.every((name) => entries.has(name));
}

/** @throws Failure `PYTORCH_TAR` */
export async function membersOf(path: string): Promise<TarMembers> {
  const entries = await listTar(path);
  const member = (name: string) => {
    const range = entries.get(name);
    if (range) return range;
    const held = [...entries.keys()].slice(0, 5).join(', ') || 'nothing';
    throw damaged(path, `a tar archive of ${held}`, `one with "${name}", as PyTorch before 0.1.10 wrote it`);
  };
  return { storages: member('storages'), tensors: member('tensors'), pickle: member('pickle') };
}

async function listTar(path: string): Promise<ReadonlyMap<string, FileRange>> {
  const { size } = await statFile(path);
  const entries = new Map<string, FileRange>();
  for (let offset = 0, count = 0; offset + BLOCK <= size && count < MAX_TAR_ENTRIES; count++) {
    const header = await readHead(path, BLOCK, { path, offset, byteLength: BLOCK });
    if (header.every((byte) => byte === 0)) break;
    refuseBadChecksum(path, header, offset);
    const byteLength = octalAt(path, header, SIZE, offset);
    const start = offset + BLOCK;
    if (start + byteLength > size) {
      throw damaged(path, `the end at byte ${size} inside an entry`, `${start + byteLength} bytes`);
    }
    const type = String.fromCharCode(header[TYPE_OFFSET]!);
    if (type === '0' || type === '\0') {
      const name = textAt(header, NAME).replace(/^\.\//, '');
      if (!entries.has(name)) entries.set(name, { path, offset: start, byteLength });
    }
    offset = start + Math.ceil(byteLength / BLOCK) * BLOCK;
  }
  return entries;
}

/** The sum of a header's bytes, its own field as blanks. */
function refuseBadChecksum(path: string, header: Uint8Array, offset: number): void {
  const { offset: from, length } = CHECKSUM;
  const sum = header.reduce((all, byte, at) => all + (at >= from && at < from + length ? 0x20 : byte), 0);
  const said = octalAt(path, header, CHECKSUM, offset);
  if (sum !== said) throw damaged(path, `a checksum of ${said} at byte ${offset}`, `${sum}`);
}

function octalAt(path: string, header: Uint8Array, field: typeof SIZE, offset: number): number {
  const digits = textAt(header, field).trim();
  if (/^[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  throw damaged(path, `the number ${JSON.stringify(digits)} in the header at byte ${offset}`, 'an octal one');
}

function textAt(bytes: Uint8Array, { offset, length }: typeof SIZE): string {
  const field = Buffer.from(bytes.subarray(offset, offset + length)).toString('latin1');
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}

function damaged(path: string, found: string, expected: string): Failure {
  return new Failure(
    'input',
    'PYTORCH_TAR',
    `${path}: found ${found}, expected ${expected}; copy or download it again`,
    {
      path,
    },
  );
}
