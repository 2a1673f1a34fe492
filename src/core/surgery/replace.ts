import { Failure } from '../failure';
import { inputsOf, layerNamed } from '../graph/lookup';
import type { Layer, LayerGraph } from '../graph/layerGraph';
import { configOf, knownKind } from './config';
import { checkNewName, namesIn } from './names';
import type { OperationOf } from './recipe';
import { t, tn } from '../../l10n/translate';

/**
 * Makes a layer another one in place: the kind and the configuration that the recipe gives (defaults for the rest),
 * with the same id, calls, group and trainable flag, and the same name where none is given. A weight whose name, role
 * and shape the new kind calls for too is kept; the others start anew afterwards and are named (`settleWeights`).
 *
 * @throws Failure `LAYER_UNKNOWN`; `REPLACE_INPUT` for a layer without inputs on either side; `REPLACE_ARITY` where the
 * new kind takes another number of tensors than a call feeds; `KIND_UNKNOWN`, `CONFIG_INVALID`, `NAME_TAKEN`,
 * `NAME_INVALID`
 */
export function replace(graph: LayerGraph, operation: OperationOf<'replace'>): LayerGraph {
  const old = layerNamed(graph, operation.layer);
  const { kind: kindName, name = old.name, config = {} } = operation.with;
  const kind = knownKind(kindName, name);
  if (name !== old.name) checkNewName(name, namesIn(graph));
  if (inputsOf(old).length === 0 || kind.arity[1] === 0) {
    throw new Failure(
      'input',
      'REPLACE_INPUT',
      t(
        "{0} reads nothing, expected a layer between others on both sides; an input's shape is changed with inputShape",
        inputsOf(old).length === 0 ? `"${old.name}"` : kind.name,
      ),
      { layer: old.name },
    );
  }
  const [least, most] = kind.arity;
  for (const { inputs } of old.calls) {
    if (inputs.length >= least && inputs.length <= most) continue;
    const takes =
      least === most
        ? `${least}`
        : most === Infinity
          ? t('at least {0}', least)
          : t('{0} to {1}', least, most);
    throw new Failure(
      'input',
      'REPLACE_ARITY',
      tn(
        inputs.length,
        '"{0}" is fed {1} tensor, and {2} takes {3}',
        '"{0}" is fed {1} tensors, and {2} takes {3}',
        old.name,
        inputs.length,
        kind.name,
        takes,
      ),
      { layer: old.name },
    );
  }
  const { id, calls, weights, trainable, group } = old;
  const replaced: Layer = {
    ...{ id, name, kind: kind.name, config: configOf(kind, config, name) },
    ...{ calls, weights, trainable, group },
  };
  return { ...graph, layers: graph.layers.map((layer) => (layer === old ? replaced : layer)) };
}
