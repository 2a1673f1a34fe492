import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure';
import type { Recipe } from '../../../src/core/surgery/recipe';
import { checkFingerprint, fingerprintOf } from '../../../src/formats/fingerprint';
import { MAX_DOCUMENT_BYTES } from '../../../src/formats/jsonFile';
import { readPlan, writePlan } from '../../../src/formats/planFile';
import { readRecipe, writeRecipe } from '../../../src/formats/recipeFile';

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'model-surgery-'));
  await mkdir(at('models', 'tf'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

/** The failure's code and message, with the temporary folder taken out. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`expected a Failure, found ${String(error)}`);
  expect(error.kind).toBe('input');
  return `${error.code}: ${error.message.replaceAll(folder, '')}`;
}

describe('a recipe file', () => {
  const sha256 = 'b'.repeat(64);

  test('comes back as it was written, its base found from where it lies', async () => {
    const recipe: Recipe = {
      version: 1,
      base: { path: at('models', 'm.h5'), sha256, bytes: 3 },
      operations: [{ op: 'cut', after: 'relu' }],
      freeze: [{ match: { all: true } }],
    };
    await writeRecipe(at('r.surgery.json'), recipe);
    expect(JSON.parse(await readFile(at('r.surgery.json'), 'utf8'))).toEqual({
      ...recipe,
      base: { path: 'models/m.h5', sha256, bytes: 3 },
    });
    expect(await readRecipe(at('r.surgery.json'))).toEqual(recipe);
    expect((await readdir(folder)).filter((name) => name.includes('surgery'))).toEqual(['r.surgery.json']);
  });

  test.each([
    [
      '{\n  "version": 1,\n  "operations": [ { "op": "cut" ] }',
      'line 3, column 33: found "]", expected "," or "}"',
    ],
    ['{ "version": 1, }', 'line 1, column 17: found "}", expected a field name in double quotes'],
    ["{ 'version': 1 }", 'line 1, column 3: found "\'", expected a field name in double quotes'],
    ['{ "version": 01 }', 'line 1, column 14: found "01", expected a value'],
    ['{ "version": 1', 'line 1, column 15: found the end of the file, expected "," or "}"'],
    ['{ "version": 1 } x', 'line 1, column 18: found "x", expected the end of the file'],
    ['', 'line 1, column 1: found the end of the file, expected a value'],
    ['{ "a" 1 }', 'line 1, column 7: found "1", expected ":"'],
    ['[1, "two\n"]', 'line 1, column 5: found "\\"", expected text that ends in a double quote'],
    ['[1, nul]', 'line 1, column 5: found "nul", expected a value'],
  ])('that is not JSON is refused at its place: %j', async (text, expected) => {
    await writeFile(at('bad.json'), text);
    expect(await failureOf(readRecipe(at('bad.json')))).toBe(`JSON_INVALID: /bad.json: ${expected}`);
  });

  test('that says something else is refused with its name and all findings', async () => {
    await writeFile(at('odd.json'), '{ "version": 1, "operations": [ { "op": "cut" } ], "freez": [] }');
    expect(await failureOf(readRecipe(at('odd.json')))).toBe(
      'RECIPE_INVALID: odd.json: in the recipe, operations[0].after: is missing, expected text in quotes; ' +
        'freez: no such field; the nearest is "freeze"',
    );
  });

  test('that is missing, a folder or far too large is refused unread', async () => {
    expect(await failureOf(readRecipe(at('none.json')))).toBe(
      'FILE_MISSING: /none.json: there is no such file',
    );
    expect(await failureOf(readRecipe(at('models')))).toMatch(/^FILE_UNREADABLE: .*found a folder/);
    await writeFile(at('large.json'), ' '.repeat(MAX_DOCUMENT_BYTES + 1));
    expect(await failureOf(readRecipe(at('large.json')))).toMatch(/^FILE_TOO_LARGE: .*found 16777217 bytes/);
  });

  test('may begin with a byte order mark, as editors on Windows write', async () => {
    await writeFile(at('bom.json'), '\uFEFF{ "version": 1 }');
    expect(await readRecipe(at('bom.json'))).toEqual({ version: 1, operations: [], freeze: [] });
  });
});

describe('a plan file', () => {
  test('holds paths relative to itself', async () => {
    await writePlan(at('models', 'p.plan.json'), {
      version: 1,
      model: at('m.h5'),
      recipe: at('models', 'm.surgery.json'),
      data: { kind: 'arrays', x: at('x.npy'), y: 'y.npy', validation: { x: 'vx.npy', y: 'vy.npy' } },
      phases: [{ epochs: 1, optimizer: { kind: 'adam' } }],
    });
    const text = await readFile(at('models', 'p.plan.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      model: '../m.h5',
      recipe: 'm.surgery.json',
      data: { x: '../x.npy', y: 'y.npy' },
    });
    expect(await readPlan(at('models', 'p.plan.json'))).toMatchObject({
      model: at('m.h5'),
      recipe: at('models', 'm.surgery.json'),
      data: {
        x: at('x.npy'),
        y: at('models', 'y.npy'),
        validation: { x: at('models', 'vx.npy'), y: at('models', 'vy.npy') },
      },
      out: at('models', 'runs'),
      batchSize: 32,
    });
  });

  test('resolves a validation folder, and leaves a fraction alone', async () => {
    const plan = (validation: string | number) => ({
      version: 1 as const,
      model: 'm.h5',
      data: { kind: 'images' as const, train: 'a', validation },
      phases: [{ epochs: 1, optimizer: { kind: 'sgd' as const } }],
    });
    await writePlan(at('v.plan.json'), plan('held-out'));
    expect((await readPlan(at('v.plan.json'))).data).toMatchObject({
      train: at('a'),
      validation: at('held-out'),
    });
    await writePlan(at('v.plan.json'), plan(0.1));
    expect((await readPlan(at('v.plan.json'))).data).toMatchObject({ validation: 0.1 });
  });
});

describe('a fingerprint', () => {
  test('is SHA-256 and length of the file', async () => {
    await writeFile(at('abc.h5'), 'abc');
    expect(await fingerprintOf(at('abc.h5'))).toEqual({
      // From FIPS 180-2, appendix B.1.
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      bytes: 3,
    });
  });

  test('of a TF.js model takes its shards in, from the json or its folder', async () => {
    const json = JSON.stringify({ weightsManifest: [{ paths: ['b.bin'] }, { paths: ['a.bin'] }] });
    await writeFile(at('models', 'tf', 'model.json'), json);
    await writeFile(at('models', 'tf', 'a.bin'), 'aa');
    await writeFile(at('models', 'tf', 'b.bin'), 'b');
    await writeFile(at('all.h5'), `${json}baa`);
    const whole = await fingerprintOf(at('all.h5'));
    expect(await fingerprintOf(at('models', 'tf', 'model.json'))).toEqual(whole);
    expect(await fingerprintOf(at('models', 'tf'))).toEqual(whole);
    await rm(at('models', 'tf', 'a.bin'));
    expect(await failureOf(fingerprintOf(at('models', 'tf')))).toMatch(/^FILE_MISSING: \/models\/tf\/a\.bin/);
  });

  test('of a SavedModel takes the index of its variables in, from the folder or its graph', async () => {
    const model = at('models', 'saved');
    await mkdir(path.join(model, 'variables'), { recursive: true });
    await writeFile(path.join(model, 'saved_model.pb'), 'graph');
    const bare = await fingerprintOf(model);
    await writeFile(path.join(model, 'variables', 'variables.index'), 'checksums');
    const found = await fingerprintOf(model);
    expect([bare.bytes, found.bytes]).toEqual([5, 14]);
    expect(await fingerprintOf(path.join(model, 'saved_model.pb'))).toEqual(found);
  });

  test('reads no shard outside the folder', async () => {
    await writeFile(
      at('models', 'evil.json'),
      JSON.stringify({ weightsManifest: [{ paths: ['../abc.h5'] }] }),
    );
    expect(await failureOf(fingerprintOf(at('models', 'evil.json')))).toMatch(/^SHARD_OUTSIDE/);
  });

  test('refuses a recipe for another file, and names both', async () => {
    await writeFile(at('other.h5'), 'abcd');
    const recipe = (bytes: number, sha256: string): Recipe => ({
      version: 1,
      base: { path: at('gone.h5'), sha256, bytes },
      operations: [],
      freeze: [],
    });
    const made = await fingerprintOf(at('abc.h5'));
    expect(await failureOf(checkFingerprint(recipe(made.bytes, made.sha256), at('other.h5')))).toBe(
      'RECIPE_FOR_ANOTHER_FILE: /other.h5: found 4 bytes with SHA-256 88d4266fd4e6…, expected the file that the recipe ' +
        'was made for, /gone.h5: 3 bytes with SHA-256 ba7816bf8f01…',
    );
    await expect(checkFingerprint(recipe(made.bytes, made.sha256), at('abc.h5'))).resolves.toBeUndefined();
    await expect(
      checkFingerprint({ version: 1, operations: [], freeze: [] }, at('other.h5')),
    ).resolves.toBeUndefined();
  });
});
