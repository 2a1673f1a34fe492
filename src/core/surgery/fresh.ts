import { Failure } from '../failure';
import type { Layer, LayerGraph, LayerId, TensorRef, WeightRef } from '../graph/layerGraph';
import type { LayerKind, WeightSpec } from '../layers/kind';
import { knownKind, configOf } from './config';
import { checkNewName, freeName, namesIn } from './names';
import type { NewLayer } from './recipe';
import { t } from '../../l10n/translate';

/**
 * A recipe's new layers as a chain that starts at a tensor of the graph. They have no weights yet (those follow from
 * shapes, see `settleWeights`), and are of no group but the one that is given. Names and ids depend on the graph and the recipe alone, so replaying
 * gives the same ones.
 */
export function freshChain(
  graph: LayerGraph,
  from: TensorRef,
  newLayers: readonly NewLayer[],
  group: readonly string[] = [],
): { readonly layers: readonly Layer[]; readonly end: TensorRef } {
  const names = namesIn(graph);
  const ids = new Set(graph.layers.map((layer) => layer.id));
  const layers: Layer[] = [];
  let end = from;
  for (const given of newLayers) {
    const name = given.name ?? freeName(given.kind, names);
    checkNewName(name, names);
    const kind = knownKind(given.kind, name);
    if (kind.arity[1] < 1 || kind.arity[0] > 1 || kind.family === 'merging') {
      throw new Failure('input', 'KIND_NOT_CHAINABLE', notChainable(name, kind), { layer: name });
    }
    const id = freeId(name, ids);
    layers.push({
      id,
      name,
      kind: kind.name,
      config: configOf(kind, given.config ?? {}, name),
      calls: [{ inputs: [end] }],
      weights: [],
      trainable: true,
      group,
    });
    names.add(name);
    ids.add(id);
    end = { layer: id, call: 0, output: 0 };
  }
  return { layers, end };
}

/** A weight that starts from its initializer, with a seed of its own that only its layer's and its own name decide. */
export function freshWeight(layer: Layer, spec: WeightSpec): WeightRef {
  return {
    name: spec.name,
    shape: spec.shape,
    dtype: 'float32',
    role: spec.role,
    source: {
      from: 'initializer',
      initializer: spec.initializer,
      seed: seedOf(`${layer.name}/${spec.name}`),
    },
  };
}

/** FNV-1a over UTF-16 code units, in 32 bits without a sign. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** An id for a layer that a recipe adds: of its name, and another where a layer has that already. */
export function freeId(name: string, taken: ReadonlySet<LayerId>): LayerId {
  for (let count = 0; ; count++) {
    const id = `new:${name}${count === 0 ? '' : `:${count}`}`;
    if (!taken.has(id)) return id;
  }
}

function notChainable(name: string, { name: kind, arity, family }: LayerKind): string {
  if (arity[1] < 1) {
    return t('"{0}": a chain feeds each of its layers one tensor, and {1} takes none', name, kind);
  }
  return family === 'merging'
    ? t('"{0}": a chain feeds each of its layers one tensor, and {1} merges several tensors', name, kind)
    : t('"{0}": a chain feeds each of its layers one tensor, and {1} takes several tensors', name, kind);
}
