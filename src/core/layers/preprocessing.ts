import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { field, flag, integers, isRecord, nullable } from './fields';
import type { LayerKind } from './kind';
import { resolveAxis, sizesAlong } from './normalization';
import { sampleSize, statistic } from './weightSpec';
import { t } from '../../l10n/translate';

/** A number, or nested lists of them. */
export type Numbers = number | readonly Numbers[];

const numbers = () => field<Numbers>(t('a number or a list of numbers'), readNumbers);

const rescalingSchema = configSchema({ scale: numbers(), offset: numbers().default(0) });
const normalizationSchema = configSchema(
  {
    /** The axes that keep statistics of their own; none means one mean for everything. */
    axis: integers(t('an axis, a list of them, or null')).default([-1]),
    mean: nullable(numbers()),
    variance: nullable(numbers()),
    invert: flag().default(false),
  },
  {
    nullMeans: ['axis'],
    prepare: (raw) => (raw.axis === null ? { ...raw, axis: [] } : raw),
    check: ({ mean, variance }): Record<string, string> =>
      (mean === null) === (variance === null)
        ? {}
        : { variance: t('expected mean and variance both, or neither') },
  },
);

export type RescalingConfig = ConfigOf<typeof rescalingSchema>;
export type NormalizationConfig = ConfigOf<typeof normalizationSchema>;

/** `x · scale + offset`. */
export const rescaling = elementwise<RescalingConfig>(
  { name: 'Rescaling', family: 'preprocessing', schema: rescalingSchema },
  2,
);

/** `(x − mean) / √variance`, with statistics that were adapted to data (weights) or given (configuration). */
export const normalization: LayerKind<NormalizationConfig> = {
  name: 'Normalization',
  family: 'preprocessing',
  schema: normalizationSchema,
  arity: [1, 1],
  weights(config, [input]) {
    if (config.mean !== null) return [];
    const shape = sizesAlong(input, config.axis);
    return [
      statistic('mean', shape, { kind: 'Zeros', config: {} }),
      statistic('variance', shape, { kind: 'Ones', config: {} }),
      statistic('count', [], { kind: 'Zeros', config: {} }),
    ];
  },
  outputs(config, [input]) {
    for (const one of config.axis) resolveAxis(input, one);
    return [input];
  },
  flops: (_config, [input]) => 2 * sampleSize(input),
};

/** Keras writes arrays of NumPy as `{ class_name: '__numpy__', config: { value } }`. */
function readNumbers(raw: unknown): Numbers | undefined {
  if (isRecord(raw)) return isRecord(raw.config) ? readNumbers(raw.config.value) : undefined;
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined;
  if (!Array.isArray(raw)) return undefined;
  const read = raw.map(readNumbers);
  return read.every((value) => value !== undefined) ? read : undefined;
}
