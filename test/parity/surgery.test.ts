import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program';
import { Failure } from '../../src/core/failure';
import { shapeOf } from '../../src/core/graph/infer';
import type { Layer, LayerGraph, TensorRef, WeightRef } from '../../src/core/graph/layerGraph';
import { inputsOf, layerNamed, layersById } from '../../src/core/graph/lookup';
import { blockEndingIn } from '../../src/core/surgery/block';
import type { Operation, Recipe } from '../../src/core/surgery/recipe';
import { EMPTY_RECIPE } from '../../src/core/surgery/recipe';
import { createReplayer, replay } from '../../src/core/surgery/replay';
import { readNpy, writeNpy } from '../../src/data/npy';
import { openOperated } from '../../src/formats/operatedModel';
import { writeRecipe } from '../../src/formats/recipeFile';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import { Executor, type Tensorlike } from '../../src/trainer/executor';
import { architecture, valuesOf } from '../support/architectures';
import { runPython, repository } from '../support/python';
import { randomFrom } from '../support/randomNumbers';
import { OPERATION_KINDS, randomOperation } from '../support/randomOperations';
import { temporaryFolder } from '../support/temporary';
import { GraphBuilder, type LayerSketch } from '../unit/support/graphs';

beforeAll(() => openEngine('wasm'));

function imageOf(graph: LayerGraph): Tensorlike {
  const { config } = layersById(graph).get(graph.inputs[0]!.layer)!;
  const [, height, width, channels] = config.batch_shape as number[];
  const random = randomFrom(7);
  const shape = [1, height ?? 64, width ?? 64, channels!];
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length: size }, () => random(256) / 127.5 - 1) };
}

async function compute(
  graph: LayerGraph,
  outputs: readonly TensorRef[],
  image: Tensorlike,
  read: (weight: WeightRef) => Promise<Float32Array>,
): Promise<readonly Float32Array[]> {
  const executor = await Executor.create({ ...graph, outputs }, (_layer, weight) => read(weight));
  try {
    return (await executor.predict([image])).map(({ data }) => Float32Array.from(data));
  } finally {
    executor.dispose();
  }
}

/** Layers that are the same objects in both and so is all that they depend on: what an operation has not touched. */
function untouchedIn(before: LayerGraph, after: LayerGraph): readonly Layer[] {
  const same = new Set(before.layers);
  const ids = new Set<string>();
  return after.layers.filter((layer) => {
    const isUntouched = same.has(layer) && inputsOf(layer).every((input) => ids.has(input.layer));
    if (isUntouched) ids.add(layer.id);
    return isUntouched;
  });
}

interface Case {
  readonly name: string;
  /** Where parts are joined. */
  readonly mid: string;
  /** What is removed. */
  readonly removed: (graph: LayerGraph) => readonly string[];
  /** An activation and a layer with weights, late in the model. */
  readonly late: readonly [activation: string, weighted: string];
}

const CASES: readonly Case[] = [
  {
    name: 'ResNet50',
    mid: 'conv3_block2_out',
    removed: (graph) =>
      blockEndingIn(graph, layerNamed(graph, 'conv4_block3_add'))!.layers.map(({ name }) => name),
    late: ['conv5_block1_out', 'conv5_block1_3_conv'],
  },
  {
    name: 'InceptionV3',
    mid: 'mixed5',
    removed: () => ['activation_75'],
    late: ['activation_80', 'conv2d_80'],
  },
  {
    name: 'NestedMobileNet',
    mid: 'conv_pw_6_relu',
    removed: () => ['conv_pw_10_relu'],
    late: ['conv_pw_12_relu', 'conv_pw_12'],
  },
];

const DONOR = '/donors/same.h5';

