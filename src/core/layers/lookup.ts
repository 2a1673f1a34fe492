import { encodedShape, outputMode, readToken, salt, type OutputMode } from './categorical';
import { configSchema, type ConfigOf } from './config';
import { count, field, flag, integers, nullable, toSnakeCase } from './fields';
import type { LayerKind } from './kind';
import type { Shape } from '../graph/layerGraph';
import { t } from '../../l10n/translate';

/** Layers that look values up in a vocabulary, which is in the configuration or in a file beside it. */

const token = () => field<number | string>(t('a number or a text'), readToken);
const tokens = () =>
  field<readonly (number | string)[]>(t('a list of values'), (raw) => {
    if (!Array.isArray(raw)) return undefined;
    const read = raw.map(readToken);
    return read.every((one) => one !== undefined) ? read : undefined;
  });
const reals = () =>
  field<readonly number[]>(t('a list of numbers'), (raw) =>
    Array.isArray(raw) && raw.every((one) => typeof one === 'number') ? raw : undefined,
  );

/** What every lookup has. */
const vocabulary = () => ({
  max_tokens: nullable(count()),
  output_mode: outputMode('int'),
  pad_to_max_tokens: flag().default(false),
  vocabulary: nullable(tokens()),
  /** With the places of masks and of what is not known. */
  vocabulary_size: nullable(count(0)),
  idf_weights: nullable(reals()),
});
const lookup = (unknown: number | string) => ({
  ...vocabulary(),
  num_oov_indices: count(0).default(1),
  mask_token: nullable(token()),
  oov_token: token().default(unknown),
  invert: flag().default(false),
  oov_method: field<'floormod' | 'farmhash'>(t('one of floormod, farmhash'), (raw) =>
    raw === 'floormod' || raw === 'farmhash' ? raw : undefined,
  ).default('floormod'),
  salt: salt(),
});
const encoding = () =>
  field<string>(t('the name of an encoding'), (raw) => (typeof raw === 'string' ? raw : undefined));

/** A size is of use alone where it shapes the output and nothing else says it. */
function withoutIdleSize(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { vocabulary_size: size, ...rest } = raw;
  const mode = raw.output_mode ?? 'int';
  return Array.isArray(raw.vocabulary) || mode === 'int' || raw.pad_to_max_tokens === true
    ? rest
    : { ...rest, vocabulary_size: size };
}

const dialects = {
  only: { sparse: false },
  inert: ['vocabulary_dtype', 'has_input_vocabulary'],
  prepare: withoutIdleSize,
};

const integerSchema = configSchema(lookup(-1), dialects);
const stringSchema = configSchema({ ...lookup('[UNK]'), encoding: encoding().default('utf-8') }, dialects);
const textSchema = configSchema(
  {
    ...vocabulary(),
    standardize: nullable(words('lower_and_strip_punctuation', 'lower', 'strip_punctuation')),
    split: nullable(words('whitespace', 'character')),
    ngrams: nullable(integers(t('a whole number or a list of them'))),
    output_sequence_length: nullable(count()),
    encoding: encoding().default('utf-8'),
  },
  {
    only: { sparse: false, ragged: false },
    nullMeans: ['standardize', 'split'],
    prepare: (raw) =>
      withoutIdleSize({ standardize: 'lower_and_strip_punctuation', split: 'whitespace', ...raw }),
  },
);

export type IntegerLookupConfig = ConfigOf<typeof integerSchema>;
export type StringLookupConfig = ConfigOf<typeof stringSchema>;
export type TextVectorizationConfig = ConfigOf<typeof textSchema>;

/** Functions of somebody's own are not known. */
function words(...known: readonly string[]) {
  return field<string>(t('one of {0}', known.join(', ')), (raw) =>
    typeof raw === 'string' ? known.find((one) => one === toSnakeCase(raw)) : undefined,
  );
}

interface Vocabulary {
  readonly max_tokens: number | null;
  readonly output_mode: OutputMode;
  readonly pad_to_max_tokens: boolean;
  readonly vocabulary: readonly (number | string)[] | null;
  readonly vocabulary_size: number | null;
}

interface Lookup extends Vocabulary {
  readonly num_oov_indices: number;
  readonly mask_token: number | string | null;
  readonly oov_token: number | string;
}

/** Where what masks is: numbered 0 where numbers are put out, left out of marks. */
export const unknownFrom = ({ mask_token: mask, output_mode: mode }: Lookup): number =>
  mask !== null && mode === 'int' ? 1 : 0;

/** The first number of what is known. */
export const knownFrom = (config: Lookup): number => unknownFrom(config) + config.num_oov_indices;

/** What is known, without the masks and the like that a vocabulary may begin with. */
export function knownTokens(config: Lookup): readonly (number | string)[] {
  const { vocabulary: all, mask_token: mask, oov_token: unknown } = config;
  const [begin, from] = [unknownFrom(config), knownFrom(config)];
  const isSpecial = (all ?? [])
    .slice(0, from)
    .every((one, index) => one === (index < begin ? mask : unknown));
  return all === null ? [] : from <= all.length && isSpecial ? all.slice(from) : all;
}

/** How many marks there are, as far as the file says. */
export function lookupDepth(config: Lookup): number | null {
  if (config.pad_to_max_tokens) return config.max_tokens;
  if (config.vocabulary === null) return config.vocabulary_size;
  return knownFrom(config) + knownTokens(config).length;
}

const preprocessing = {
  family: 'preprocessing',
  arity: [1, 1],
  weights: () => [],
  flops: () => 0,
} as const;

const lookedUp = (config: Lookup, [input]: readonly Shape[]): readonly Shape[] => [
  encodedShape(input, config.output_mode, config.output_mode === 'int' ? null : lookupDepth(config)),
];

/** Whole numbers by their places in a vocabulary, or back. */
export const integerLookup: LayerKind<IntegerLookupConfig> = {
  ...preprocessing,
  name: 'IntegerLookup',
  schema: integerSchema,
  outputs: lookedUp,
};

/** Texts by their places in a vocabulary, or back. */
export const stringLookup: LayerKind<StringLookupConfig> = {
  ...preprocessing,
  name: 'StringLookup',
  schema: stringSchema,
  outputs: lookedUp,
};

/** Texts cut into words that are looked up. */
export const textVectorization: LayerKind<TextVectorizationConfig> = {
  ...preprocessing,
  name: 'TextVectorization',
  schema: textSchema,
  outputs(config, [input]) {
    if (config.output_mode === 'int') return [[input[0], config.output_sequence_length]];
    const depth = lookupDepth({ ...config, num_oov_indices: 1, mask_token: '', oov_token: '[UNK]' });
    return [[...(config.split === null && input.length > 1 ? input.slice(0, -1) : input), depth]];
  },
};
