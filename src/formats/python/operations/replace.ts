import { layerNamed } from '../../../core/graph/lookup';
import type { Layer } from '../../../core/graph/layerGraph';
import { kindNamed } from '../../../core/layers/catalogue';
import { t } from '../../../l10n/translate';
import { text } from '../literal';
import { newLayer } from '../newLayer';
import { refuseOperation, unsaid, type Say } from './step';

/** A new layer is called where the old one was, with what that was called with, and takes its weights that fit. */
export const sayReplace: Say<'replace'> = (operation, { before, after, setting }) => {
  const old = layerNamed(before, operation.layer);
  const layer = layerNamed(after, operation.with.name ?? operation.layer);
  refuseOperation(operation, old, setting);
  const [was, is] = [takesTensorsApart(old), takesTensorsApart(layer)];
  if (old.kind !== layer.kind && (was || is) && old.calls.some(({ inputs }) => inputs.length > 1)) {
    const why = t(
      '{0} takes its tensors as arguments with names, and {1} does not alike',
      was ? old.kind : layer.kind,
      was ? layer.kind : old.kind,
    );
    throw unsaid(operation, why, old.name);
  }
  return {
    lines: [
      'model = rebuild(',
      '    model,',
      '    replace={',
      `        ${text(old.name)}: ${newLayer(layer, ' '.repeat(8))},`,
      '    },',
      ')',
    ],
    helpers: ['rebuild'],
  };
};

/** `layer(query, value)`, `layer(x, initial_state=[…])`, where others take `layer([x, y])`. */
function takesTensorsApart({ kind }: Layer): boolean {
  const family = kindNamed(kind)?.family;
  return family === 'recurrent' || family === 'attention';
}
