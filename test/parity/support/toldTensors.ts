import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { ModelFile } from '../../../src/formats/format';
import { openWeights } from '../../../src/formats/weights';
import { weightsOf } from '../../unit/formats/fixtures';

/** A tensor as another program found it. */
interface Told {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/**
 * Every tensor of a file by name, type, shape and number, against what another program wrote beside it: FILE.json, and
 * FILE.bin with all numbers as float32. Equal bit for bit, but that a short float's NaN may widen to another.
 */
export async function compareTensors(model: ModelFile, file: string): Promise<void> {
  const told = JSON.parse(await readFile(`${file}.json`, 'utf8')) as Told[];
  const { buffer, byteOffset, byteLength } = await readFile(`${file}.bin`);
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  const found = new Map(
    weightsOf(model).map(({ layer, weight }) => [
      layer.name === weight.name ? weight.name : `${layer.name}.${weight.name}`,
      weight,
    ]),
  );
  expect([...found.keys()].sort()).toEqual(told.map(({ name }) => name).sort());
  const reader = openWeights();
  let offset = 0;
  try {
    for (const { name, dtype, shape } of told) {
      const weight = found.get(name)!;
      expect({ name, dtype: weight.dtype, shape: weight.shape }).toEqual({ name, dtype, shape });
      const length = shape.reduce((a, b) => a * b, 1);
      const values = await reader.read(weight);
      const expected = new Float32Array(bytes.buffer, offset, length);
      const same = values.length === length && values.every((value, i) => Object.is(value, expected[i]));
      expect(`${name}: ${same ? 'equal' : 'different'}`).toBe(`${name}: equal`);
      offset += 4 * length;
    }
  } finally {
    await reader.close();
  }
  expect(offset).toBe(bytes.length);
}
