import type { Layer, LayerGraph, LayerId } from '../../core/graph/layerGraph';
import { orderCalls } from '../../core/graph/order';

const callKey = (layer: LayerId, call: number): string => `${layer}\u0000${call}`;

/**
 * The layers that outputs depend on, in the order that Keras gives `model.layers`: by their largest distance to an
 * output, and among equals by when a walk back from the outputs first meets them; inputs that feed nothing come with the
 * outputs. Keras reads the weights of an `.h5` in this order, so a file's must be the same. Ported from `map_graph` in
 * keras/src/ops/function.py.
 */
export function kerasOrder(graph: LayerGraph): readonly Layer[] {
  const met = new Map<LayerId, number>();
  const { calls } = orderCalls(graph, {
    from: graph.outputs,
    onEnter: ({ layer }) => {
      if (!met.has(layer.id)) met.set(layer.id, met.size);
    },
  });

  const callDepths = new Map<string, number>();
  const layerDepths = new Map<LayerId, number>();
  for (const { layer, call } of calls.toReversed()) {
    const depth = Math.max(callDepths.get(callKey(layer.id, call)) ?? 0, layerDepths.get(layer.id) ?? 0);
    layerDepths.set(layer.id, depth);
    for (const input of layer.calls[call]!.inputs) {
      const key = callKey(input.layer, input.call);
      callDepths.set(key, Math.max(depth + 1, callDepths.get(key) ?? 0));
    }
  }
  for (const { layer } of graph.inputs) {
    if (layerDepths.has(layer)) continue;
    layerDepths.set(layer, 0);
    met.set(layer, -1);
  }
  return graph.layers
    .filter((layer) => layerDepths.has(layer.id))
    .sort((a, b) => layerDepths.get(b.id)! - layerDepths.get(a.id)! || met.get(a.id)! - met.get(b.id)!);
}
