export type Numbers =
  Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

export interface NpyType {
  /** Of one number. */
  readonly bytes: number;
  readonly littleEndian: boolean;
  readonly allocate: (count: number) => Numbers;
  readonly read: (view: DataView, offset: number, littleEndian: boolean) => number;
}

type Reading = Omit<NpyType, 'littleEndian'>;

/**
 * By NumPy's kind and size. 64-bit integers become doubles, exact up to 2^53, which is more than any label or pixel.
 */
const READINGS: Readonly<Record<string, Reading>> = {
  f2: {
    bytes: 2,
    allocate: (n) => new Float32Array(n),
    read: (v, at, le) => halfToNumber(v.getUint16(at, le)),
  },
  f4: { bytes: 4, allocate: (n) => new Float32Array(n), read: (v, at, le) => v.getFloat32(at, le) },
  f8: { bytes: 8, allocate: (n) => new Float64Array(n), read: (v, at, le) => v.getFloat64(at, le) },
  i1: { bytes: 1, allocate: (n) => new Int8Array(n), read: (v, at) => v.getInt8(at) },
  i2: { bytes: 2, allocate: (n) => new Int16Array(n), read: (v, at, le) => v.getInt16(at, le) },
  i4: { bytes: 4, allocate: (n) => new Int32Array(n), read: (v, at, le) => v.getInt32(at, le) },
  i8: { bytes: 8, allocate: (n) => new Float64Array(n), read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  u1: { bytes: 1, allocate: (n) => new Uint8Array(n), read: (v, at) => v.getUint8(at) },
  u2: { bytes: 2, allocate: (n) => new Uint16Array(n), read: (v, at, le) => v.getUint16(at, le) },
  u4: { bytes: 4, allocate: (n) => new Uint32Array(n), read: (v, at, le) => v.getUint32(at, le) },
  u8: { bytes: 8, allocate: (n) => new Float64Array(n), read: (v, at, le) => Number(v.getBigUint64(at, le)) },
  b1: { bytes: 1, allocate: (n) => new Uint8Array(n), read: (v, at) => (v.getUint8(at) === 0 ? 0 : 1) },
};

/** Of a description like `<f4` (`<` and `|` little endian, `>` big); `undefined` for what is not a plain number. */
export function npyType(descr: string): NpyType | undefined {
  const [order, name] = [descr.slice(0, 1), descr.slice(1)];
  const reading = '<>|='.includes(order) && Object.hasOwn(READINGS, name) ? READINGS[name] : undefined;
  return reading && { ...reading, littleEndian: order !== '>' };
}

export function toNumbers(bytes: Uint8Array, type: NpyType): Numbers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = type.allocate(bytes.length / type.bytes);
  for (let index = 0; index < values.length; index++) {
    values[index] = type.read(view, index * type.bytes, type.littleEndian);
  }
  return values;
}

/** IEEE 754 binary16: a sign, five bits of exponent (biased by 15), ten of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
