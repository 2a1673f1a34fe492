import { sizeOf, type DType, type FileRange, type WeightSource } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import type { WireField, WireRange } from '../protobuf/wire';
import { int64Of } from '../protobuf/wire';
import { scanFields, type WireSource } from '../protobuf/wireSource';
import { ITEM_BYTES, toFloat32 } from '../weightBytes';
import { MAX_PIECES, MAX_SETTING_NUMBERS } from './bounds';
import { dtypeOf } from './dataTypes';
import type { StoredTensor } from './graphDef';
import { readShape, storedShape } from './tensorShape';

/** Fields of a `TensorProto` in which numbers are as they are in memory: all of them, float32, float64. */
const CONTENT = 4;
const PLAIN: Readonly<Partial<Record<DType, number>>> = { float32: 5, float64: 6 };
/** Fields in which numbers are of changing length, by type. */
const VARYING: Readonly<Partial<Record<DType, number>>> = {
  int32: 7,
  int16: 7,
  int8: 7,
  uint8: 7,
  uint16: 7,
  int64: 10,
  bool: 11,
  float16: 13,
  bfloat16: 13,
};
const STRINGS = 8;

/** A constant: where its numbers are, and the numbers themselves where they are few. */
export async function readTensor(source: WireSource, range: WireRange): Promise<StoredTensor> {
  const fields = await scanFields(source, range);
  const type = Number(fields.findLast((field) => field.number === 1)?.value ?? 0n);
  const shapeField = fields.findLast((field) => field.number === 2);
  const shape = storedShape(shapeField ? await readShape(source, shapeField) : [], t('a constant'));
  const dtype = dtypeOf(type);
  if (!dtype) {
    const texts: string[] = [];
    for (const field of fields.filter(({ number }) => number === STRINGS).slice(0, MAX_PIECES)) {
      texts.push(new TextDecoder().decode(await source.bytes(field)));
    }
    return { type, shape, texts };
  }
  const of = (number: number | undefined) => fields.filter((field) => field.number === number);
  const content = of(CONTENT).filter((field) => field.byteLength > 0);
  const plain = content.length > 0 ? content : of(PLAIN[dtype]);
  if (plain.length > 0) {
    const stored = plain.map((field) => source.fileRange(field));
    const numbers = await fewNumbers(source, plain, dtype);
    const from = repeatLast(stored, shape, dtype);
    return { type, shape, ...(from && { source: from }), ...(numbers && { numbers }) };
  }
  return { type, shape, ...(await readVarying(source, of(VARYING[dtype]), shape, dtype)) };
}

async function fewNumbers(source: WireSource, fields: readonly WireField[], dtype: DType) {
  const bytes = fields.reduce((sum, field) => sum + field.byteLength, 0);
  if (bytes > MAX_SETTING_NUMBERS * ITEM_BYTES[dtype]) return undefined;
  const parts: number[] = [];
  for (const field of fields) {
    const part = (await source.bytes(field)).slice();
    if (part.length % ITEM_BYTES[dtype] === 0) parts.push(...toFloat32(part, dtype));
  }
  return parts;
}

/** Numbers that are left out at the end are all like the last one. */
function repeatLast(
  stored: readonly FileRange[],
  shape: readonly number[],
  dtype: DType,
): WeightSource | undefined {
  const item = ITEM_BYTES[dtype];
  const expected = sizeOf(shape) * item;
  const found = stored.reduce((sum, range) => sum + range.byteLength, 0);
  const last = stored.at(-1);
  if (!last || found === 0 || found % item !== 0 || found > expected || stored.length > MAX_PIECES) {
    return undefined;
  }
  if (found === expected) return { from: 'ranges', ranges: stored };
  if (found === item) return { from: 'ranges', ranges: stored, strides: shape.map(() => 0) };
  const missing = (expected - found) / item;
  if (missing > MAX_PIECES) return undefined;
  const end = { ...last, offset: last.offset + last.byteLength - item, byteLength: item };
  return { from: 'ranges', ranges: [...stored, ...Array.from({ length: missing }, () => end)] };
}

/** Such numbers are read now; as a weight they serve only where all are alike. */
async function readVarying(
  source: WireSource,
  fields: readonly WireField[],
  shape: readonly number[],
  dtype: DType,
): Promise<Pick<StoredTensor, 'source' | 'numbers'>> {
  const numbers: number[] = [];
  for (const field of fields) {
    const values =
      field.type === 'bytes' ? await source.packedInts(field) : [int64Of(field.value, t('a number'))];
    for (const value of values) {
      if (numbers.length === MAX_SETTING_NUMBERS) return {};
      numbers.push(dtype === 'float16' || dtype === 'bfloat16' ? halfOf(value, dtype) : value);
    }
  }
  // A constant without any number is all zeros.
  const [first = 0] = numbers;
  if (numbers.length === 0) numbers.push(0);
  if (!numbers.every((value) => value === first) || sizeOf(shape) === 0) return { numbers };
  const initializer = { kind: 'Constant', config: { value: first } };
  return { numbers, source: { from: 'initializer', initializer, seed: 0 } };
}

function halfOf(bits: number, dtype: 'float16' | 'bfloat16'): number {
  return toFloat32(new Uint8Array([bits & 0xff, (bits >> 8) & 0xff]), dtype)[0] ?? 0;
}
