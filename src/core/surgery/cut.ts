import { Failure } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import { outputsEndingIn, pruneTo, tensorOf } from './reach';
import type { OperationOf } from './recipe';
import { t } from '../../l10n/translate';

/**
 * Keeps everything up to a layer, whose tensor becomes the output; what hangs after it goes, and with it every layer
 * that fed only that. An output of a branch that does not depend on the layer stays.
 */
export function cut(graph: LayerGraph, { after }: OperationOf<'cut'>): LayerGraph {
  const layer = layerNamed(graph, after);
  const tensor = tensorOf(graph, layer);
  const kept = pruneTo(graph, outputsEndingIn(graph, layer, tensor));
  if (kept.layers.length === graph.layers.length) {
    throw new Failure(
      'input',
      'CUT_NOTHING',
      t('nothing hangs after "{0}": it is the output already', after),
      {
        layer: after,
      },
    );
  }
  return kept;
}
