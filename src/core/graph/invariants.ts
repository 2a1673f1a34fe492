import type { Fault } from '../failure';
import type { Layer, LayerGraph, TensorRef } from './layerGraph';
import { layersById } from './lookup';
import { orderCalls, showNames } from './order';

/**
 * Where a graph breaks what every graph must hold: ids and names are unique, every tensor it reads or gives out is
 * one that a layer makes, no layer feeds itself, and something comes in and out. An empty list is a sound graph.
 */
export function checkInvariants(graph: LayerGraph): readonly Fault[] {
  return [
    ...repeated(graph.layers, (layer) => layer.id, 'LAYER_ID_REPEATED', 'id'),
    ...repeated(graph.layers, (layer) => layer.name, 'LAYER_NAME_REPEATED', 'name'),
    ...dangling(graph),
    ...ends(graph),
    ...cycles(graph),
  ];
}

function repeated(
  layers: readonly Layer[],
  keyOf: (layer: Layer) => string,
  code: string,
  what: string,
): readonly Fault[] {
  const seen = new Set<string>();
  return layers.flatMap((layer) => {
    const key = keyOf(layer);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [error(code, `"${layer.name}": found its ${what} "${key}" twice, expected it once`, layer.name)];
  });
}

function dangling(graph: LayerGraph): readonly Fault[] {
  const byId = layersById(graph);
  const isMade = ({ layer, call, output }: TensorRef) =>
    Number.isInteger(output) && output >= 0 && byId.get(layer)?.calls[call] !== undefined;

  const reading = graph.layers.flatMap((layer) =>
    layer.calls
      .flatMap((call) => call.inputs)
      .filter((tensor) => !isMade(tensor))
      .map((tensor) => {
        const found = `found an input from ${showTensor(tensor)}, which no layer makes`;
        return error(
          'TENSOR_DANGLING',
          `"${layer.name}": ${found}, expected a tensor of the graph`,
          layer.name,
        );
      }),
  );
  const atTheEnds = [...graph.inputs, ...graph.outputs]
    .filter((tensor) => !isMade(tensor))
    .map((tensor) =>
      error('TENSOR_DANGLING', `found ${showTensor(tensor)} as an input or output, which no layer makes`),
    );
  return [...reading, ...atTheEnds];
}

function ends(graph: LayerGraph): readonly Fault[] {
  const found: Fault[] = [];
  if (graph.inputs.length === 0) found.push(error('NO_INPUT', 'found no input, expected at least one'));
  if (graph.outputs.length === 0) found.push(error('NO_OUTPUT', 'found no output, expected at least one'));
  return found;
}

function cycles(graph: LayerGraph): readonly Fault[] {
  const { cyclic } = orderCalls(graph);
  if (cyclic.length === 0) return [];
  const names = cyclic.map((layer) => layer.name);
  return [
    error('GRAPH_CYCLE', `found layers that feed each other in a circle: ${showNames(names)}`, names[0]),
  ];
}

function error(code: string, message: string, layer?: string): Fault {
  return { severity: 'error', code, message, ...(layer === undefined ? {} : { layer }) };
}

const showTensor = ({ layer, call, output }: TensorRef): string => `"${layer}"[${call}][${output}]`;
