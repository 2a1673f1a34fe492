import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../core/failure';
import * as catalogue from '../../core/layers/categorical';
import * as lookups from '../../core/layers/lookup';
import { fingerprint64, sipHash } from './fingerprint';
import { computes, type ForwardEntry } from './forward';
import { t } from '../../l10n/translate';

const TEXT = t('text where tensors hold numbers, so that no engine computes it');

/** Single precision tells whole numbers apart up to here. */
const MAX_WHOLE = 2 ** 24;

/** Numbers of categories as the layer puts them out. Source: keras/src/utils/numerical_utils.py, encode_categorical_inputs. */
function encode(indices: tf.Tensor, mode: catalogue.OutputMode, depth: number): tf.Tensor {
  if (mode === 'int') return indices;
  const isColumn = mode === 'one_hot' && indices.rank > 1 && indices.shape.at(-1) === 1;
  const marked = isColumn ? indices : tf.expandDims(indices, -1);
  // Those out of range mark nothing.
  const marks = tf.cast(tf.equal(marked, tf.range(0, depth)), 'float32');
  if (mode === 'one_hot') return marks;
  return mode === 'count' ? tf.sum(marks, 1) : tf.max(marks, 1);
}

/**
 * Numbers one by one, by a function of each.
 * @throws Failure `ENGINE_LACKS` where the engine cannot be waited for
 */
function mapNumbers(x: tf.Tensor, map: (value: number) => number): tf.Tensor {
  if (tf.getBackend() === 'webgpu') {
    const message = t(
      'values are looked up outside of the engine, which webgpu does not wait for; use another engine',
    );
    throw new Failure('work', 'ENGINE_LACKS', message);
  }
  const known = new Map<number, number>();
  const values = Float32Array.from(x.dataSync<'float32'>(), (value) => {
    const found = known.get(value) ?? map(value);
    known.set(value, found);
    return found;
  });
  return tf.tensor(values, x.shape);
}

/** As TensorFlow writes a number that it takes for a whole one. */
const digitsOf = (value: number): string =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)).toString() : '-9223372036854775808';

/** Which of so many bins a whole number is in. */
function binOf(value: number, bins: number, salt: readonly [number, number] | null): number {
  const digits = digitsOf(value);
  const hash = salt === null ? fingerprint64(digits) : sipHash(digits, [BigInt(salt[0]), BigInt(salt[1])]);
  return Number(hash % BigInt(bins));
}

/** Source: keras.layers.Hashing._hash_values_to_bins. */
function hash(value: number, { num_bins: bins, mask_value: mask, salt }: catalogue.HashingConfig): number {
  if (mask === null || bins === 1) return binOf(value, bins, salt);
  return value === mask ? 0 : binOf(value, bins - 1, salt) + 1;
}

/** Source: keras/src/layers/preprocessing/index_lookup.py, _lookup_dense. */
function lookUp(config: lookups.IntegerLookupConfig): (value: number) => number {
  const [unknown, known] = [lookups.unknownFrom(config), lookups.knownFrom(config)];
  const { num_oov_indices: spare, mask_token: mask, oov_token: other } = config;
  const tokens = lookups.knownTokens(config).map(Number);
  if (config.invert) {
    return (value) =>
      mask !== null && value === 0 ? Number(mask) : (tokens[value - known] ?? Number(other));
  }
  const places = new Map(tokens.map((token, index) => [token, known + index]));
  return (value) => {
    if (mask !== null && value === Number(mask)) return config.output_mode === 'int' ? 0 : -1;
    const place = places.get(value);
    if (place !== undefined) return place;
    if (spare === 0) {
      const message = t(
        'a lookup found {0}, which is not in its vocabulary, and has no number for what is not',
        value,
      );
      throw new Failure('input', 'VALUE_UNKNOWN', message);
    }
    if (spare === 1) return unknown;
    if (config.oov_method === 'farmhash') return unknown + binOf(value, spare, config.salt);
    return unknown + (((value % spare) + spare) % spare);
  };
}

function refusesLookup(config: lookups.IntegerLookupConfig): string | undefined {
  if (config.vocabulary === null)
    return t('no vocabulary in its configuration, nor in a file that was read with it');
  if (config.output_mode === 'tf_idf') return t('output_mode tf_idf, whose weights are not known here');
  const large = lookups.knownTokens(config).find((one) => Math.abs(Number(one)) > MAX_WHOLE);
  return large === undefined
    ? undefined
    : t('{0} in its vocabulary, where single precision ends at {1}', large, MAX_WHOLE);
}

const refusesTfIdf = ({ output_mode: mode }: { readonly output_mode: catalogue.OutputMode }) =>
  mode === 'tf_idf' ? t('output_mode tf_idf, which only lookups have') : undefined;

const entries: readonly ForwardEntry[] = [
  computes(
    catalogue.discretization,
    ({ bin_boundaries: found, output_mode: mode }, [x]) => {
      const bounds = found ?? [];
      const above =
        bounds.length === 0
          ? tf.zerosLike(x)
          : tf.sum(tf.cast(tf.greaterEqual(tf.expandDims(x, -1), tf.tensor1d([...bounds])), 'float32'), -1);
      return encode(above, mode, bounds.length + 1);
    },
    (config) =>
      config.bin_boundaries === null
        ? t('no bin_boundaries: it was not adapted to data')
        : refusesTfIdf(config),
  ),
  computes(
    catalogue.categoryEncoding,
    ({ num_tokens: tokens, output_mode: mode }, [x]) => encode(x, mode, tokens),
    (config) =>
      config.output_mode === 'int' ? t('output_mode int, which encodes nothing') : refusesTfIdf(config),
  ),
  computes(
    catalogue.hashing,
    (config, [x]) =>
      encode(
        mapNumbers(x, (value) => hash(value, config)),
        config.output_mode,
        config.num_bins,
      ),
    (config) => (typeof config.mask_value === 'string' ? TEXT : refusesTfIdf(config)),
  ),
  computes(
    catalogue.hashedCrossing,
    (_config, [x]) => x,
    () => t('a hash of pairs that TensorFlow does not document'),
  ),
  computes(
    lookups.integerLookup,
    (config, [x]) =>
      encode(mapNumbers(x, lookUp(config)), config.output_mode, lookups.lookupDepth(config) ?? 0),
    refusesLookup,
  ),
  computes(
    lookups.stringLookup,
    (_config, [x]) => x,
    () => TEXT,
  ),
  computes(
    lookups.textVectorization,
    (_config, [x]) => x,
    () => TEXT,
  ),
];

/** None of them has a gradient. */
export const categories: readonly ForwardEntry[] = entries.map((entry) => ({
  ...entry,
  stopsGradient: true,
}));
