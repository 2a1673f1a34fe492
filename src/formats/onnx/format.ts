import path from 'node:path';
import { Failure } from '../../core/failure';
import { statFile } from '../byteSource';
import type { Format } from '../format';
import type { WireField } from '../protobuf/wire';
import { scanFields, WireSource } from '../protobuf/wireSource';
import { readOnnx } from './read';
import { writeOnnx } from './write';

/** Fields of ModelProto, and how each is stored. */
const FIELDS: Readonly<Record<number, WireField['type']>> = {
  1: 'varint',
  2: 'bytes',
  3: 'bytes',
  4: 'bytes',
  5: 'varint',
  6: 'bytes',
  7: 'bytes',
  8: 'bytes',
  14: 'bytes',
  20: 'bytes',
  25: 'bytes',
  26: 'bytes',
};

const IR_VERSION = 1;
const GRAPH = 7;

/** Bytes enough for the first field of a model, which has no magic. */
const HEAD_BYTES = 16;

export const onnxFormat: Format = {
  name: 'onnx',
  title: 'ONNX',
  extensions: ['.onnx'],
  async detect(given) {
    const stats = await statFile(given);
    if (!stats.isFile() || stats.size === 0) return false;
    const source = await WireSource.open(given);
    try {
      if (path.extname(given).toLowerCase() === '.onnx') return await mayBegin(source);
      const fields = await scanFields(source, source.whole);
      const has = (number: number) => fields.some((field) => field.number === number);
      return has(IR_VERSION) && has(GRAPH) && fields.every(isField);
    } catch (cause) {
      if (cause instanceof Failure) return false;
      throw cause;
    } finally {
      await source.close();
    }
  },
  read: readOnnx,
  write: writeOnnx,
};

/** A file of that extension is ours to refuse unless it begins as something else. */
async function mayBegin(source: WireSource): Promise<boolean> {
  const head = await source.bytes({ offset: 0, byteLength: Math.min(HEAD_BYTES, source.byteLength) });
  const [tag = 0] = head;
  const type = { 0: 'varint', 2: 'bytes' }[tag & 7];
  return tag < 0x80 && type !== undefined && FIELDS[tag >> 3] === type;
}

const isField = ({ number, type }: WireField): boolean => FIELDS[number] === type;
