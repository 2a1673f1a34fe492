import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { initialValues } from '../../src/core/initializers/initialValues';
import type { LayerGraph } from '../../src/core/graph/layerGraph';
import type { PlanInput } from '../../src/core/plan/plan';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { chain } from '../unit/support/graphs';
import { plainPng, png, writeFiles } from './images';

/** Plain images and striped ones: a few steps tell them apart. */
const IMAGES_A_CLASS = 12;

/** A folder with a tiny model, tiny real images, and what a test writes beside them. */
export interface Workspace {
  readonly folder: string;
  at(...names: readonly string[]): string;
  /** Writes a plan; what is left out trains the tiny model on the images for two epochs. */
  plan(changes?: Partial<PlanInput>): Promise<string>;
}

/** Makes it in a folder of the caller's. */
export async function makeWorkspace(folder: string): Promise<Workspace> {
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  const graph = chain(
    [null, 8, 8, 1],
    { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: 3 } },
    { kind: 'BatchNormalization', name: 'norm' },
    { kind: 'ReLU', name: 'relu' },
    { kind: 'GlobalAveragePooling2D', name: 'pool' },
    { kind: 'Dense', name: 'scores', config: { units: 2, activation: 'softmax' } },
  );
  await writeModel(
    {
      graph,
      weights: async (layer, { name, shape }) => {
        if (name === 'gamma' || name === 'moving_variance') return new Float32Array(shape[0] ?? 0).fill(1);
        if (name === 'beta' || name === 'moving_mean' || name === 'bias')
          return new Float32Array(shape[0] ?? 0);
        return initialValues({ kind: 'GlorotUniform', config: {} }, shape, layer.length);
      },
    },
    at('tiny.h5'),
    'h5',
  );
  for (let index = 0; index < IMAGES_A_CLASS; index++) {
    const bright = 40 + 15 * index;
    const stripes = Array.from({ length: 64 }, (_, pixel) => (pixel % 2 === 0 ? bright : 0));
    await writeFiles(at('data'), {
      [`plain/${index}.png`]: await plainPng(8, 8, bright),
      [`striped/${index}.png`]: await png(8, 8, 1, stripes),
    });
  }
  return {
    folder,
    at,
    plan: async (changes = {}) => {
      const plan: PlanInput = {
        version: 1,
        model: 'tiny.h5',
        data: { kind: 'images', train: 'data', validation: 0.25, preprocess: 'unit' },
        phases: [{ epochs: 2, optimizer: { kind: 'adam', learningRate: 0.01 } }],
        batchSize: 4,
        engine: 'cpu',
        ...changes,
      };
      await writeFile(at('tiny.plan.json'), JSON.stringify(plan));
      return at('tiny.plan.json');
    },
  };
}

/** Every weight of a model by `layer/weight`, as bytes. */
export async function weightBytes(model: string): Promise<ReadonlyMap<string, string>> {
  const { graph } = await openModel(model);
  return bytesOf(graph);
}

async function bytesOf(graph: LayerGraph): Promise<ReadonlyMap<string, string>> {
  const reader = openWeights();
  const bytes = new Map<string, string>();
  for (const layer of graph.layers) {
    for (const weight of layer.weights) {
      const values = await reader.read(weight);
      const hex = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
      bytes.set(`${layer.name}/${weight.name}`, hex);
    }
  }
  await reader.close();
  return bytes;
}
