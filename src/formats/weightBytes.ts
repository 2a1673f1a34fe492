import type { DType, Quantization } from '../core/graph/layerGraph';

/** Bytes of one number as stored. */
export const ITEM_BYTES: Readonly<Record<DType, number>> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Turns big-endian numbers into little-endian ones, in place. */
export function reverseNumbers({ buffer, byteOffset, byteLength }: Uint8Array, itemBytes: number): void {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  if (itemBytes === 2) bytes.swap16();
  else if (itemBytes === 4) bytes.swap32();
  else if (itemBytes === 8) bytes.swap64();
}

/** Little-endian numbers of any stored type as float32. The buffer may be taken over by the result. */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: DType): Float32Array {
  const aligned = bytes.byteOffset % ITEM_BYTES[dtype] === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  const length = bytes.byteLength / ITEM_BYTES[dtype];
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, length));
    case 'float16':
      return widenHalves(new Uint16Array(buffer, byteOffset, length));
    case 'bfloat16':
      return widenBrainFloats(new Uint16Array(buffer, byteOffset, length));
    case 'int64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, length), Number);
    case 'uint64':
      return Float32Array.from(new BigUint64Array(buffer, byteOffset, length), Number);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, length));
    case 'uint32':
      return Float32Array.from(new Uint32Array(buffer, byteOffset, length));
    case 'int16':
      return Float32Array.from(new Int16Array(buffer, byteOffset, length));
    case 'uint16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, length));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, length));
    case 'uint8':
    case 'bool':
      return Float32Array.from(aligned);
  }
}

/**
 * Numbers quantized as TensorFlow.js does; float16 is only a shorter type, without scale.
 * @param dtype of the weight: whole numbers are rounded to
 */
export function dequantize(
  bytes: Uint8Array<ArrayBuffer>,
  quantization: Quantization,
  dtype: DType = 'float32',
): Float32Array {
  const values = toFloat32(bytes, quantization.dtype);
  if (quantization.dtype === 'float16') return values;
  const { scale, min } = quantization;
  const isWhole = dtype === 'int32';
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! * scale + min;
    values[i] = isWhole ? Math.round(value) : value;
  }
  return values;
}

/** IEEE 754 half precision: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function widenHalves(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) {
    const bits = halves[i]!;
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) values[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) values[i] = fraction === 0 ? sign * Infinity : NaN;
    else values[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return values;
}

/** The upper half of a float32. */
function widenBrainFloats(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (bits) => bits << 16).buffer);
}
