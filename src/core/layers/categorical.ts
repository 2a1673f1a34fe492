import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { count, field, nullable, number, word } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { t } from '../../l10n/translate';

/** Layers that make categories of numbers. */

export type OutputMode = 'int' | 'one_hot' | 'multi_hot' | 'count' | 'tf_idf';

/** Older versions call `multi_hot` `binary`, and write the last with a hyphen. */
export const outputMode = (preset: OutputMode) =>
  field<OutputMode>(t('one of int, one_hot, multi_hot, count, tf_idf'), (raw) => {
    const spelled = raw === 'binary' ? 'multi_hot' : raw === 'tf-idf' ? 'tf_idf' : raw;
    return OUTPUT_MODES.find((mode) => mode === spelled);
  }).default(preset);
const OUTPUT_MODES: readonly OutputMode[] = ['int', 'one_hot', 'multi_hot', 'count', 'tf_idf'];

/** Keys of the hash: one number stands for both. */
export const salt = () =>
  nullable(
    field<readonly [number, number]>(t('a whole number or a pair of them'), (raw) => {
      const pair: readonly unknown[] = Array.isArray(raw) ? raw : [raw, raw];
      return pair.length === 2 && pair.every((one) => Number.isSafeInteger(one))
        ? (pair as readonly [number, number])
        : undefined;
    }),
  );

const boundaries = () =>
  field<readonly number[]>(t('a list of numbers in rising order'), (raw) => {
    const values: readonly unknown[] | undefined = Array.isArray(raw) ? raw : undefined;
    if (!values?.every((value): value is number => typeof value === 'number' && !Number.isNaN(value))) return;
    return values.every((value, index) => index === 0 || value >= (values[index - 1] as number))
      ? values
      : undefined;
  });

const discretizationSchema = configSchema(
  {
    bin_boundaries: nullable(boundaries()),
    num_bins: nullable(count(0)),
    epsilon: number(0).default(0.01),
    output_mode: outputMode('int'),
  },
  {
    only: { sparse: false },
  },
);
const encodingSchema = configSchema(
  { num_tokens: count(), output_mode: outputMode('multi_hot') },
  { only: { sparse: false } },
);
const hashingSchema = configSchema(
  {
    num_bins: count(),
    mask_value: nullable(field<number | string>(t('a number or a text'), readToken)),
    salt: salt(),
    output_mode: outputMode('int'),
  },
  { only: { sparse: false } },
);
const crossingSchema = configSchema(
  { num_bins: count(), output_mode: word('int', 'one_hot').default('int') },
  { only: { sparse: false } },
);

export type DiscretizationConfig = ConfigOf<typeof discretizationSchema>;
export type CategoryEncodingConfig = ConfigOf<typeof encodingSchema>;
export type HashingConfig = ConfigOf<typeof hashingSchema>;
export type HashedCrossingConfig = ConfigOf<typeof crossingSchema>;

export function readToken(raw: unknown): number | string | undefined {
  return typeof raw === 'string' || (typeof raw === 'number' && Number.isSafeInteger(raw)) ? raw : undefined;
}

/**
 * What categories are encoded as, `depth` of them: a number each, a row of marks each, or a row a sample.
 * @throws ShapeMismatch for rows a sample unless samples are lists, since Keras says there what it does not do
 */
export function encodedShape(input: Shape, mode: OutputMode, depth: number | null): Shape {
  if (mode === 'int') return input;
  if (mode === 'one_hot')
    return [...(input.length > 1 && input.at(-1) === 1 ? input.slice(0, -1) : input), depth];
  if (input.length === 2) return [input[0], depth];
  throw new ShapeMismatch(showShape(input), t('(batch, values), a list of values a sample'));
}

const preprocessing = { family: 'preprocessing', weights: () => [], flops: () => 0 } as const;

/** Which of the bins between boundaries a number is in. */
export const discretization: LayerKind<DiscretizationConfig> = {
  ...preprocessing,
  name: 'Discretization',
  arity: [1, 1],
  schema: discretizationSchema,
  outputs: ({ bin_boundaries: found, num_bins: bins, output_mode: mode }, [input]) => [
    encodedShape(input, mode, found ? found.length + 1 : bins),
  ],
};

/** Whole numbers as marks among so many. */
export const categoryEncoding: LayerKind<CategoryEncodingConfig> = {
  ...preprocessing,
  name: 'CategoryEncoding',
  arity: [1, 1],
  schema: encodingSchema,
  outputs: ({ num_tokens: tokens, output_mode: mode }, [input]) => [encodedShape(input, mode, tokens)],
};

/** Values by their hash. */
export const hashing: LayerKind<HashingConfig> = {
  ...preprocessing,
  name: 'Hashing',
  arity: [1, 1],
  schema: hashingSchema,
  outputs({ num_bins: bins, output_mode: mode }, [input]) {
    if (mode === 'one_hot' && input.at(-1) !== 1)
      throw new ShapeMismatch(showShape(input), t('(batch, …, 1)'));
    return [encodedShape(input, mode, bins)];
  },
};

/** Pairs of values by their hash. */
export const hashedCrossing: LayerKind<HashedCrossingConfig> = {
  ...preprocessing,
  name: 'HashedCrossing',
  arity: [2, 2],
  schema: crossingSchema,
  outputs({ num_bins: bins, output_mode: mode }, [input, other]) {
    const isColumn = (shape: Shape) => shape.length === 1 || (shape.length === 2 && shape[1] === 1);
    const odd = [input, other].find((shape) => !isColumn(shape));
    if (odd) throw new ShapeMismatch(showShape(odd), t('(batch,) or (batch, 1)'));
    return [encodedShape(input, mode, bins)];
  },
};
