import { Failure } from '../../../core/failure';
import { layersById } from '../../../core/graph/lookup';
import { literal } from '../literal';
import { call } from '../newLayer';
import type { Say } from './step';
import { t } from '../../../l10n/translate';

/** The whole model is built again on an input of the other shape; weights that no longer fit start anew, as here. */
export const sayInputShape: Say<'inputShape'> = ({ input, shape }, { after }) => {
  const byId = layersById(after);
  const inputs = after.inputs.flatMap(({ layer }) => byId.get(layer) ?? []);
  const layer = inputs.find(({ name }) => input === undefined || name === input);
  if (!layer)
    throw new Failure('work', 'GRAPH_BROKEN', t('the input {0} is gone after its shape was set', input));
  const batch = Array.isArray(layer.config.batch_shape) ? (layer.config.batch_shape[0] as unknown) : null;
  const sizes = [typeof batch === 'number' ? batch : null, ...shape];
  return {
    lines: [`model = ${call('rebuild', ['model', `inputs=${literal({ [layer.name]: sizes })}`])}`],
    helpers: ['rebuild'],
  };
};
