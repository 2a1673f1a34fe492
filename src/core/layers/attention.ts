import type { Shape } from '../graph/layerGraph';
import { byRole, callFlags, callInputs } from './callFlags';
import { configSchema, type ConfigOf } from './config';
import { flag, number, word } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { parameter } from './weightSpec';
import { t } from '../../l10n/translate';

const common = { dropout: number(0, 1).default(0), ...callFlags, call_inputs: callInputs() };
// Which tensors padding hides comes from their masks; random numbers follow the plan's seed.
const inert = ['seed'];

const attentionSchema = configSchema(
  {
    ...common,
    use_scale: flag().default(false),
    score_mode: word('dot', 'concat').default('dot'),
  },
  { only: { causal: false }, inert, check: withoutMask },
);
const additiveSchema = configSchema(
  { ...common, use_scale: flag().default(true) },
  { only: { causal: false }, inert, check: withoutMask },
);

export type AttentionConfig = ConfigOf<typeof attentionSchema>;
export type AdditiveAttentionConfig = ConfigOf<typeof additiveSchema>;

type SequenceConfig = Pick<AttentionConfig, 'call_inputs' | 'return_attention_scores'>;

const shared = {
  family: 'attention',
  arity: [2, 3],
  outputs(config: SequenceConfig, inputs: readonly Shape[]): readonly Shape[] {
    const { query, value, key } = sequences(config, inputs);
    if (!agree(query[2], key[2])) {
      throw new ShapeMismatch(
        t('query {0} and key {1}', showShape(query), showShape(key)),
        t('as many features in both'),
      );
    }
    const output = [query[0], query[1], value[2]];
    return config.return_attention_scores ? [output, [query[0], query[1], key[1]]] : [output];
  },
} as const;

/** Luong's: scores are products of query and key. */
export const attention: LayerKind<AttentionConfig> = {
  ...shared,
  name: 'Attention',
  schema: attentionSchema,
  weights: (config) => [
    ...(config.use_scale ? [parameter('scale', [], { kind: 'Ones', config: {} })] : []),
    ...(config.score_mode === 'concat'
      ? [parameter('concat_score_weight', [], { kind: 'Ones', config: {} })]
      : []),
  ],
  flops: (config, inputs) => 2 * pairings(config, inputs),
};

/** Bahdanau's: scores are sums of `tanh(query + key)`. */
export const additiveAttention: LayerKind<AdditiveAttentionConfig> = {
  ...shared,
  name: 'AdditiveAttention',
  schema: additiveSchema,
  weights(config, inputs) {
    if (!config.use_scale) return [];
    const features = sequences(config, inputs).query[2];
    if (features === null) throw new ShapeMismatch(showShape(inputs[0]), t('a known number of features'));
    return [parameter('scale', [features], { kind: 'GlorotUniform', config: {} })];
  },
  flops: (config, inputs) => 2 * pairings(config, inputs),
};

/**
 * Query `(batch, T, ...)`, value and key `(batch, S, ...)`, and `(batch, T, S)` of who may attend to whom.
 * @throws ShapeMismatch
 */
export function sequences(config: Pick<SequenceConfig, 'call_inputs'>, inputs: readonly Shape[]) {
  if (config.call_inputs && inputs.length !== config.call_inputs.length) {
    throw new ShapeMismatch(
      t('{0} input tensors', inputs.length),
      `${config.call_inputs.length}: ${config.call_inputs.join(', ')}`,
    );
  }
  const found = byRole(config.call_inputs, inputs);
  for (const one of [found.query, found.value, found.key]) {
    if (one.length !== 3) throw new ShapeMismatch(showShape(one), t('(batch, steps, features)'));
  }
  if (!agree(found.value[1], found.key[1])) {
    throw new ShapeMismatch(
      t('value {0} and key {1}', showShape(found.value), showShape(found.key)),
      t('as many steps in both'),
    );
  }
  return found;
}

/** Multiply-adds of the scores and of the values they weigh, for one sample. */
function pairings(config: SequenceConfig, inputs: readonly Shape[]): number {
  const { query, value, key } = sequences(config, inputs);
  return (query[1] ?? 1) * (key[1] ?? 1) * ((key[2] ?? 1) + (value[2] ?? 1));
}

function withoutMask({ call_inputs: given }: { call_inputs?: unknown }): Record<string, string> {
  return Array.isArray(given) && given.includes('attention_mask')
    ? { call_inputs: t('found attention_mask, expected query, value and key alone') }
    : {};
}

const agree = (a: number | null, b: number | null): boolean => a === null || b === null || a === b;
