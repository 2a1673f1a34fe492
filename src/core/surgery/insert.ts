import { Failure } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import { sameTensor } from '../graph/layerGraph';
import { inputsOf, layerNamed, layersById } from '../graph/lookup';
import { freshChain } from './fresh';
import { rewire, tensorOf } from './reach';
import type { OperationOf } from './recipe';
import { t } from '../../l10n/translate';

/**
 * Puts a chain of new layers between a layer and one that reads it. Other readers go on reading it as it was. The new
 * layers are of the innermost group that both are in.
 */
export function insert(graph: LayerGraph, operation: OperationOf<'insert'>): LayerGraph {
  const [from, to] = operation.between;
  const [before, reader] = [layerNamed(graph, from), layerNamed(graph, to)];
  const tensor = tensorOf(graph, before);
  if (!inputsOf(reader).some((input) => sameTensor(input, tensor))) {
    const byId = layersById(graph);
    const read = [
      ...new Set(inputsOf(reader).map((input) => `"${byId.get(input.layer)?.name ?? input.layer}"`)),
    ];
    throw new Failure(
      'input',
      'INSERT_APART',
      t(
        '"{0}" does not read "{1}"; expected a layer that it reads{2}',
        to,
        from,
        read.length > 0 ? `: ${read.join(', ')}` : '',
      ),
      { layer: to },
    );
  }
  const { layers, end } = freshChain(
    graph,
    tensor,
    operation.layers,
    groupAround(before.group, reader.group),
  );
  return {
    ...graph,
    layers: graph.layers.flatMap((layer) =>
      layer === reader
        ? [...layers, rewire(layer, (input) => (sameTensor(input, tensor) ? end : input))]
        : [layer],
    ),
  };
}

function groupAround(one: readonly string[], other: readonly string[]): readonly string[] {
  const apart = one.findIndex((name, depth) => name !== other[depth]);
  return apart === -1 ? one : one.slice(0, apart);
}
