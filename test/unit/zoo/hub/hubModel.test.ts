import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../../../src/core/surgery/replay';
import { EMPTY_RECIPE, type Operation } from '../../../../src/core/surgery/recipe';
import { exportModel } from '../../../../src/formats/exportModel';
import { openModel } from '../../../../src/formats/registry';
import { openEngine } from '../../../../src/trainer/engines/engine';
import { hubModel } from '../../../../src/zoo/hub/hubModel';
import { moduleAt } from '../../../../src/zoo/hub/hubModule';
import type { NumberArray } from '../../../support/computeLayer';
import { executorOf } from '../../../support/sampleNet';
import { temporaryFolder } from '../../../support/temporary';
import { fixture } from '../../formats/fixtures';

beforeAll(() => openEngine('wasm'));

const module = (form: string) => moduleAt(fixture(`tensorflow/hub/${form}`));

describe('a module of TensorFlow Hub', () => {
  it.each([
    ['tf1', [16, 16, 3], 336],
    ['tf2', [null, null, 3], 336],
    // The converter folds normalizations into convolutions: a bias each. Behind the depthwise one six channels are scaled
    // and shifted by settings.
    ['tfjs', [16, 16, 3], 278],
  ])('%s is a frozen group that gives what TensorFlow does', async (form, input, parameters) => {
    const made = await hubModel(await module(form));
    expect(made).toMatchObject({ input, output: [8], preprocess: 'unit' });
    const { graph } = made.model;
    const inside = graph.layers.filter(({ kind }) => kind !== 'InputLayer');
    expect(inside.map(({ group }) => group[0])).toEqual(inside.map(() => form));
    expect(graph.layers.filter(({ trainable }) => trainable)).toEqual([]);
    const sizes = graph.layers.flatMap(({ weights }) => weights.map(({ shape }) => shape));
    expect(sizes.reduce((sum, shape) => sum + shape.reduce((all, size) => all * size, 1), 0)).toBe(
      parameters,
    );

    const { image, features } = JSON.parse(
      await readFile(fixture('tensorflow/hub/answers.json'), 'utf8'),
    ) as Readonly<Record<'image' | 'features', NumberArray>>;
    const executor = await executorOf(graph);
    try {
      const [found] = await executor.predict([{ shape: image.shape, data: Float32Array.from(image.data) }]);
      expect(found?.shape).toEqual(features.shape);
      features.data.forEach((value, at) => expect(found?.data[at]).toBeCloseTo(value, 4));
    } finally {
      executor.dispose();
    }
  });

  it('is written with its group, and its recipe freezes it and not what is grafted on it', async () => {
    const { model, recipe } = await hubModel(await module('tf2'), { inputSize: [32, 24] });
    const target = path.join(await temporaryFolder(), 'module.h5');
    await exportModel(model, target, 'h5');
    const { graph } = await openModel(target);
    expect(graph.name).toBe('tf2');
    expect(graph.layers[0]?.config.batch_shape).toEqual([null, 32, 24, 3]);
    expect(recipe.freeze).toEqual([{ match: { group: 'tf2' } }]);
    const end = graph.layers.at(-1)!.name;
    const head = { kind: 'Dense', name: 'head', config: { units: 3 } };
    const trained = replay(
      { ...graph, layers: graph.layers.map((layer) => ({ ...layer, trainable: true })) },
      { ...recipe, operations: [{ op: 'append', after: end, layers: [head] }] },
    );
    expect(trained.faults).toEqual([]);
    const free = trained.graph.layers.filter(({ trainable, weights }) => trainable && weights.length > 0);
    expect(free.map(({ name }) => name)).toEqual(['head']);
  });

  it('is grafted as a group of its name, once', async () => {
    const { model } = await hubModel(await module('tfjs'));
    const first = model.graph.layers.find(({ kind }) => kind !== 'InputLayer')!.name;
    const { graph } = await openModel(fixture('tensorflow/hub/tf1'));
    const operation: Operation = {
      op: 'graft',
      donor: 'tfjs.h5',
      from: first,
      to: model.graph.layers.at(-1)!.name,
      after: graph.layers[0]!.name,
    };
    const grafted = replay(
      graph,
      { ...EMPTY_RECIPE, operations: [operation] },
      new Map([['tfjs.h5', model.graph]]),
    );
    expect(grafted.faults).toEqual([]);
    const groups = grafted.graph.layers.filter(({ kind }) => kind !== 'InputLayer').map(({ group }) => group);
    expect(groups.length).toBeGreaterThan(5);
    for (const [first, second] of groups) expect([first, second === 'tfjs']).toEqual(['tfjs', false]);
  });

  it.each([
    ['../backbones/graph-model', [16, 16], 'HUB_SIZE'],
    ['tensorflow.hub', undefined, 'FILE_MISSING'],
    ['../saved-model/variables', undefined, 'HUB_NOT_A_MODULE'],
    ['answers.json', undefined, 'HUB_NOT_A_MODULE'],
  ] as const)('%s as %j is refused: %s', async (form, inputSize, code) => {
    const made = module(form).then((found) => hubModel(found, inputSize && { inputSize }));
    await expect(made).rejects.toMatchObject({ code });
  });
});
