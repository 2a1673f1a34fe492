import { ALL_OPEN } from './allOpen';
import type { Inference } from '../graph/infer';
import type { LayerGraph } from '../graph/layerGraph';
import { stagesOf } from '../graph/stages';
import type { Frozen } from './apply';
import { withBatchNormalization, type BatchNormalizationPolicy } from './batchNormalization';
import type { FreezeRule } from './rule';

/** One run of a series that differs in its freeze set alone. */
export interface SweepStep {
  /** How many of the first stages are frozen. */
  readonly stages: number;
  /** They say of every layer what becomes of it, whatever the model's file says. */
  readonly rules: readonly FreezeRule[];
  /** Of those layers that have weights. */
  readonly frozenLayers: number;
  readonly trainableLayers: number;
}

/**
 * The classic experiment: all stages frozen, then the last one open, then the last two, … down to none. Passed over are
 * stages without weights, which would train the same again, and freeze sets that leave nothing to train.
 *
 * @param refreeze what rules make of the graph
 * @param policy what freezing does to BatchNormalization, in each step
 */
export function stageSweep(
  graph: LayerGraph,
  inference: Inference,
  refreeze: (rules: readonly FreezeRule[]) => Pick<Frozen, 'graph'>,
  policy: BatchNormalizationPolicy,
): readonly SweepStep[] {
  const all = Math.max(0, ...[...stagesOf(graph, inference).values()].map((stage) => stage + 1));
  const steps: SweepStep[] = [];
  for (let stages = 0; stages <= all; stages++) {
    const rules = rulesFor(stages, policy);
    const weighted = refreeze(rules).graph.layers.filter((layer) => layer.weights.length > 0);
    const trained = weighted.filter((layer) => layer.trainable);
    const frozenLayers = weighted.length - trained.length;
    const learns = trained.some((layer) => layer.weights.some(({ role }) => role === 'parameter'));
    // More stages freeze more layers or the same, so equal counts are equal sets.
    if (!learns || steps.at(-1)?.frozenLayers === frozenLayers) continue;
    steps.push({ stages, rules, frozenLayers, trainableLayers: trained.length });
  }
  return steps.toReversed();
}

function rulesFor(stages: number, policy: BatchNormalizationPolicy): readonly FreezeRule[] {
  return stages === 0 ? [ALL_OPEN] : withBatchNormalization([ALL_OPEN, { match: { stages } }], policy);
}
