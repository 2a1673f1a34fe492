import { below, chance, pick } from '../draw';
import { mutateBytes } from './bytes';
import type { Mutator } from './mutator';

const BLOCK = 512;
const SIZE_AT = 124;
const CHECKSUM_AT = 148;

/** A tar with a member's content or header changed, its length kept and the header's checksum true. */
export function mutateTar(inner: (name: string) => Mutator): Mutator {
  return (bytes, random) => {
    const buffer = Buffer.from(bytes);
    const members = membersOf(buffer);
    if (members.length === 0) return undefined;
    const { at, size } = pick(random, members);
    if (chance(random, 0.7)) {
      const content = buffer.subarray(at + BLOCK, at + BLOCK + size);
      const name = buffer.toString('latin1', at, at + 100).replace(/\0.*$/s, '');
      const damaged = inner(name)(content, random) ?? mutateBytes(content, random);
      if (damaged) content.set(damaged.subarray(0, content.length));
      return buffer;
    }
    const header = buffer.subarray(at, at + BLOCK);
    const odd = [
      '77777777777\0',
      '00000000000\0',
      '-0000000001\0',
      '99999999999\0',
      '\x80\xff\xff\xff\0\0\0\x01',
    ];
    if (chance(random, 0.5)) header.write(pick(random, odd), SIZE_AT, 'latin1');
    else header.set(mutateBytes(header.subarray(0, 257).slice(), random)?.subarray(0, 257) ?? []);
    header.fill(' ', CHECKSUM_AT, CHECKSUM_AT + 8);
    const sum = header.reduce((total, byte) => total + byte, 0);
    if (chance(random, 0.9)) header.write(`${sum.toString(8).padStart(6, '0')}\0 `, CHECKSUM_AT, 'latin1');
    if (chance(random, 0.1)) return buffer.subarray(0, below(random, buffer.length));
    return buffer;
  };
}

function membersOf(buffer: Buffer): readonly { readonly at: number; readonly size: number }[] {
  const members: { at: number; size: number }[] = [];
  for (let at = 0; at + BLOCK <= buffer.length;) {
    if (buffer.toString('latin1', at + 257, at + 262) !== 'ustar') break;
    const size = parseInt(buffer.toString('latin1', at + SIZE_AT, at + SIZE_AT + 12), 8);
    if (!Number.isSafeInteger(size) || size < 0) break;
    members.push({ at, size });
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  return members;
}
