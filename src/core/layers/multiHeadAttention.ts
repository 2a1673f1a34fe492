import type { Shape } from '../graph/layerGraph';
import { sequences } from './attention';
import { callFlags, callInputs } from './callFlags';
import { configSchema, type ConfigOf } from './config';
import { count, field, flag, integers, nullable, number } from './fields';
import { ShapeMismatch, showShape, type LayerKind, type WeightSpec } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { parameter } from './weightSpec';
import { t } from '../../l10n/translate';

const common = {
  dropout: number(0, 1).default(0),
  use_bias: flag().default(true),
  /** Multiplies what the heads found by a sigmoid of the query. */
  use_gate: flag().default(false),
  /** Attends to so many positions before and after, less one, itself among them. */
  sliding_window: nullable(count()),
  kernel_initializer: initializer('GlorotUniform'),
  bias_initializer: initializer('Zeros'),
  kernel_regularizer: regularizer(),
  bias_regularizer: regularizer(),
  activity_regularizer: regularizer(),
  kernel_constraint: constraint(),
  bias_constraint: constraint(),
  ...callFlags,
  call_inputs: callInputs(),
};
// Shapes that Keras 2 saw when it built the layer; how it is computed; random numbers follow the plan's seed.
const inert = ['query_shape', 'key_shape', 'value_shape', 'flash_attention', 'seed'];

const multiHeadSchema = configSchema(
  {
    num_heads: count(),
    key_dim: count(),
    value_dim: count(),
    output_shape: nullable(integers(t('sizes of at least 1'), (sizes) => sizes.every((size) => size > 0))),
    /** Axis 1, the steps, is the one axis of a sequence to attend along. */
    attention_axes: nullable(
      field<readonly number[]>(t('[1]: attention along other axes than the steps is not supported'), (raw) =>
        JSON.stringify([raw].flat()) === '[1]' ? [1] : undefined,
      ),
    ),
    ...common,
  },
  {
    inert,
    prepare: (raw) => ({ ...raw, value_dim: raw.value_dim ?? raw.key_dim }),
  },
);
const groupedSchema = configSchema(
  { head_dim: count(), num_query_heads: count(), num_key_value_heads: count(), ...common },
  {
    inert,
    check: ({ num_query_heads: query, num_key_value_heads: shared }): Record<string, string> =>
      Number(query) % Number(shared) === 0
        ? {}
        : { num_key_value_heads: t('expected a divisor of num_query_heads, {0}', Number(query)) },
  },
);

export type MultiHeadConfig = ConfigOf<typeof multiHeadSchema>;
export type GroupedConfig = ConfigOf<typeof groupedSchema>;

/** The sizes that both kinds come down to. */
export interface Heads {
  readonly queryHeads: number;
  readonly sharedHeads: number;
  readonly keySize: number;
  readonly valueSize: number;
  /** Of one step of the output; none means as the query. */
  readonly output: readonly number[] | null;
}

export const headsOfMultiHead = (config: MultiHeadConfig): Heads => ({
  queryHeads: config.num_heads,
  sharedHeads: config.num_heads,
  keySize: config.key_dim,
  valueSize: config.value_dim,
  output: config.output_shape,
});

export const headsOfGrouped = (config: GroupedConfig): Heads => ({
  queryHeads: config.num_query_heads,
  sharedHeads: config.num_key_value_heads,
  keySize: config.head_dim,
  valueSize: config.head_dim,
  output: null,
});

type Config = Pick<MultiHeadConfig, keyof typeof common>;

function attentionKind<C extends Config & Record<string, unknown>>(
  headsOf: (config: C) => Heads,
): Pick<LayerKind<C>, 'family' | 'arity' | 'weights' | 'outputs' | 'flops'> {
  return {
    family: 'attention',
    arity: [2, 4],
    weights(config, inputs) {
      const { query, value, key } = sequences(config, inputs);
      const { queryHeads, sharedHeads, keySize, valueSize, output } = headsOf(config);
      const project = (name: string, [rows, columns]: readonly [readonly number[], readonly number[]]) =>
        projection(config, name, rows, columns);
      return [
        ...project('query', [[features(query)], [queryHeads, keySize]]),
        ...project('key', [[features(key)], [sharedHeads, keySize]]),
        ...(config.use_gate ? project('gate', [[features(query)], [queryHeads, valueSize]]) : []),
        ...project('value', [[features(value)], [sharedHeads, valueSize]]),
        ...project('attention_output', [[queryHeads, valueSize], output ?? [features(query)]]),
      ];
    },
    outputs(config, inputs) {
      const { query, key } = sequences(config, inputs);
      const heads = headsOf(config);
      const result = [query[0], query[1], ...(heads.output ?? [query[2]])];
      return config.return_attention_scores
        ? [result, [query[0], heads.queryHeads, query[1], key[1]]]
        : [result];
    },
    flops(config, inputs, [output]) {
      const { query, value, key } = sequences(config, inputs);
      const { queryHeads, sharedHeads, keySize, valueSize } = headsOf(config);
      const [targets, sources] = [query[1] ?? 1, key[1] ?? 1];
      const made = (output.slice(2) as readonly number[]).reduce((a, b) => a * b, 1);
      const projections =
        targets * (query[2] ?? 1) * queryHeads * (keySize + (config.use_gate ? valueSize : 0)) +
        sources * sharedHeads * ((key[2] ?? 1) * keySize + (value[2] ?? 1) * valueSize) +
        targets * queryHeads * valueSize * made;
      return 2 * (projections + targets * sources * queryHeads * (keySize + valueSize));
    },
  };
}

/** Attention by several heads at once, each with projections of its own. */
export const multiHeadAttention: LayerKind<MultiHeadConfig> = {
  ...attentionKind<MultiHeadConfig>(headsOfMultiHead),
  name: 'MultiHeadAttention',
  schema: multiHeadSchema,
};

/** The same with several query heads to a head of keys and values. */
export const groupQueryAttention: LayerKind<GroupedConfig> = {
  ...attentionKind<GroupedConfig>(headsOfGrouped),
  name: 'GroupQueryAttention',
  schema: groupedSchema,
};

function projection(
  config: Config,
  name: string,
  rows: readonly number[],
  columns: readonly number[],
): readonly WeightSpec[] {
  const kernel = parameter(`${name}/kernel`, [...rows, ...columns], config.kernel_initializer);
  return config.use_bias ? [kernel, parameter(`${name}/bias`, columns, config.bias_initializer)] : [kernel];
}

function features(shape: Shape): number {
  const size = shape[2];
  if (size === null) throw new ShapeMismatch(showShape(shape), t('a known number of features'));
  return size;
}
