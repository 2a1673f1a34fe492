import { Failure } from '../failure';
import type { Layer, LayerGraph, LayerId, TensorRef } from '../graph/layerGraph';
import { inputsOf, layersById } from '../graph/lookup';
import { t } from '../../l10n/translate';

/** The calls that these tensors depend on, by layer. */
export function callsFeeding(
  graph: LayerGraph,
  tensors: readonly TensorRef[],
): ReadonlyMap<LayerId, ReadonlySet<number>> {
  const byId = layersById(graph);
  const reached = new Map<LayerId, Set<number>>();
  const stack = [...tensors];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    const calls = reached.get(tensor.layer) ?? new Set();
    if (calls.has(tensor.call)) continue;
    reached.set(tensor.layer, calls.add(tensor.call));
    stack.push(...(byId.get(tensor.layer)?.calls[tensor.call]?.inputs ?? []));
  }
  return reached;
}

/**
 * What these outputs need of a graph, as Keras's `Model(inputs, outputs)` keeps it: layers that feed none of them go,
 * and so do the calls of a shared layer that feed none. Layers that lose nothing keep their identity.
 */
export function pruneTo(graph: LayerGraph, outputs: readonly TensorRef[]): LayerGraph {
  const reached = callsFeeding(graph, outputs);
  const renumbered = new Map<LayerId, ReadonlyMap<number, number>>();
  for (const { id, calls } of graph.layers) {
    const kept = reached.get(id);
    if (!kept || kept.size === calls.length) continue;
    const order = [...kept].sort((a, b) => a - b);
    renumbered.set(id, new Map(order.map((call, index) => [call, index])));
  }
  const move = (tensor: TensorRef): TensorRef => {
    const call = renumbered.get(tensor.layer)?.get(tensor.call) ?? tensor.call;
    return call === tensor.call ? tensor : { ...tensor, call };
  };
  const layers = graph.layers.flatMap((layer) => {
    const kept = reached.get(layer.id);
    if (!kept) return [];
    return [rewire(layer, move, (_, call) => kept.has(call))];
  });
  return {
    ...graph,
    layers,
    inputs: graph.inputs.filter((input) => reached.has(input.layer)).map(move),
    outputs: outputs.map(move),
  };
}

/** The layer with its input tensors replaced; the same object where nothing is. */
export function rewire(
  layer: Layer,
  replace: (tensor: TensorRef) => TensorRef,
  keepCall: (call: Layer['calls'][number], index: number) => boolean = () => true,
): Layer {
  const kept = layer.calls.filter(keepCall);
  const calls = kept.map((call) => {
    const inputs = call.inputs.map(replace);
    return inputs.every((tensor, index) => tensor === call.inputs[index]) ? call : { ...call, inputs };
  });
  const same =
    calls.length === layer.calls.length && calls.every((call, index) => call === layer.calls[index]);
  return same ? layer : { ...layer, calls };
}

/**
 * The model's outputs once `tensors` end what depends on `layer`: they take the place of the first output that does,
 * the others that do go, and outputs of branches apart stay.
 */
export function outputsEndingIn(
  graph: LayerGraph,
  layer: Layer,
  ...tensors: readonly TensorRef[]
): readonly TensorRef[] {
  const outputs: TensorRef[] = [];
  let placed = false;
  for (const output of graph.outputs) {
    if (!callsFeeding(graph, [output]).has(layer.id)) {
      outputs.push(output);
    } else if (!placed) {
      outputs.push(...tensors);
      placed = true;
    }
  }
  return placed ? outputs : [...outputs, ...tensors];
}

/**
 * The one tensor that a layer makes.
 *
 * @throws Failure when it makes several, since "after it" then names none of them
 */
export function tensorOf(graph: LayerGraph, layer: Layer): TensorRef {
  const [first, ...more] = layer.calls;
  const outputs = new Set(
    [...graph.layers.flatMap(inputsOf), ...graph.outputs].filter(isOf(layer)).map((tensor) => tensor.output),
  );
  if (!first || more.length > 0 || outputs.size > 1) {
    const message =
      more.length > 0
        ? t(
            '"{0}" is used {1} times; expected a layer with one output, choose one before or after it',
            layer.name,
            layer.calls.length,
          )
        : t(
            '"{0}" has {1} outputs; expected a layer with one output, choose one before or after it',
            layer.name,
            outputs.size,
          );
    throw new Failure('input', 'LAYER_AMBIGUOUS', message, { layer: layer.name });
  }
  return { layer: layer.id, call: 0, output: [...outputs][0] ?? 0 };
}

const isOf = (layer: Layer) => (tensor: TensorRef) => tensor.layer === layer.id;