describe.each(CASES)('operations on $name', ({ name, mid, removed, late }) => {
  const base = architecture(name);
  /** The same architecture trained on something else. */
  const donor: LayerGraph = {
    ...base,
    layers: base.layers.map((layer) => ({
      ...layer,
      weights: layer.weights.map((weight) => ({
        ...weight,
        source: { from: 'dataset', path: DONOR, dataset: `${layer.name}/${weight.name}` },
      })),
    })),
  };
  const readerOf = (layer: string) =>
    base.layers.find((each) => inputsOf(each).some((input) => input.layer === layerNamed(base, layer).id))!
      .name;
  const from = readerOf(mid);
  const head = [{ kind: 'GlobalAveragePooling2D' }, { kind: 'Dense', config: { units: 5 } }];
  const [activation, weighted] = late;

  const OPERATIONS: readonly Operation[] = [
    { op: 'cut', after: mid },
    { op: 'remove', layers: [...removed(base)] },
    { op: 'append', after: mid, layers: head },
    { op: 'insert', between: [mid, from], layers: [{ kind: 'Activation', config: { activation: 'tanh' } }] },
    { op: 'rename', layer: mid, to: 'another' },
    { op: 'configure', layer: weighted, config: { activation: 'tanh' } },
    { op: 'reinitialize', layers: [weighted] },
    { op: 'replace', layer: activation, with: { kind: 'ELU' } },
    { op: 'inputShape', shape: [null, null, 3] },
    { op: 'graft', donor: DONOR, from, to: readerOf(from), after: mid },
    { op: 'warmStart', from: DONOR, match: `^${weighted}$` },
  ];
  /** These leave all numbers as they are. */
  const SAME: readonly Operation['op'][] = ['rename', 'inputShape'];

  const known = new Map<string, Promise<Float32Array>>();
  const read = (weight: WeightRef) => {
    const key = JSON.stringify(weight.source);
    const values = known.get(key) ?? Promise.resolve(valuesOf(weight));
    known.set(key, values);
    return values;
  };
  const image = imageOf(base);
  const tensorsOf = (layers: readonly Layer[]) =>
    layers.map(({ id }): TensorRef => ({ layer: id, call: 0, output: 0 }));
  const results = new Map<string, Float32Array>();

  beforeAll(async () => {
    const all = tensorsOf(base.layers);
    const values = await compute(base, all, image, read);
    all.forEach(({ layer }, place) => results.set(layer, values[place]!));
  });

  test.each(OPERATIONS.map((operation) => [operation.op, operation] as const))(
    '%s leaves what it does not touch as it was, to the bit',
    async (op, operation) => {
      const recipe: Recipe = { ...EMPTY_RECIPE, operations: [operation] };
      const { graph, faults } = replay(base, recipe, new Map([[DONOR, donor]]));
      expect(faults).toEqual([]);
      const untouched = untouchedIn(base, graph);
      const outputs = [...tensorsOf(untouched), ...graph.outputs];
      const values = await compute(graph, outputs, image, read);
      const differing = untouched.filter(({ id }, place) => !sameBits(values[place]!, results.get(id)!));
      expect(differing.map((layer) => layer.name)).toEqual([]);
      if (SAME.includes(op)) {
        expect(sameBits(values.at(-1)!, results.get(base.outputs[0]!.layer)!)).toBe(true);
      } else {
        expect(untouched.map((layer) => layer.name)).toContain(mid);
        const end = graph.outputs[0]!.layer;
        if (results.has(end) && op !== 'cut') expect(sameBits(values.at(-1)!, results.get(end)!)).toBe(false);
      }
    },
  );
});

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;
}

