/** Pickles put together opcode by opcode, for what no pickler writes. */
export type Pickle = Buffer;

export const op = (...codes: (string | number)[]): Pickle =>
  Buffer.concat(
    codes.map((code) => (typeof code === 'string' ? Buffer.from(code, 'latin1') : Buffer.of(code))),
  );

export const join = (...parts: Pickle[]): Pickle => Buffer.concat(parts);

export function text(value: string | Buffer): Pickle {
  const bytes = Buffer.from(value);
  return join(op('X'), uint32(bytes.length), bytes);
}

export function int(value: number): Pickle {
  if (Math.abs(value) < 2 ** 31) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return join(op('J'), bytes);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return join(op(0x8a, 8), bytes);
}

export const name = (module: string, global: string): Pickle => op(`c${module}\n${global}\n`);
export const tuple = (...items: Pickle[]): Pickle => join(op('('), ...items, op('t'));
export const list = (...items: Pickle[]): Pickle => join(op(']('), ...items, op('e'));
export const call = (callee: Pickle, ...args: Pickle[]): Pickle => join(callee, tuple(...args), op('R'));
export const make = (type: Pickle, state: Pickle): Pickle => join(type, op(')', 0x81), state, op('b'));

export function dict(entries: Readonly<Record<string, Pickle>>): Pickle {
  return join(op('}('), ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), op('u'));
}

export function storage(
  key: string,
  length: number,
  view?: Pickle,
  type = name('torch', 'FloatStorage'),
): Pickle {
  return join(tuple(text('storage'), type, text(key), text('cpu'), int(length), view ?? op('N')), op('Q'));
}

export function tensor(from: Pickle, offset: number, shape: number[], strides: number[]): Pickle {
  const sizes = (numbers: number[]) => tuple(...numbers.map(int));
  const rebuild = name('torch._utils', '_rebuild_tensor_v2');
  return call(rebuild, from, int(offset), sizes(shape), sizes(strides), op(0x89), dict({}));
}

/** A pickle of protocol 2. */
export const pickle = (value: Pickle): Pickle => join(op(0x80, 2), value, op('.'));

/** A file as PyTorch wrote it before 1.6 around a value, with storages of float32. */
export function legacyFile(value: Pickle, storages: Readonly<Record<string, number[]>> = {}): Buffer {
  const magic = join(op(0x8a, 10), Buffer.from('6cfc9c46f9206aa85019', 'hex'));
  const numbers = Object.values(storages).flatMap((values) => {
    const count = Buffer.alloc(8);
    count.writeBigInt64LE(BigInt(values.length));
    return [count, Buffer.from(Float32Array.from(values).buffer)];
  });
  return join(
    ...[magic, int(1001), dict({}), value, list(...Object.keys(storages).map(text))].map(pickle),
    ...numbers,
  );
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
