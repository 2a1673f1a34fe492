import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { inferShapes, shapeOf } from '../../src/core/graph/infer';
import { parameterCount, type LayerGraph } from '../../src/core/graph/layerGraph';
import { ancestorsOf, layerNamed } from '../../src/core/graph/lookup';
import { kerasOrder } from '../../src/formats/keras/kerasOrder';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { repository, runPython } from '../support/python';
import { fixture, temporaryFolder } from '../unit/formats/fixtures';

const SCRIPT = path.join(repository, 'test/parity/formats.py');
const CACHE = path.join(repository, '.cache/parity');

interface Saved {
  readonly path: string;
  readonly parameters: number;
  readonly layers: readonly string[];
  readonly shapes: Readonly<Record<string, readonly (number | null)[]>>;
}

interface Compared {
  readonly difference: number;
  readonly scale: number;
  readonly layers: readonly string[];
  readonly trainable: number;
}

async function keras<T>(...args: string[]): Promise<T> {
  const printed = await runPython(SCRIPT, args);
  return JSON.parse(printed.trim().split('\n').at(-1)!) as T;
}

async function writeH5(graph: LayerGraph, name: string): Promise<string> {
  const target = path.join(await temporaryFolder(), name);
  const reader = openWeights();
  try {
    await writeModel({ graph, weights: (_, weight) => reader.read(weight) }, target, 'h5');
  } finally {
    await reader.close();
  }
  return target;
}

const countParameters = (graph: LayerGraph) =>
  graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);

describe('files that we write, in real Keras', () => {
  test.each([
    'keras3/sequential.h5',
    'keras3/branches.h5',
    'keras3/nested.h5',
    'keras3/separable.h5',
    'keras2/sequential.h5',
  ])('%s, written again', async (name) => {
    const model = await openModel(fixture(name));
    const written = await writeH5(model.graph, 'again.h5');
    const compared = await keras<Compared>('compare', written, fixture(name));
    expect(compared.difference).toBeLessThanOrEqual(1e-6 * compared.scale);
    expect(compared.layers).toEqual(kerasOrder(model.graph).map((layer) => layer.name));
    const trainable = model.graph.layers.filter((layer) => layer.trainable);
    const parameters = trainable.flatMap((layer) => layer.weights.filter((w) => w.role === 'parameter'));
    expect(compared.trainable).toBe(parameters.length);
  });
});

describe('nested models, as Keras numbers them', () => {
  let saved: readonly Saved[];
  beforeAll(async () => {
    await mkdir(CACHE, { recursive: true });
    saved = await keras<Saved[]>('nested', CACHE);
  });

  test.each(['model_last', 'shared_last', 'same_names', 'stack', 'sequential_last', 'part_frozen'])(
    '%s',
    async (name) => {
      const { path: file, parameters } = saved.find((entry) => entry.path.endsWith(`nested-${name}.h5`))!;
      const model = await openModel(file);
      expect(countParameters(model.graph)).toBe(parameters);
      const written = await writeH5(model.graph, 'flat.h5');
      const compared = await keras<Compared>('compare', written, file);
      expect(compared.difference).toBeLessThanOrEqual(1e-6 * compared.scale);
    },
  );
});

describe("Keras's applications", () => {
  let saved: readonly Saved[];
  beforeAll(async () => {
    await mkdir(CACHE, { recursive: true });
    saved = await keras<Saved[]>('applications', CACHE);
  });

  // Input sizes change VGG16's head alone: its first dense layer reads the flattened features.
  test.each([
    ['ResNet50-notop', 23_587_712],
    ['ResNet50-top', 25_636_712],
    ['InceptionV3-notop', 21_802_784],
    ['InceptionV3-top', 23_851_784],
    ['VGG16-notop', 14_714_688],
    ['VGG16-top', 37_694_248],
    ['MobileNetV2-notop', 2_257_984],
    ['MobileNetV2-top', 3_538_984],
  ])('%s', async (name, parameters) => {
    const entry = saved.find((candidate) => path.basename(candidate.path) === `${name}.h5`)!;
    const model = await openModel(entry.path);
    expect(model.report).toEqual([]);
    expect(countParameters(model.graph)).toBe(parameters);
    expect(entry.parameters).toBe(parameters);
    expect(model.graph.layers.map((layer) => layer.name)).toEqual(entry.layers);
    expect(kerasOrder(model.graph).map((layer) => layer.name)).toEqual(entry.layers);
    const inference = inferShapes(model.graph);
    expect(inference.faults).toEqual([]);
    for (const layer of model.graph.layers) {
      expect(shapeOf(inference, { layer: layer.id, call: 0, output: 0 })).toEqual(entry.shapes[layer.name]);
    }
  });

  test.each([
    ['InceptionV3-notop', 'mixed4'],
    ['MobileNetV2-top', 'block_6_project_BN'],
    ['ResNet50-top', 'conv3_block2_out'],
  ])('%s, cut after %s, answers as Keras does', async (name, cut) => {
    const { path: file } = saved.find((entry) => path.basename(entry.path) === `${name}.h5`)!;
    const model = await openModel(file);
    const last = layerNamed(model.graph, cut);
    const kept = ancestorsOf(model.graph, [last.id]);
    const graph: LayerGraph = {
      ...model.graph,
      layers: model.graph.layers.filter((layer) => kept.has(layer.id)),
      outputs: [{ layer: last.id, call: 0, output: 0 }],
    };
    const written = await writeH5(graph, 'cut.h5');
    const compared = await keras<Compared>('compare', written, file, cut);
    expect(compared.difference).toBeLessThanOrEqual(1e-6 * compared.scale);
    expect(compared.layers).toEqual(kerasOrder(graph).map((layer) => layer.name));
  });
});
