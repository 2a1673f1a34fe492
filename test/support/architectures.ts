import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inferShapes } from '../../src/core/graph/infer';
import type { Layer, LayerGraph, WeightRef } from '../../src/core/graph/layerGraph';
import { initialValues } from '../../src/core/initializers/initialValues';
import { kindNamed } from '../../src/core/layers/catalogue';
import { seedOf } from '../../src/core/surgery/fresh';
import { inputShapes } from '../../src/core/surgery/materialize';
import { readKerasGraph } from '../../src/formats/keras/readGraph';
import { repository } from './python';

const FOLDER = path.join(repository, 'test/fixtures/surgery');

/** Real architectures, by name. */
export const ARCHITECTURES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json.gz'))
  .map((file) => file.replace('.json.gz', ''))
  .sort();

/**
 * A real architecture as a file of it would be read, its weights in a file that there is not: `valuesOf` makes up
 * their numbers.
 */
export function architecture(name: string): LayerGraph {
  const json: unknown = JSON.parse(gunzipSync(readFileSync(path.join(FOLDER, `${name}.json.gz`))).toString());
  const { graph, report } = readKerasGraph(json);
  if (report.length > 0) throw new Error(`${name}: ${report[0]!.message}`);
  const inference = inferShapes(graph);
  const layers = graph.layers.map((layer): Layer => {
    const inputs = inputShapes(inference, layer);
    const specs = (inputs && kindNamed(layer.kind)?.weights(layer.config, inputs)) ?? [];
    const weights = specs.map(({ name: weight, shape, role }): WeightRef => ({
      ...{ name: weight, shape, role, dtype: 'float32' },
      source: { from: 'dataset', path: `/models/${name}.h5`, dataset: `${layer.name}/${weight}` },
    }));
    return weights.length === 0 ? layer : { ...layer, weights };
  });
  return { ...graph, layers };
}

/** Numbers as a trained weight has them, the same ones each time, which differ from any other weight's. */
export function valuesOf({ name, shape, source }: WeightRef): Float32Array {
  if (source.from === 'initializer') return initialValues(source.initializer, shape, source.seed);
  if (source.from !== 'dataset') throw new Error(`"${name}" is no made-up weight`);
  const seed = seedOf(`${source.path}/${source.dataset}`);
  const between = (minval: number, maxval: number) =>
    initialValues({ kind: 'RandomUniform', config: { minval, maxval } }, shape, seed);
  if (name === 'gamma') return between(0.4, 1);
  if (name.includes('variance')) return between(0.5, 1.5);
  // A depthwise kernel: each channel is a sum over one window alone.
  if (shape.length === 4 && shape[3] === 1) return between(-0.8, 0.8);
  return shape.length > 1
    ? initialValues({ kind: 'HeUniform', config: {} }, shape, seed)
    : between(-0.1, 0.1);
}
