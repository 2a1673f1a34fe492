import { Failure } from '../failure';
import type { Layer, LayerGraph, Shape } from '../graph/layerGraph';
import { layerNamed, layersById } from '../graph/lookup';
import { configOf, knownKind } from './config';
import type { OperationOf } from './recipe';
import { t } from '../../l10n/translate';

/**
 * Gives an input another shape: `shape` without the batch, `null` where a size is known only when data arrives; of the
 * model's only input, or of the named one. Its batch size and type stay. Weights stay where they still fit (those of a
 * convolution over another height and width) and start anew, named, where they do not (those of a Dense layer behind a
 * Flatten); layers that cannot take what they are fed then are faults.
 *
 * @throws Failure `INPUT_AMBIGUOUS` where the model has several inputs and none is named, `LAYER_UNKNOWN`, `INPUT_UNKNOWN`
 * for a layer that is no input, `KIND_UNKNOWN` and `CONFIG_INVALID` for an input that the catalogue does not know
 */
export function inputShape(graph: LayerGraph, { shape, input }: OperationOf<'inputShape'>): LayerGraph {
  const old = inputNamed(graph, input);
  const kind = knownKind(old.kind, old.name);
  const present = old.config.batch_shape;
  const batch = Array.isArray(present) ? ((present as Shape)[0] ?? null) : null;
  const config = configOf(kind, { batch_shape: [batch, ...shape] }, old.name, old.config);
  return { ...graph, layers: graph.layers.map((layer) => (layer === old ? { ...layer, config } : layer)) };
}

function inputNamed(graph: LayerGraph, name: string | undefined): Layer {
  const byId = layersById(graph);
  const inputs = graph.inputs.flatMap(({ layer }) => byId.get(layer) ?? []);
  const names = inputs.map((layer) => `"${layer.name}"`).join(', ');
  if (name !== undefined) {
    const found = layerNamed(graph, name);
    if (inputs.includes(found)) return found;
    throw new Failure(
      'input',
      'INPUT_UNKNOWN',
      t('"{0}" is no input of the model, expected {1}', name, names),
      {
        layer: name,
      },
    );
  }
  const [only, ...others] = inputs;
  if (only && others.length === 0) return only;
  throw new Failure(
    'input',
    'INPUT_AMBIGUOUS',
    t('the model has {0} inputs ({1}); say which one with "input"', inputs.length, names),
  );
}
