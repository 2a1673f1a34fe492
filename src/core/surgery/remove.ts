import { Failure } from '../failure';
import type { Layer, LayerGraph, LayerId, TensorRef } from '../graph/layerGraph';
import { sameTensor, tensorKey } from '../graph/layerGraph';
import { layerNamed, layersById } from '../graph/lookup';
import { showNames } from '../graph/order';
import { blockEndingIn } from './block';
import { rewire } from './reach';
import type { OperationOf } from './recipe';
import { t } from '../../l10n/translate';

/**
 * Takes layers out and lets those that read them read what they read. A removed part that several tensors enter (a
 * merge without its branches) cannot be bypassed: which of them goes on is not clear. Whether the joined neighbours'
 * shapes fit is for `refuseMisfits` to say, once shapes are known.
 */
export function remove(graph: LayerGraph, operation: OperationOf<'remove'>): LayerGraph {
  const removed = operation.layers.map((name) => layerNamed(graph, name));
  const isInput = (layer: Layer) => layer.calls.every((call) => call.inputs.length === 0);
  const input = removed.find(isInput);
  if (input) {
    throw new Failure(
      'input',
      'REMOVE_INPUT',
      t('"{0}" is an input of the model and cannot be removed', input.name),
      {
        layer: input.name,
      },
    );
  }
  const gone = new Set(removed.map((layer) => layer.id));
  if (graph.layers.every((layer) => gone.has(layer.id) || isInput(layer))) {
    throw new Failure(
      'input',
      'REMOVE_ALL',
      t('nothing but inputs would be left of "{0}"; keep a layer', graph.name),
    );
  }
  const bypass = bypassing(graph, gone);
  const layers = graph.layers
    .filter((layer) => !gone.has(layer.id))
    .map((layer) => rewire(layer, (tensor) => bypass(tensor, `"${layer.name}"`)));
  const outputs = graph.outputs.map((tensor) => bypass(tensor, t('the output')));
  return {
    ...graph,
    layers,
    outputs: outputs.filter(
      (tensor, index) => outputs.findIndex((other) => sameTensor(other, tensor)) === index,
    ),
  };
}

/** Which layers to take with a merge so that one tensor enters what goes, where there are such. */
function blockAround(
  graph: LayerGraph,
  merge: LayerId,
  gone: ReadonlySet<LayerId>,
): { readonly from: string; readonly missing: readonly string[] } | undefined {
  const layer = graph.layers.find(({ id }) => id === merge);
  const block = layer && blockEndingIn(graph, layer);
  const from = block && graph.layers.find(({ id }) => id === block.from.layer);
  if (!from) return undefined;
  const missing = block.layers.filter(({ id }) => !gone.has(id)).map(({ name }) => name);
  return missing.length === 0 ? undefined : { from: from.name, missing };
}

/** What stands in for a tensor once these layers are gone: itself, or the one tensor that entered their part. */
function bypassing(graph: LayerGraph, gone: ReadonlySet<LayerId>) {
  const byId = layersById(graph);
  const entries = new Map<string, readonly TensorRef[]>();
  const entering = (tensor: TensorRef): readonly TensorRef[] => {
    if (!gone.has(tensor.layer)) return [tensor];
    const key = tensorKey(tensor);
    const known = entries.get(key);
    if (known) return known;
    const inputs = byId.get(tensor.layer)?.calls[tensor.call]?.inputs ?? [];
    const found = new Map(inputs.flatMap(entering).map((entry) => [tensorKey(entry), entry]));
    entries.set(key, [...found.values()]);
    return [...found.values()];
  };
  // In graph order, so that the recursion above finds its answers ready however long a removed chain is.
  for (const { id, calls } of graph.layers)
    calls.forEach((_, call) => entering({ layer: id, call, output: 0 }));

  return (tensor: TensorRef, reader: string): TensorRef => {
    if (!gone.has(tensor.layer)) return tensor;
    const found = entering(tensor);
    const [only] = found;
    if (only && found.length === 1) return only;
    const name = (id: LayerId) => `"${byId.get(id)?.name ?? id}"`;
    const merge = name(tensor.layer);
    const names = found.map((entry) => name(entry.layer)).join(t(' and '));
    const block = blockAround(graph, tensor.layer, gone);
    const message = block
      ? t(
          '{0} merges {1}: without it {2} has {3} tensors to read where it read one; remove its whole block after "{4}" ({5} too), or remove the layers of all branches but one with it',
          merge,
          names,
          reader,
          found.length,
          block.from,
          showNames(block.missing),
        )
      : t(
          '{0} merges {1}: without it {2} has {3} tensors to read where it read one; remove the layers of all branches but one with it',
          merge,
          names,
          reader,
          found.length,
        );
    throw new Failure('input', 'REMOVE_AMBIGUOUS', message, { layer: byId.get(tensor.layer)?.name });
  };
}
