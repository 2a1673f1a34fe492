import { copyFile, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { layerNamed } from '../../../src/core/graph/lookup';
import type { Operation } from '../../../src/core/surgery/recipe';
import { DonorShelf } from '../../../src/formats/donors';
import { exportModel } from '../../../src/formats/exportModel';
import { fingerprintOf } from '../../../src/formats/fingerprint';
import type { FormatName } from '../../../src/formats/format';
import { openOperated } from '../../../src/formats/operatedModel';
import { readRecipe, writeRecipe } from '../../../src/formats/recipeFile';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import { fixture, readAllWeights, temporaryFolder } from './fixtures';

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`expected a Failure, found ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

/** A folder with a recipe of one operation. */
async function recipeOf(...operations: Operation[]): Promise<{ file: string; folder: string }> {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'r.surgery.json');
  await writeRecipe(file, { version: 1, operations, freeze: [] });
  return { file, folder };
}

const NESTED = fixture('kerasArchive/nested.keras');
const GRAFT: Operation = { op: 'graft', donor: NESTED, from: 'second', to: 'pool', after: 'rectified' };

describe('a donor', () => {
  test.each<[FormatName, string]>([
    ['h5', 'out.h5'],
    ['keras', 'out.keras'],
    ['tfjs', 'out'],
    ['onnx', 'out.onnx'],
    ['safetensors', 'out.safetensors'],
  ])('gives a graft its weights, which %s writes beside the base’s', async (format, name) => {
    const { file, folder } = await recipeOf(GRAFT);
    const operated = await openOperated(fixture('keras3/branches.h5'), file);
    expect(operated.faults).toEqual([]);
    await exportModel(operated, path.join(folder, name), format);

    const written = await openModel(path.join(folder, name));
    const [found, base, donor] = await Promise.all([
      readAllWeights(written),
      readAllWeights(operated.file),
      readAllWeights(await openModel(NESTED)),
    ]);
    const kernels = (values: typeof found, end: string) =>
      [...values].filter(([key]) => key.endsWith(end)).map(([, numbers]) => numbers);
    expect(kernels(found, 'shared/kernel')).toEqual(kernels(base, 'shared/kernel'));
    expect(kernels(found, 'second/kernel')).toEqual(kernels(donor, 'second/kernel'));
    expect(kernels(found, 'second/bias')).toEqual(kernels(donor, 'second/bias'));
    expect(kernels(found, 'second/kernel')).toHaveLength(1);
  });

  test('is named relative to the recipe, and found from wherever that lies', async () => {
    const { file, folder } = await recipeOf(GRAFT, { op: 'warmStart', from: { path: NESTED }, match: 'x' });
    const json = JSON.parse(await readFile(file, 'utf8')) as { operations: Record<string, unknown>[] };
    const relative = path.relative(folder, NESTED);
    expect(json.operations.map(({ donor, from }) => donor ?? from)).toEqual([relative, { path: relative }]);
    expect((await readRecipe(file)).operations).toEqual([
      GRAFT,
      { op: 'warmStart', from: { path: NESTED }, match: 'x' },
    ]);
  });

  test('must be the file that the recipe says, and gets said what it is', async () => {
    const made = await fingerprintOf(NESTED);
    const shelf = new DonorShelf();
    const said = await shelf.fingerprinted({ operations: [GRAFT] });
    expect(said.operations).toEqual([{ ...GRAFT, donor: { path: NESTED, ...made } }]);
    expect(await shelf.fingerprinted(said)).toBe(said);
    await expect(shelf.open(said)).resolves.toBeUndefined();

    const other = { ...GRAFT, donor: { path: NESTED, sha256: 'a'.repeat(64) } };
    expect(await failureOf(shelf.open({ operations: [other] }))).toBe(
      `RECIPE_FOR_ANOTHER_FILE: ${NESTED}: found ${made.bytes} bytes with SHA-256 ${made.sha256.slice(0, 12)}…, expected the ` +
        `file that the recipe was made for, ${NESTED}: a file with SHA-256 aaaaaaaaaaaa…`,
    );
    await expect(shelf.open({ operations: [{ ...other, disabled: true }] })).resolves.toBeUndefined();
  });

  test('that is not there, no model, or weights alone to graft from is one failure', async () => {
    const opening = async (donor: string, operation: Operation = { ...GRAFT, donor }) =>
      failureOf(openOperated(fixture('keras3/branches.h5'), (await recipeOf(operation)).file));
    expect(await opening('/none.h5')).toBe('FILE_MISSING: /none.h5: there is no such file');
    expect(await opening(fixture('keras3/branches.json'))).toMatch(/^NOT_A_MODEL/);
    expect(await opening(fixture('pytorch/state.pt'))).toMatch(
      /^GRAFT_WEIGHTS_ONLY: Graft state\.pt from second up to pool after rectified: the donor .*state\.pt: found weights without an architecture/,
    );
  });

  test('is opened once, and again when its file is another', async () => {
    const folder = await temporaryFolder();
    const donor = path.join(folder, 'donor.h5');
    await copyFile(fixture('keras3/sequential.h5'), donor);
    const shelf = new DonorShelf();
    const recipe = { operations: [{ ...GRAFT, donor }] };
    await shelf.open(recipe);
    const first = shelf.graphs.get(donor);
    await shelf.open(recipe);
    expect(shelf.graphs.get(donor)).toBe(first);
    await writeFile(donor, await readFile(fixture('keras3/branches.h5')));
    await utimes(donor, 1e9, 1e9);
    await shelf.open(recipe);
    expect(shelf.graphs.get(donor)?.name).toBe('branches');
  });

  test('is not written over, nor is the base', async () => {
    const folder = await temporaryFolder();
    const donor = path.join(folder, 'donor.keras');
    await copyFile(NESTED, donor);
    const { file } = await recipeOf({ ...GRAFT, donor });
    const operated = await openOperated(fixture('keras3/branches.h5'), file);
    expect(await failureOf(exportModel(operated, donor, 'keras', { force: true }))).toMatch(
      /^OUTPUT_IS_INPUT: .*would be written over its donor/,
    );
  });
});

describe('a warm start', () => {
  const warmed = async (base: string, operation: Operation) => {
    const { file } = await recipeOf(operation);
    const operated = await openOperated(fixture(base), file);
    const read = async (layer: string, weight: string) => {
      const reader = openWeights();
      const ref = layerNamed(operated.graph, layer).weights.find(({ name }) => name === weight);
      const values = ref && (await reader.read(ref));
      await reader.close();
      return values;
    };
    return { operated, read, start: operated.warmStarts[0]! };
  };

  test('takes the weights that Keras 3 saved alone, by layer and number', async () => {
    const donor = fixture('keras3/only.weights.h5');
    const { start, read } = await warmed('keras3/sequential.h5', { op: 'warmStart', from: donor });
    expect([start.matched.length, start.unmatched, start.unused]).toEqual([8, [], []]);
    const saved = await readAllWeights(await openModel(donor));
    for (const { layer, weight, from } of start.matched)
      expect(await read(layer, weight)).toEqual(saved.get(from));
    expect(start.matched.find(({ weight }) => weight === 'moving_variance')?.from).toBe('norm/3');
  });

  test('reads the weights of PyTorch as Keras lays them out', async () => {
    const donor = fixture('pytorch/state.pt');
    const { start, operated, read } = await warmed('keras3/sequential.h5', {
      op: 'warmStart',
      from: donor,
      match: '^$',
      map: { classes: '4', conv: '0' },
    });
    // Both are of other sizes than the net's, and said to be in its own layout.
    expect(start.unmatched[0]).toEqual({
      ...{ layer: 'conv', weight: 'kernel', why: 'shape', found: [3, 3, 1, 2], expected: [3, 3, 1, 4] },
    });
    expect(start.matched.map(({ layer, weight }) => `${layer}/${weight}`)).toEqual(['classes/bias']);
    expect(await read('classes', 'bias')).toEqual(
      (await readAllWeights(await openModel(donor))).get('4/bias'),
    );
    expect(operated.faults).toEqual([]);
  });
});
