import { configSchema, type ConfigOf } from './config';
import { count, field, flag } from './fields';
import type { LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { parameter } from './weightSpec';
import { t } from '../../l10n/translate';

const embeddingSchema = configSchema(
  {
    input_dim: count(),
    output_dim: count(),
    embeddings_initializer: initializer('RandomUniform', { minval: -0.05, maxval: 0.05 }),
    embeddings_regularizer: regularizer(),
    activity_regularizer: regularizer(),
    embeddings_constraint: constraint(),
    mask_zero: flag().default(false),
  },
  {
    renamed: { init: 'embeddings_initializer', W_regularizer: 'embeddings_regularizer' },
    only: { dropout: 0, sparse: false },
    // Keras 1's constructor took them; the weights are where all weights are.
    inert: ['weights'],
  },
);
const maskingSchema = configSchema({
  /** Keras 3 may write a scalar as an array of NumPy. */
  mask_value: field<number>(t('a number'), readScalar).default(0),
});

export type EmbeddingConfig = ConfigOf<typeof embeddingSchema>;
export type MaskingConfig = ConfigOf<typeof maskingSchema>;

/** A row of a table for each whole number; with `mask_zero`, 0 is padding that recurrent layers and attention skip. */
export const embedding: LayerKind<EmbeddingConfig> = {
  name: 'Embedding',
  family: 'core',
  schema: embeddingSchema,
  arity: [1, 1],
  weights: (config) => [
    parameter('embeddings', [config.input_dim, config.output_dim], config.embeddings_initializer),
  ],
  outputs: (config, [input]) => [[...input, config.output_dim]],
  flops: () => 0,
};

/** Steps whose features all equal `mask_value` become zeros that recurrent layers and attention skip. */
export const masking: LayerKind<MaskingConfig> = {
  name: 'Masking',
  family: 'core',
  schema: maskingSchema,
  arity: [1, 1],
  weights: () => [],
  outputs: (_config, [input]) => [input],
  flops: () => 0,
};

function readScalar(raw: unknown): number | undefined {
  const value =
    typeof raw === 'object' && raw !== null && 'config' in raw
      ? (raw.config as { value?: unknown } | null)?.value
      : raw;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
