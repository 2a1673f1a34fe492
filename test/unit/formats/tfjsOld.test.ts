import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import { readManifest } from '../../../src/formats/tfjs/manifest';
import { openEngine } from '../../../src/trainer/engines/engine';
import { expectAnswers } from '../../support/answers';
import { failureOf, fixture, temporaryFolder } from './fixtures';

beforeAll(async () => void (await openEngine('cpu')));

interface Model {
  modelTopology: unknown;
  weightsManifest: { paths: string[]; weights: { name: string; shape: number[]; dtype: string }[] }[];
}

async function edited(edit: (model: Model) => void): Promise<string> {
  const folder = await temporaryFolder();
  await cp(fixture('tfjsOld/listed'), folder, { recursive: true });
  const file = path.join(folder, 'model.json');
  const model = JSON.parse(await readFile(file, 'utf8')) as Model;
  edit(model);
  await writeFile(file, JSON.stringify(model));
  return file;
}

describe('a model of an old converter answers as in Keras', () => {
  test.each(['listed', 'camel_case', 'text'])('%s', async (name) => {
    const model = await openModel(fixture(`tfjsOld/${name}`));
    expect(model.format).toBe('tfjs');
    expect(model.graph.layers.filter((layer) => layer.opaque !== undefined)).toEqual([]);
    await expectAnswers(model, fixture(`tfjsOld/${name}.json`));
  });
});

test('texts are said to be left out; what follows them is found', async () => {
  const { report } = await openModel(fixture('tfjsOld/listed'));
  expect(report.map(({ message }) => message)).toEqual([
    'the file has weights that no layer asks for: "seen/flags", "seen/counts", "seen/ticks"',
    'the weights "vocabulary/words" hold texts, which no layer here computes with; they are left out',
  ]);
});

test('truths and whole numbers are read as what they are, quantized ones rounded', async () => {
  const file = fixture('tfjsOld/listed/model.json');
  const { weightsManifest } = JSON.parse(await readFile(file, 'utf8')) as Model;
  const stored = await readManifest(weightsManifest, file);
  const reader = openWeights();
  const read = async (name: string) => {
    const weight = stored.find((each) => each.path === name)!;
    return [...(await reader.read({ ...weight, name, role: 'parameter' }))];
  };
  expect(await read('seen/flags')).toEqual([1, 0, 1]);
  expect(await read('seen/counts')).toEqual([-1, 70000, 3]);
  // A step is 203 / 255: without rounding there would be parts of one.
  expect(await read('seen/ticks')).toEqual([-3, 0, 200]);
  await reader.close();
});

describe('a bad model of an old converter', () => {
  test('whose texts reach past the shards', async () => {
    const file = await edited(({ weightsManifest: [group] }) => {
      const words = group!.weights.find((weight) => weight.dtype === 'string')!;
      words.shape = [4];
    });
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'SHARD_SHORT' });
  });

  test('with more texts than anybody has', async () => {
    const file = await edited(({ weightsManifest: [group] }) => {
      group!.weights.find((weight) => weight.dtype === 'string')!.shape = [2 ** 40];
    });
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'MODEL_CONFIG' });
  });

  test('whose model is a text that is no JSON', async () => {
    const file = await edited((model) => (model.modelTopology = { model_config: '{"class_name":' }));
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'MODEL_CONFIG' });
  });

  test('that holds itself again and again', async () => {
    let topology: unknown = { class_name: 'Sequential', config: [] };
    for (let depth = 0; depth < 9; depth++) topology = { model_config: topology };
    const file = await edited((model) => (model.modelTopology = topology));
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'MODEL_CONFIG' });
  });
});
