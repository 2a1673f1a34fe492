import type { Fault } from '../failure';
import type { LayerGraph } from '../graph/layerGraph';
import type { FreezeRule, Match } from './rule';
import { matchedLayers } from './select';

/**
 * Warnings for rules that never matched a layer, in this graph or its earlier states: a pattern with a slip in it
 * would leave to training what somebody believes frozen. (A name with a slip in it is a failure already.)
 */
export function unmatchedRules(
  graph: LayerGraph,
  rules: readonly FreezeRule[],
  past: readonly LayerGraph[],
): readonly Fault[] {
  const states = [graph, ...past];
  return rules
    .filter(
      ({ match }) => isPattern(match) && states.every((state) => matchedLayers(state, match).size === 0),
    )
    .map(({ match }) => ({
      severity: 'warning',
      code: 'FREEZE_MATCHES_NOTHING',
      message: `the freeze rule ${JSON.stringify(match)} matches no layer`,
    }));
}

const isPattern = (match: Match) => 'regex' in match || 'kind' in match || 'group' in match;
