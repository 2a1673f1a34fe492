import { Failure } from '../failure';
import type { Initializer } from '../graph/layerGraph';
import { sizeOf } from '../graph/layerGraph';
import { fansOf } from './fans';
import { orthogonalMatrix } from './orthogonal';
import { Random } from './random';
import { t } from '../../l10n/translate';

type Config = Initializer['config'];
type Draw = (config: Config, shape: readonly number[], random: Random) => Float32Array;
type Mode = 'fan_in' | 'fan_out' | 'fan_avg';
type Distribution = 'uniform' | 'truncated_normal' | 'untruncated_normal';

/** Standard deviation of a standard normal truncated at two, by which Keras widens it again. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/**
 * The first values of a weight: Keras's formulas (keras/src/initializers), our own generator. The same initializer,
 * shape and seed give the same numbers everywhere; a seed in the initializer's own configuration is not used, so that
 * one seed decides a whole model.
 *
 * @returns row-major
 * @throws Failure `INITIALIZER_UNKNOWN`, `INITIALIZER_CONFIG`
 */
export function initialValues(
  initializer: Initializer,
  shape: readonly number[],
  seed: number,
): Float32Array {
  return drawOf(initializer.kind)(initializer.config, shape, new Random(seed));
}

function drawOf(kind: string): Draw {
  const name = plainName(kind);
  const draw = Object.hasOwn(DRAWS, name) ? DRAWS[name] : undefined;
  if (draw) return draw;
  throw new Failure(
    'input',
    'INITIALIZER_UNKNOWN',
    t('no initializer is named "{0}"; known are those of Keras, e.g. GlorotUniform', kind),
  );
}

function drawInner(initializer: unknown, shape: readonly number[], random: Random): Float32Array {
  const { kind, config } = initializer as Initializer;
  return drawOf(kind)(config, shape, random);
}

/** Other names Keras takes for the same initializers. */
const ALIASES: Readonly<Record<string, string>> = {
  zero: 'zeros',
  one: 'ones',
  normal: 'randomnormal',
  uniform: 'randomuniform',
  identityinitializer: 'identity',
  orthogonalinitializer: 'orthogonal',
};

/** `GlorotUniform` and `glorot_uniform` are one. */
function plainName(kind: string): string {
  const plain = kind.replaceAll('_', '').toLowerCase();
  return ALIASES[plain] ?? plain;
}

const DRAWS: Readonly<Record<string, Draw>> = {
  zeros: (_, shape) => new Float32Array(sizeOf(shape)),
  ones: (_, shape) => new Float32Array(sizeOf(shape)).fill(1),
  constant: (config, shape) => new Float32Array(sizeOf(shape)).fill(numberIn(config, 'value', 0)),
  identity: (config, shape) => identity(shape, numberIn(config, 'gain', 1)),
  randomuniform: (config, shape, random) => {
    const least = numberIn(config, 'minval', -0.05);
    const range = numberIn(config, 'maxval', 0.05) - least;
    return fill(shape, () => least + range * random.uniform());
  },
  randomnormal: (config, shape, random) => {
    const { mean, deviation } = normalParameters(config);
    return fill(shape, () => mean + deviation * random.normal());
  },
  truncatednormal: (config, shape, random) => {
    const { mean, deviation } = normalParameters(config);
    return fill(shape, () => mean + deviation * random.truncatedNormal());
  },
  variancescaling: (config, shape, random) =>
    scaled(
      numberIn(config, 'scale', 1),
      wordIn(config, 'mode', ['fan_in', 'fan_out', 'fan_avg']),
      distributionIn(config),
      shape,
      random,
    ),
  glorotuniform: scaledBy(1, 'fan_avg', 'uniform'),
  glorotnormal: scaledBy(1, 'fan_avg', 'truncated_normal'),
  heuniform: scaledBy(2, 'fan_in', 'uniform'),
  henormal: scaledBy(2, 'fan_in', 'truncated_normal'),
  lecununiform: scaledBy(1, 'fan_in', 'uniform'),
  lecunnormal: scaledBy(1, 'fan_in', 'truncated_normal'),
  /** The bias of an LSTM: ones in the second of four parts, the other initializer's values in the rest. */
  unitforgetbias: (config, shape, random) => {
    const values = drawInner(config.bias_initializer, shape, random);
    return values.fill(1, values.length / 4, values.length / 2);
  },
  orthogonal: (config, shape, random) => {
    if (shape.length < 2)
      throw badConfig('Orthogonal', t('a shape of rank {0}', shape.length), t('rank 2 or more'));
    const columns = shape.at(-1)!;
    const gain = numberIn(config, 'gain', 1);
    return Float32Array.from(
      orthogonalMatrix(sizeOf(shape.slice(0, -1)), columns, random),
      (value) => gain * value,
    );
  },
};

function scaledBy(scale: number, mode: Mode, distribution: Distribution): Draw {
  return (_, shape, random) => scaled(scale, mode, distribution, shape, random);
}

/** Keras's `VarianceScaling`: variance `scale / fan`. */
function scaled(
  scale: number,
  mode: Mode,
  distribution: Distribution,
  shape: readonly number[],
  random: Random,
): Float32Array {
  const fans = fansOf(shape);
  const fan = { fan_in: fans.in, fan_out: fans.out, fan_avg: (fans.in + fans.out) / 2 }[mode];
  const variance = scale / Math.max(1, fan);
  switch (distribution) {
    case 'uniform': {
      const limit = Math.sqrt(3 * variance);
      return fill(shape, () => limit * (2 * random.uniform() - 1));
    }
    case 'truncated_normal': {
      const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
      return fill(shape, () => deviation * random.truncatedNormal());
    }
    case 'untruncated_normal': {
      const deviation = Math.sqrt(variance);
      return fill(shape, () => deviation * random.normal());
    }
  }
}

function identity(shape: readonly number[], gain: number): Float32Array {
  if (shape.length !== 2) throw badConfig('Identity', t('a shape of rank {0}', shape.length), t('rank 2'));
  const [rows = 0, columns = 0] = shape;
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = gain;
  return values;
}

function fill(shape: readonly number[], draw: () => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

function normalParameters(config: Config): { mean: number; deviation: number } {
  return { mean: numberIn(config, 'mean', 0), deviation: numberIn(config, 'stddev', 0.05) };
}

/** Keras reads `normal` as the truncated one. */
function distributionIn(config: Config): Distribution {
  const word = wordIn(config, 'distribution', [
    'truncated_normal',
    'normal',
    'untruncated_normal',
    'uniform',
  ]);
  return word === 'normal' ? 'truncated_normal' : word;
}

function numberIn(config: Config, key: string, fallback: number): number {
  const value = config[key] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw badConfig(key, JSON.stringify(value), t('a number'));
}

/** The first word is the default. */
function wordIn<W extends string>(config: Config, key: string, words: readonly [W, ...W[]]): W {
  const value = config[key] ?? words[0];
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  throw badConfig(key, JSON.stringify(value), t('one of {0}', words.join(', ')));
}

function badConfig(where: string, found: string, expected: string): Failure {
  return new Failure(
    'input',
    'INITIALIZER_CONFIG',
    t('initializer, {0}: found {1}, expected {2}', where, found, expected),
  );
}
