import type { Fault } from '../failure';
import type { Layer, LayerGraph, TensorRef } from './layerGraph';
import { layersById } from './lookup';
import { orderCalls, showNames } from './order';
import { t } from '../../l10n/translate';

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
  what: 'id' | 'name',
): readonly Fault[] {
  const seen = new Set<string>();
  return layers.flatMap((layer) => {
    const key = keyOf(layer);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message =
      what === 'id'
        ? t('"{0}": found its id "{1}" twice, expected it once', layer.name, key)
        : t('"{0}": found its name "{1}" twice, expected it once', layer.name, key);
    return [error(code, message, layer.name)];
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
      .map((tensor) =>
        error(
          'TENSOR_DANGLING',
          t(
            '"{0}": found an input from {1}, which no layer makes, expected a tensor of the graph',
            layer.name,
            showTensor(tensor),
          ),
          layer.name,
        ),
      ),
  );
  const atTheEnds = [...graph.inputs, ...graph.outputs]
    .filter((tensor) => !isMade(tensor))
    .map((tensor) =>
      error(
        'TENSOR_DANGLING',
        t('found {0} as an input or output, which no layer makes', showTensor(tensor)),
      ),
    );
  return [...reading, ...atTheEnds];
}

function ends(graph: LayerGraph): readonly Fault[] {
  const found: Fault[] = [];
  if (graph.inputs.length === 0) found.push(error('NO_INPUT', t('found no input, expected at least one')));
  if (graph.outputs.length === 0) found.push(error('NO_OUTPUT', t('found no output, expected at least one')));
  return found;
}

function cycles(graph: LayerGraph): readonly Fault[] {
  const { cyclic } = orderCalls(graph);
  if (cyclic.length === 0) return [];
  const names = cyclic.map((layer) => layer.name);
  return [
    error('GRAPH_CYCLE', t('found layers that feed each other in a circle: {0}', showNames(names)), names[0]),
  ];
}

function error(code: string, message: string, layer?: string): Fault {
  return { severity: 'error', code, message, ...(layer === undefined ? {} : { layer }) };
}

const showTensor = ({ layer, call, output }: TensorRef): string => `"${layer}"[${call}][${output}]`;