/** Of operations at random, those that are carried out and leave no fault. */
function soundRecipe(base: LayerGraph, donor: string, graph: LayerGraph, seed: number): Recipe {
  const donors = new Map([[donor, graph]]);
  const next = createReplayer(base, donors);
  const random = randomFrom(seed);
  let recipe = EMPTY_RECIPE;
  for (let tries = 0; recipe.operations.length < 20 && tries < 400; tries++) {
    const op = OPERATION_KINDS[tries % OPERATION_KINDS.length]!;
    const operation = randomOperation(op, next(recipe).graph, random, donors);
    // Sizes that are not known are for `inputShape`'s own tests: here everything is computed.
    if (operation.op === 'inputShape') operation.shape = [64, 64, 3];
    const longer = { ...recipe, operations: [...recipe.operations, operation] };
    try {
      if (next(longer).faults.length === 0) recipe = longer;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
  return recipe;
}

test('what the command line writes after operations at random is the same model in real Keras', async () => {
  const folder = await temporaryFolder();
  const at = (...names: string[]) => path.join(folder, ...names);
  const donorFile = at('bases', 'donor.h5');
  await mkdir(at('bases'));
  const write = (name: string, file: string) =>
    writeModel({ graph: architecture(name), weights: async (_, weight) => valuesOf(weight) }, file, 'h5');
  await write('NestedMobileNet', donorFile);
  const donor = (await openModel(donorFile)).graph;
  const expected = new Map<string, Tensorlike>();

  for (const [seed, name] of ['NestedMobileNet', 'MobileNetV3Small', 'EfficientNetB0'].entries()) {
    const file = at('bases', `${name}.h5`);
    await write(name, file);
    const { graph: base } = await openModel(file);
    const recipe = soundRecipe(base, donorFile, donor, seed);
    expect(new Set(recipe.operations.map(({ op }) => op)).size).toBeGreaterThanOrEqual(8);
    const recipeFile = at(`${name}.surgery.json`);
    await writeRecipe(recipeFile, recipe);
    for (const end of ['h5', 'keras']) {
      const said: string[] = [];
      const terminal = {
        columns: undefined,
        write: (text: string) => said.push(text),
        warn: () => undefined,
      };
      const argv = ['apply', file, '--recipe', recipeFile, '--out', at(`${name}.${end}`)];
      expect(await runProgram(argv, terminal as never), said.join('')).toBe(0);
    }
    const { graph, inference } = await openOperated(file, recipeFile);
    const image = imageOf(graph);
    await writeNpy(at(`X-${name}.npy`), image.shape, Float32Array.from(image.data));
    const weights = openWeights();
    const [data] = await compute(graph, graph.outputs, image, (weight) => weights.read(weight));
    await weights.close();
    const shape = [1, ...shapeOf(inference, graph.outputs[0]!)!.slice(1)] as number[];
    expected.set(name, { shape, data: data! });
  }

  await runPython(path.join(repository, 'test/parity/surgery.py'), [folder]);
  for (const [name, { shape, data }] of expected) {
    for (const end of ['h5', 'keras']) {
      const theirs = await readNpy(at(`${name}.${end}.npy`));
      expect(theirs.shape, name).toEqual(shape);
      const scale = Math.max(...Array.from(data, Math.abs));
      const largest = Math.max(
        ...Array.from(data, (value, place) => Math.abs(value - theirs.values[place]!)),
      );
      expect(largest / scale, `${name}.${end}`).toBeLessThan(1e-4);
    }
  }
});

test('a warm start from PyTorch makes the same net', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await runPython(path.join(repository, 'test/parity/warmStart.py'), [folder]);
  const build = new GraphBuilder();
  const net: readonly LayerSketch[] = [
    { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: [3, 5] } },
    { kind: 'BatchNormalization', name: 'bn', config: { epsilon: 1e-3 } },
    { kind: 'ReLU', name: 'relu' },
    {
      ...{ kind: 'DepthwiseConv2D', name: 'deep' },
      config: { kernel_size: [2, 3], depth_multiplier: 2, use_bias: false },
    },
    { kind: 'GlobalAveragePooling2D', name: 'gap' },
    { kind: 'Dense', name: 'fc', config: { units: 8 } },
    { kind: 'LayerNormalization', name: 'ln', config: { epsilon: 1e-3 } },
  ];
  const base = build.outputs(
    net.reduce((tensor, sketch) => build.add(sketch, tensor), build.input([null, 9, 11, 3])),
  );
  const donor = at('net.pth');
  const map = { conv: '0', bn: '1', deep: '3', fc: '6', ln: '7' };
  const { graph, warmStarts } = replay(
    base,
    { ...EMPTY_RECIPE, operations: [{ op: 'warmStart', from: donor, map }] },
    new Map([[donor, (await openModel(donor)).graph]]),
  );
  expect(warmStarts[0]?.unmatched).toEqual([]);
  expect(warmStarts[0]?.unused).toEqual(['1/num_batches_tracked']);

  const [input, expected] = [await readNpy(at('x.npy')), await readNpy(at('y.npy'))];
  const image = { shape: input.shape, data: Float32Array.from(input.values) };
  const weights = openWeights();
  const [found] = await compute(graph, graph.outputs, image, (weight) => weights.read(weight));
  await weights.close();
  const largest = Math.max(
    ...Array.from(found!, (value, place) => Math.abs(value - expected.values[place]!)),
  );
  expect(largest).toBeLessThan(1e-5);
});
