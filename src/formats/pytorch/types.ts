import type { TorchType } from './pickle/values';

/** Types by the name that `torch.` has for them. The catalogue's weights have no types for those without `dtype`. */
const TYPES: readonly TorchType[] = [
  { name: 'float64', bytes: 8, dtype: 'float64' },
  { name: 'float32', bytes: 4, dtype: 'float32' },
  { name: 'float16', bytes: 2, dtype: 'float16' },
  { name: 'bfloat16', bytes: 2, dtype: 'bfloat16' },
  { name: 'int64', bytes: 8, dtype: 'int64' },
  { name: 'int32', bytes: 4, dtype: 'int32' },
  { name: 'int16', bytes: 2, dtype: 'int16' },
  { name: 'int8', bytes: 1, dtype: 'int8' },
  { name: 'uint16', bytes: 2, dtype: 'uint16' },
  { name: 'uint8', bytes: 1, dtype: 'uint8' },
  { name: 'bool', bytes: 1, dtype: 'bool' },
  { name: 'uint32', bytes: 4, dtype: 'uint32' },
  { name: 'uint64', bytes: 8, dtype: 'uint64' },
  { name: 'float8_e4m3fn', bytes: 1 },
  { name: 'float8_e4m3fnuz', bytes: 1 },
  { name: 'float8_e5m2', bytes: 1 },
  { name: 'float8_e5m2fnuz', bytes: 1 },
  { name: 'float8_e8m0fnu', bytes: 1 },
  { name: 'complex32', bytes: 4 },
  { name: 'complex64', bytes: 8 },
  { name: 'complex128', bytes: 16 },
  { name: 'qint8', bytes: 1 },
  { name: 'quint8', bytes: 1 },
  { name: 'qint32', bytes: 4 },
  { name: 'quint4x2', bytes: 1 },
  { name: 'quint2x4', bytes: 1 },
];

const BY_NAME = new Map(TYPES.map((type) => [type.name, type]));

/** Bytes whose type the tensor says. */
const UNTYPED: TorchType = { name: 'bytes', bytes: 1 };

/** What `torch.FloatStorage` and its like hold. */
const STORAGES: Readonly<Record<string, string>> = {
  Double: 'float64',
  Float: 'float32',
  Half: 'float16',
  BFloat16: 'bfloat16',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'bool',
  ComplexFloat: 'complex64',
  ComplexDouble: 'complex128',
  QInt8: 'qint8',
  QUInt8: 'quint8',
  QInt32: 'qint32',
  QUInt4x2: 'quint4x2',
  QUInt2x4: 'quint2x4',
};

/** The type of `torch.float16`; undefined for any other name. */
export function dtypeAt(path: string): TorchType | undefined {
  return path.startsWith('torch.') ? BY_NAME.get(path.slice('torch.'.length)) : undefined;
}

/** The type of what `torch.FloatStorage` holds; undefined for any other name. */
export function storageTypeAt(path: string): TorchType | undefined {
  const match = /^torch\.(?:cuda\.|storage\.)?(\w+)Storage$/.exec(path);
  if (!match) return undefined;
  if (match[1] === 'Untyped') return UNTYPED;
  return Object.hasOwn(STORAGES, match[1]!) ? BY_NAME.get(STORAGES[match[1]!]!) : undefined;
}
