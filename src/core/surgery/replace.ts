import { Failure } from '../failure';
import { inputsOf, layerNamed } from '../graph/lookup';
import type { Layer, LayerGraph } from '../graph/layerGraph';
import { configOf, knownKind } from './config';
import { checkNewName, namesIn } from './names';
import type { OperationOf } from './recipe';
import { t } from '../../l10n/translate';

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
    const which = inputsOf(old).length === 0 ? `"${old.name}" reads nothing` : `${kind.name} reads nothing`;
    throw new Failure(
      'input',
      'REPLACE_INPUT',
      t(
        "{0}, expected a layer between others on both sides; an input's shape is changed with inputShape",
        which,
      ),
      { layer: old.name },
    );
  }
  const [least, most] = kind.arity;
  for (const { inputs } of old.calls) {
    if (inputs.length >= least && inputs.length <= most) continue;
    const takes =
      least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    throw new Failure(
      'input',
      'REPLACE_ARITY',
      t(
        '"{0}" is fed {1} {2}, and {3} takes {4}',
        old.name,
        inputs.length,
        inputs.length === 1 ? t('tensor') : t('tensors'),
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
