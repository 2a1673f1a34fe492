import type { Random } from '../../src/data/random';
import { pick } from './draw';
import { mutateBytes } from './mutators/bytes';
import { mutateEmbeddedJson } from './mutators/embeddedJson';
import { mutateHdf5 } from './mutators/hdf5';
import { mutateJson } from './mutators/json';
import { mutateLines } from './mutators/lines';
import type { Mutator } from './mutators/mutator';
import { mutatePickle } from './mutators/pickle';
import { mutateProtobuf } from './mutators/protobuf';
import { mutateSafetensors } from './mutators/safetensors';
import { mutateTable } from './mutators/table';
import { mutateTar } from './mutators/tar';
import { mutateText } from './mutators/text';
import { mutateZip } from './mutators/zip';

/** What knows a content's structure, by how the content begins or what it is called; more often what finds more. */
interface Kind {
  readonly is: (name: string, bytes: Uint8Array) => boolean;
  readonly mutators: readonly Mutator[];
}

const begins =
  (...head: readonly number[]) =>
  (_name: string, bytes: Uint8Array) =>
    head.every((byte, index) => bytes[index] === byte);

const named = (pattern: RegExp) => (name: string) => pattern.test(name);

/** Of an entry in an archive, or a member of a tar. */
const inner =
  (name: string): Mutator =>
  (bytes, random) =>
    mutateContent(name, bytes, random);

const KINDS: readonly Kind[] = [
  { is: named(/\.jsonl$/), mutators: [mutateLines, mutateLines, mutateLines, mutateBytes] },
  { is: begins(0x7b), mutators: [mutateJson, mutateJson, mutateJson, mutateBytes] },
  { is: begins(0x50, 0x4b), mutators: [...Array<Mutator>(4).fill(mutateZip(inner)), mutateBytes] },
  {
    is: begins(0x89, 0x48, 0x44, 0x46),
    mutators: [mutateHdf5, mutateHdf5, mutateHdf5, mutateEmbeddedJson, mutateEmbeddedJson, mutateBytes],
  },
  { is: named(/\.safetensors$/), mutators: [mutateSafetensors, mutateSafetensors, mutateBytes] },
  { is: named(/\.index$/), mutators: [mutateTable, mutateTable, mutateTable, mutateBytes] },
  {
    is: named(/\.(pb|onnx|meta)$/),
    mutators: [...Array<Mutator>(5).fill(mutateProtobuf), mutateEmbeddedJson, mutateBytes],
  },
  {
    is: (_name, bytes) => Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar',
    mutators: [...Array<Mutator>(4).fill(mutateTar(inner)), mutateBytes],
  },
  { is: begins(0x80), mutators: [mutatePickle, mutatePickle, mutatePickle, mutateBytes] },
  { is: named(/\.csv$/), mutators: [mutateText, mutateBytes] },
];

/** A file's content with something wrong, by the structure it has. */
export function mutateContent(name: string, bytes: Uint8Array, random: Random): Uint8Array {
  const mutators = KINDS.find(({ is }) => is(name, bytes))?.mutators ?? [mutateBytes];
  // No Buffer, whose `slice` copies nothing where an array's does.
  const own = new Uint8Array(bytes);
  return pick(random, mutators)(own, random) ?? mutateBytes(own, random) ?? own;
}
