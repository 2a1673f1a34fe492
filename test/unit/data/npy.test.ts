import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { formatNpy, parseNpy, readNpy, writeNpy } from '../../../src/data/npy';
import { temporaryFolder } from '../../support/temporary';

/** A file as NEP 1 lays it out. */
function npy(dictionary: string, numbers: Uint8Array, version = 1): Uint8Array {
  const header = Buffer.from(`${dictionary}\n`, 'utf8');
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([version, 0]),
    length,
    header,
    numbers,
  ]);
}

const dictionary = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('reading .npy', () => {
  it.each([
    ['<f4', [0, 0, 0xc0, 0x3f, 0, 0, 0x80, 0xbf], [1.5, -1]],
    ['>f4', [0x3f, 0xc0, 0, 0, 0xbf, 0x80, 0, 0], [1.5, -1]],
    ['<f2', [0x00, 0x3e, 0x01, 0x00], [1.5, 2 ** -24]],
    ['<f8', [0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf], [1.5, -1]],
    ['|i1', [0xff, 0x7f], [-1, 127]],
    ['|u1', [0xff, 0x7f], [255, 127]],
    ['>i2', [0xff, 0xfe, 0x01, 0x00], [-2, 256]],
    ['<u4', [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0], [4294967295, 1]],
    ['<i8', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 0, 0, 0], [-2, 2 ** 32]],
    ['|b1', [1, 0], [1, 0]],
  ])('takes %s', (descr, bytes, expected) => {
    const { shape, dtype, values } = parseNpy(
      npy(dictionary(descr, '(2,)'), Uint8Array.from(bytes)),
      'x.npy',
    );
    expect({ shape, dtype, values: [...values] }).toEqual({ shape: [2], dtype: descr, values: expected });
  });

  it.each([1, 2, 3])('takes version %i of the format', (version) => {
    const { values } = parseNpy(npy(dictionary('|u1', '(3,)'), Uint8Array.of(1, 2, 3), version), 'x.npy');
    expect([...values]).toEqual([1, 2, 3]);
  });

  it('turns Fortran order into C order', () => {
    // [[[0,1],[2,3],[4,5]],[[6,7],[8,9],[10,11]]] with its first axis fastest.
    const fortran = Uint8Array.of(0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11);
    const { values } = parseNpy(npy(dictionary('|u1', '(2, 3, 2)', 'True'), fortran), 'x.npy');
    expect([...values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('takes a scalar and an empty array', () => {
    expect([...parseNpy(npy(dictionary('|u1', '()'), Uint8Array.of(7)), 'x.npy').values]).toEqual([7]);
    expect(parseNpy(npy(dictionary('<f4', '(0, 3)'), new Uint8Array()), 'x.npy').shape).toEqual([0, 3]);
  });

  it.each([
    ['another file', Buffer.from('PK\u0003\u0004 a zip archive'), 'NPY_MAGIC'],
    ['an empty file', new Uint8Array(), 'NPY_MAGIC'],
    ['a version to come', npy(dictionary('<f4', '(1,)'), new Uint8Array(4)).with(6, 9), 'NPY_VERSION'],
    [
      'a header longer than the file',
      npy(dictionary('<f4', '(1,)'), new Uint8Array(4)).with(9, 0xff),
      'NPY_HEADER',
    ],
    [
      'a header of 4 GiB',
      Buffer.concat([npy('', new Uint8Array(), 2).subarray(0, 8), Buffer.alloc(4, 0xff)]),
      'NPY_HEADER',
    ],
    ['too few numbers', npy(dictionary('<f4', '(3, 2)'), new Uint8Array(20)), 'NPY_TRUNCATED'],
    [
      'a shape beyond memory',
      npy(dictionary('<f4', '(4294967296, 4294967296)'), new Uint8Array(8)),
      'NPY_HEADER',
    ],
    ['a pickle', npy(dictionary('|O', '(1,)'), new Uint8Array(8)), 'NPY_TYPE'],
    [
      'a structure',
      npy(`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }`, new Uint8Array(4)),
      'NPY_TYPE',
    ],
    ['a negative axis', npy(dictionary('<f4', '(-1,)'), new Uint8Array(4)), 'NPY_HEADER'],
    ['a type from the prototype', npy(dictionary('<constructor', '(1,)'), new Uint8Array(4)), 'NPY_TYPE'],
  ])('refuses %s', (_, bytes, code) => {
    expect(codeOf(() => parseNpy(bytes, 'x.npy'))).toBe(code);
  });

  it('names the file, what was found and what was expected', () => {
    const bytes = npy(dictionary('<f4', '(3, 2)'), new Uint8Array(20));
    expect(() => parseNpy(bytes, 'data/x.npy')).toThrow(
      'data/x.npy: found 20 bytes of numbers, expected 24 for shape (3, 2) of "<f4"',
    );
  });
});

describe('writing .npy', () => {
  it('gives back what it was given', async () => {
    const file = path.join(await temporaryFolder(), 'y.npy');
    await writeNpy(file, [2, 2], Float32Array.of(1.5, -2, 0, 1e-30));
    const { shape, values } = await readNpy(file);
    expect({ shape, values }).toEqual({ shape: [2, 2], values: Float32Array.of(1.5, -2, 0, 1e-30) });
  });

  it.each([[[4]], [[1, 4]], [[12345, 0, 678]], [[]]])(
    'aligns the numbers of shape %j to 64 bytes',
    (shape) => {
      const count = shape.reduce((product, axis) => product * axis, 1);
      const bytes = formatNpy(shape, new Float32Array(count));
      const header = Buffer.from(bytes).readUInt16LE(8);
      expect((10 + header) % 64).toBe(0);
      expect(bytes).toHaveLength(10 + header + 4 * count);
    },
  );
});
