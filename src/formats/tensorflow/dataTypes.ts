import type { DType } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';

/** TensorFlow's types by their numbers (tensorflow/core/framework/types.proto), as it spells them. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'float64',
  3: 'int32',
  4: 'uint8',
  5: 'int16',
  6: 'int8',
  7: 'string',
  8: 'complex64',
  9: 'int64',
  10: 'bool',
  11: 'qint8',
  12: 'quint8',
  13: 'qint32',
  14: 'bfloat16',
  15: 'qint16',
  16: 'quint16',
  17: 'uint16',
  18: 'complex128',
  19: 'float16',
  20: 'resource',
  21: 'variant',
  22: 'uint32',
  23: 'uint64',
};

export const DT_STRING = 7;

const READABLE: ReadonlySet<string> = new Set<DType>([
  'float64',
  'int64',
  'float32',
  'int32',
  'float16',
  'bfloat16',
  'int16',
  'uint16',
  'int8',
  'uint8',
  'bool',
]);

/** A reference to a type (a variable of TensorFlow 1) counts 100 more than the type. */
export function dataTypeName(type: number): string {
  return NAMES[type > 100 ? type - 100 : type] ?? t('type {0}', type);
}

/** The type as the layer graph has it; nothing for texts, resources, complex and quantized numbers. */
export function dtypeOf(type: number): DType | undefined {
  const name = dataTypeName(type);
  return READABLE.has(name) ? (name as DType) : undefined;
}

/** A type by its name: `float32`, or `DT_FLOAT` as the JSON of protobuf has it. */
export function typeNamed(name: string): number | undefined {
  const plain = JSON_NAMES[name] ?? name.replace(/^DT_/, '').toLowerCase();
  const found = Object.entries(NAMES).find(([, own]) => own === plain);
  return found && Number(found[0]);
}

const JSON_NAMES: Readonly<Record<string, string>> = {
  DT_FLOAT: 'float32',
  DT_DOUBLE: 'float64',
  DT_HALF: 'float16',
};
