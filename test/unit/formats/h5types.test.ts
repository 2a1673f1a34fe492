import { expect, onTestFinished, test } from 'vitest';
import { H5File } from '../../../src/formats/h5/h5File';
import { openModel } from '../../../src/formats/registry';
import { failureOf, fixture, readAllWeights, readJson, weightsOf } from './fixtures';

const KINDS = 'h5types/kinds.weights.h5';

interface Told {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

test('numbers of every type and layout are those that h5py reads', async () => {
  const model = await openModel(fixture(KINDS));
  const told = await readJson<Readonly<Record<string, Told>>>('h5types/kinds.json');
  const shapes = weightsOf(model).map(({ layer, weight }) => [`${layer.name}/${weight.name}`, weight.shape]);
  expect(Object.fromEntries(shapes)).toEqual(
    Object.fromEntries(Object.entries(told).map(([name, { shape }]) => [name, shape])),
  );
  const found = await readAllWeights(model);
  for (const [name, { data }] of Object.entries(told)) {
    expect([...found.get(name)!], name).toEqual(data);
  }
});

test('types are known by their names', async () => {
  const model = await openModel(fixture(KINDS));
  const dtypes = Object.fromEntries(
    weightsOf(model).map(({ layer, weight }) => [`${layer.name}/${weight.name}`, weight.dtype]),
  );
  for (const name of ['bool', 'uint8', 'uint16', 'uint32', 'uint64', 'int8', 'int16', 'int32', 'int64']) {
    expect(dtypes[`${name}/0`]).toBe(name);
  }
  for (const name of ['float16', 'float32', 'float64', 'bfloat16']) expect(dtypes[`${name}/0`]).toBe(name);
  expect(dtypes).toMatchObject({ 'big_float16/0': 'float16', 'linked/0': 'float16', 'packed/1': 'bfloat16' });
});

test.each([
  ['nameless', 'items of 2 bytes'],
  ['complex', 'items of 8 bytes'],
  ['text', 'items of 7 bytes'],
  ['pairs', 'items of 8 bytes'],
  ['float8', 'items of 1 bytes'],
  ['long_double', 'items of 16 bytes'],
  ['choices', 'items of 1 bytes'],
  ['dangling', 'component not found'],
  ['circle', 'too many links'],
])('a dataset of %s is refused by its place', async (layer, found) => {
  const given = fixture('h5types/refused.weights.h5');
  const file = await H5File.open(given);
  onTestFinished(() => file.close());
  const failure = await failureOf(Promise.resolve().then(() => file.header(`layers/${layer}/vars/0`)));
  expect(failure).toMatchObject({ kind: 'input', code: 'H5_CORRUPT', path: given });
  expect(failure.message).toContain(`layers/${layer}/vars/0`);
  expect(failure.message).toContain(found);
});
