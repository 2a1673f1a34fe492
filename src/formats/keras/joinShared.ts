import type { TensorRef } from '../../core/graph/layerGraph';
import type { FlatLayer, FlatModel } from './flatten';

/**
 * Makes one layer again of a layer that two nested models share. Keras 3 writes such a layer down in each of them, all but
 * the first time with a number for the object, and keeps its weights with the first.
 */
export function joinShared(flat: FlatModel): FlatModel {
  const firsts = new Map<string, FlatLayer>();
  const callsOf = new Map<string, { readonly id: string; readonly before: number }>();
  const kept = new Map<string, FlatLayer>();
  for (const layer of flat.layers) {
    const key = identityOf(layer);
    const first = firsts.get(key);
    if (layer.configured.sharedId === undefined || !first) {
      kept.set(layer.id, layer);
      if (!first) firsts.set(key, layer);
      continue;
    }
    const own = kept.get(first.id)!;
    callsOf.set(layer.id, { id: own.id, before: own.calls.length });
    kept.set(own.id, { ...own, calls: [...own.calls, ...layer.calls] });
  }
  if (callsOf.size === 0) return flat;
  const moved = (tensor: TensorRef): TensorRef => {
    const to = callsOf.get(tensor.layer);
    return to ? { ...tensor, layer: to.id, call: tensor.call + to.before } : tensor;
  };
  return {
    ...flat,
    layers: [...kept.values()].map((layer) => ({
      ...layer,
      calls: layer.calls.map((call) => ({ ...call, inputs: call.inputs.map(moved) })),
    })),
    inputs: flat.inputs.map(moved),
    outputs: flat.outputs.map(moved),
  };
}

/** The first time an object has no number yet; it is known by being the same in every other word. */
function identityOf({ configured: { className, name, config } }: FlatLayer): string {
  return JSON.stringify([className, name, config], (key, value: unknown) =>
    key === 'shared_object_id' ? undefined : value,
  );
}
