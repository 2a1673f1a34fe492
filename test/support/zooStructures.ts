import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LayerGraph } from '../../src/core/graph/layerGraph';
import type { ZooOptions } from '../../src/zoo/architecture';
import { zooEntries } from '../../src/zoo/registry';
import { repository } from './python';

/** What Keras makes of each case, by its label: written by `MODEL_SURGERY_GOLDEN=write` and test/parity/zoo.test.ts. */
export const ZOO_GOLDEN = path.join(repository, 'test/golden/zoo.json');

export interface ZooGolden {
  readonly parameters: number;
  /** SHA-256 of the structure. */
  readonly structure: string;
  /** The published file that Keras asks for. */
  readonly asked: { readonly file?: string; readonly url?: string; readonly hash?: string | null };
}

export interface ZooCase {
  readonly label: string;
  readonly name: string;
  readonly options: ZooOptions;
}

/** Each of Keras's: with the published top, as a backbone for images of any size, and small with a top of its own. */
export const zooCases: readonly ZooCase[] = zooEntries()
  .filter(({ source }) => source === 'keras')
  .flatMap(({ name, input: { least } }, at) => [
    { label: name, name, options: { pretrained: true } },
    {
      label: `${name} without top`,
      name,
      options: { pretrained: true, includeTop: false, pooling: at % 2 === 0 ? 'avg' : 'max' },
    },
    {
      label: `${name}, small`,
      name,
      options: { inputSize: [least + 22, least + 7], classes: 5, classifierActivation: null },
    },
  ]);

/** A graph with nothing but its structure. */
export function withoutWeights(graph: LayerGraph): LayerGraph {
  return { ...graph, layers: graph.layers.map((layer) => ({ ...layer, weights: [] })) };
}

export function structureHash(graph: LayerGraph): string {
  return createHash('sha256')
    .update(JSON.stringify(withoutWeights(graph), sortedKeys))
    .digest('hex');
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
