import { Failure } from '../failure';
import type { Layer, LayerGraph, LayerId, TensorRef } from './layerGraph';
import { t } from '../../l10n/translate';

/** One use of a layer, as a place in the graph. */
export interface CallSite {
  readonly layer: Layer;
  /** The index of the call within its layer. */
  readonly call: number;
}

export interface CallOrder {
  /** Every call after the calls that feed it; the graph's own order wherever that allows. */
  readonly calls: readonly CallSite[];
  /** Layers found on a cycle; their calls stand in the order too, so that nothing is lost. */
  readonly cyclic: readonly Layer[];
}

/** Where a walk back along the tensors begins, and who hears of it. */
export interface CallWalk {
  /** Every call of the graph, in its order, where left out. */
  readonly from?: Iterable<Pick<TensorRef, 'layer' | 'call'>>;
  /** Told of each call when the walk first meets it, before what feeds it. */
  readonly onEnter?: (site: CallSite) => void;
}

const enum State {
  New,
  Open,
  Done,
}

/**
 * The calls of a graph in topological order, in time linear in calls and tensors. It goes by calls, not layers: a
 * shared layer may feed, in its first call, a layer that its second call reads. Tensors of layers that the graph
 * does not hold are passed over.
 */
export function orderCalls(graph: LayerGraph, { from, onEnter }: CallWalk = {}): CallOrder {
  const { layers } = graph;
  const indexOf = new Map<LayerId, number>();
  const states = layers.map((layer, index) => {
    indexOf.set(layer.id, index);
    return new Uint8Array(layer.calls.length);
  });
  const calls: CallSite[] = [];
  const cyclic = new Set<Layer>();

  /** Depth first without recursion: graphs are thousands of layers deep. */
  const visit = (start: number, firstCall: number): void => {
    const stack: { readonly index: number; readonly call: number; next: number }[] = [];
    const enter = (index: number, call: number) => {
      states[index][call] = State.Open;
      onEnter?.({ layer: layers[index], call });
      stack.push({ index, call, next: 0 });
    };
    enter(start, firstCall);
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const layer = layers[frame.index];
      const { inputs } = layer.calls[frame.call];
      if (frame.next === inputs.length) {
        states[frame.index][frame.call] = State.Done;
        calls.push({ layer, call: frame.call });
        stack.pop();
        continue;
      }
      const input = inputs[frame.next++];
      const index = indexOf.get(input.layer);
      if (index === undefined) continue;
      const state = states[index][input.call];
      if (state === State.Open) {
        const from = stack.findIndex((open) => open.index === index && open.call === input.call);
        for (const open of stack.slice(from)) cyclic.add(layers[open.index]);
      } else if (state === State.New) {
        enter(index, input.call);
      }
    }
  };

  for (const { layer, call } of from ?? callsOf(layers)) {
    const index = indexOf.get(layer);
    if (index !== undefined && states[index][call] === State.New) visit(index, call);
  }
  return { calls, cyclic: [...cyclic] };
}

const callsOf = (layers: readonly Layer[]) =>
  layers.flatMap(({ id, calls }) => calls.map((_, call) => ({ layer: id, call })));

/**
 * The graph with its layers in topological order of their first calls; the same graph if they already are.
 * @throws Failure when the graph has a cycle
 */
export function sortLayers(graph: LayerGraph): LayerGraph {
  const { calls, cyclic } = orderCalls(graph);
  if (cyclic.length > 0) throw cycleFailure(cyclic);
  const called = calls.filter(({ call }) => call === 0).map(({ layer }) => layer);
  const uncalled = graph.layers.filter((layer) => layer.calls.length === 0);
  const layers = [...called, ...uncalled];
  const sorted = layers.every((layer, index) => layer === graph.layers[index]);
  return sorted ? graph : { ...graph, layers };
}

function cycleFailure(cyclic: readonly Layer[]): Failure {
  const names = cyclic.map((layer) => layer.name);
  return new Failure(
    'input',
    'GRAPH_CYCLE',
    t(
      'layers feed each other in a circle: {0}; expected each layer to be fed by earlier ones',
      showNames(names),
    ),
    { layer: names[0] },
  );
}

/** The first few of many names. */
export function showNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  return names.length > 5 ? t('{0} and {1} more', shown.join(', '), names.length - 5) : shown.join(', ');
}
