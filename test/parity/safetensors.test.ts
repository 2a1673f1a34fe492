import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openModel, writeModel } from '../../src/formats/registry';
import { repository, runPython } from '../support/python';
import { fixture, toWrite } from '../unit/formats/fixtures';
import { compareTensors } from './support/toldTensors';

const SCRIPT = path.join(repository, 'test/parity/safetensors_files.py');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
  await runPython(SCRIPT, ['save', folder]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['types.safetensors', 'strange.safetensors', 'model.safetensors.index.json'])(
  '%s, which the library wrote',
  async (name) => {
    const file = path.join(folder, name);
    const model = await openModel(file);
    expect(model).toMatchObject({ format: 'safetensors', weightsOnly: true });
    await compareTensors(model, file);
  },
);

test('types that are not supported are named, and the others read', async () => {
  const { report, graph } = await openModel(path.join(folder, 'strange.safetensors'));
  expect(report.map(({ code }) => code)).toEqual([
    'WEIGHTS_ONLY',
    'WEIGHT_UNSUPPORTED',
    'WEIGHT_UNSUPPORTED',
  ]);
  const unsupported = new Map(report.map(({ layer, message }) => [layer, message]));
  expect(unsupported.get('eight')).toContain('F8_E4M3');
  expect(unsupported.get('five')).toContain('F8_E5M2');
  expect(graph.layers.map(({ name }) => name)).toEqual(['plain']);
});

test('shards: modules, groups and statistics', async () => {
  const { graph, report } = await openModel(path.join(folder, 'model.safetensors.index.json'));
  expect(report.map(({ code }) => code)).toEqual(['WEIGHTS_ONLY']);
  const norm = graph.layers.find(({ name }) => name === 'net.1')!;
  expect(norm).toMatchObject({ kind: 'BatchNormalization', group: ['net'] });
  expect(norm.weights.filter(({ role }) => role === 'statistic').map(({ name }) => name)).toEqual([
    'running_mean',
    'running_var',
    'num_batches_tracked',
  ]);
});

test.each(['keras3/branches.h5', 'keras3/nested.h5'])('%s, written by us, in the library', async (name) => {
  const model = await openModel(fixture(name));
  const file = path.join(folder, `${path.basename(name)}.safetensors`);
  await writeModel(await toWrite(model), file, 'safetensors');
  const printed = await runPython(SCRIPT, ['load', file]);
  const metadata = JSON.parse(printed) as Record<string, string>;
  expect(Object.keys(metadata).sort()).toEqual(['format', 'model_config', 'model_surgery']);
  await compareTensors(model, file);
  const again = await openModel(file);
  expect(again.weightsOnly).toBeUndefined();
  await compareTensors(again, file);
});
