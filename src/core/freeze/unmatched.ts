import type { Fault } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import type { FreezeRule } from './rule';
import { patternOf } from './select';
import { t } from '../../l10n/translate';

/**
 * Warnings for rules that never matched a layer, in this graph or its earlier states: a pattern with a slip in it
 * would leave to training what somebody believes frozen. (A name with a slip in it is a failure already.)
 */
export function unmatchedRules(
  graph: LayerGraph,
  rules: readonly FreezeRule[],
  past: readonly LayerGraph[],
): readonly Fault[] {
  return rules
    .filter(({ match }) => {
      const pattern = patternOf(match);
      return pattern && !graph.layers.some(pattern) && !past.some((state) => state.layers.some(pattern));
    })
    .map(({ match }) => ({
      severity: 'warning',
      code: 'FREEZE_MATCHES_NOTHING',
      message: t('the freeze rule {0} matches no layer', JSON.stringify(match)),
    }));
}
