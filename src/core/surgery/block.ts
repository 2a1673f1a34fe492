import type { Layer, LayerGraph, TensorRef } from '../graph/layerGraph';
import { orderCalls } from '../graph/order';

/** Layers between two tensors, through which all that the second depends on passes. */
export interface Block {
  /** What enters it. */
  readonly from: TensorRef;
  /** Its layers in the graph's order, the one that ends it with them. */
  readonly layers: readonly Layer[];
}

/**
 * The block that a merge ends: everything from the tensor where its branches part up to the merge itself, as a residual
 * block from the tensor that its shortcut starts at. None where the branches come from inputs apart.
 */
export function blockEndingIn(graph: LayerGraph, merge: Layer): Block | undefined {
  const sites = orderCalls(graph).calls;
  const placeOf = new Map(sites.map(({ layer, call }, place) => [keyOf({ layer: layer.id, call }), place]));
  const inside = new Set<string>([merge.id]);
  // What still feeds the block, by place; the latest is taken in until one tensor is left.
  const open = new Map<number, TensorRef>();
  const enter = (tensors: readonly TensorRef[]) => {
    for (const tensor of tensors) {
      const place = placeOf.get(keyOf(tensor));
      if (place !== undefined) open.set(place, tensor);
    }
  };
  enter(merge.calls.flatMap(({ inputs }) => inputs));
  while (open.size > 1) {
    const last = Math.max(...open.keys());
    const site = sites[last];
    const inputs = site?.layer.calls[site.call]?.inputs ?? [];
    if (!site || inputs.length === 0) return undefined;
    open.delete(last);
    inside.add(site.layer.id);
    enter(inputs);
  }
  const [from] = open.values();
  return from && { from, layers: graph.layers.filter(({ id }) => inside.has(id)) };
}

const keyOf = ({ layer, call }: Pick<TensorRef, 'layer' | 'call'>) => `${call}\u0000${layer}`;
