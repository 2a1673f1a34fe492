import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import type { GraphSoFar, Weights } from '../draft';
import type { FlatNode } from '../flatGraph';
import { textsOf } from '../graphDef';
import { biasOf } from './bias';

/** Functions that follow in fused operations, by Keras's names. */
const FUSED: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Relu6: 'relu6',
  Elu: 'elu',
  Sigmoid: 'sigmoid',
  Tanh: 'tanh',
};

/** What a fused operation does after it multiplied: its bias and its activation. */
export function fusedTail(
  node: FlatNode,
  graph: GraphSoFar,
  features: number,
): { readonly config: LayerConfig; readonly weights: Weights } | string {
  const steps = [...textsOf(node, 'fused_ops')];
  const config: Record<string, unknown> = { use_bias: false };
  let weights: Weights = {};
  if (steps[0] === 'BiasAdd') {
    steps.shift();
    const constant = graph.constant(node.feeds[2]);
    const bias = constant && biasOf(constant, features);
    if (!bias) return t('its bias is no constant of a number a feature');
    config.use_bias = true;
    weights = { bias };
  }
  const [name, ...more] = steps;
  if (name !== undefined && !Object.hasOwn(FUSED, name)) return t('it goes on with {0}', name);
  if (more.length > 0) return t('it goes on with {0}', more.join(', '));
  return { config: name === undefined ? config : { ...config, activation: FUSED[name] }, weights };
}
