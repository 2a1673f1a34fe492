import { Failure } from '../../core/failure';
import { layersById } from '../../core/graph/lookup';
import type { Layer, LayerGraph, LayerId, TensorRef } from '../../core/graph/layerGraph';

/** One call of a layer, the node of Keras's graphs. */
export interface CallNode {
  readonly layer: Layer;
  readonly call: number;
}

export const callKey = (layer: LayerId, call: number): string => `${layer}\u0000${call}`;

/**
 * Calls in the order in which a depth-first walk from `targets` finishes them, so that each comes after what feeds it.
 * The walk keeps its own stack, for graphs deeper than JavaScript's.
 * @param onEnter told of each call when the walk first meets it
 * @throws Failure `MODEL_CYCLE`
 */
export function callsInOrder(
  graph: Pick<LayerGraph, 'layers'>,
  targets: Iterable<Pick<TensorRef, 'layer' | 'call'>>,
  onEnter?: (node: CallNode) => void,
): CallNode[] {
  const byId = layersById({ name: '', inputs: [], outputs: [], layers: graph.layers });
  const state = new Map<string, 'open' | 'done'>();
  const finished: CallNode[] = [];
  const stack: { node: CallNode; key: string; next: number }[] = [];

  const enter = ({ layer: id, call }: Pick<TensorRef, 'layer' | 'call'>) => {
    const layer = byId.get(id);
    if (!layer?.calls[call]) return;
    const key = callKey(id, call);
    const seen = state.get(key);
    if (seen === 'done') return;
    if (seen === 'open') {
      throw new Failure(
        'input',
        'MODEL_CYCLE',
        `layer "${layer.name}" feeds itself, through other layers or directly`,
        {
          layer: layer.name,
        },
      );
    }
    state.set(key, 'open');
    const node = { layer, call };
    onEnter?.(node);
    stack.push({ node, key, next: 0 });
  };

  for (const target of targets) {
    enter(target);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const input = top.node.layer.calls[top.node.call]!.inputs[top.next++];
      if (input) {
        enter(input);
      } else {
        state.set(top.key, 'done');
        finished.push(top.node);
        stack.pop();
      }
    }
  }
  return finished;
}

/** The layers by their first calls, each after what feeds that; otherwise in the order they came in. */
export function orderLayers(layers: readonly Layer[]): readonly Layer[] {
  const calls = callsInOrder(
    { layers },
    layers.flatMap((layer) => layer.calls.map((_, call) => ({ layer: layer.id, call }))),
  );
  const ordered = new Set<Layer>();
  for (const { layer, call } of calls) if (call === 0) ordered.add(layer);
  for (const layer of layers) ordered.add(layer);
  return [...ordered];
}
