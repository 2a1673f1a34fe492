import * as z from 'zod';
import { t } from '../../l10n/translate';

export const lossSchema = z.enum([
  'sparseCategoricalCrossentropy',
  'categoricalCrossentropy',
  'binaryCrossentropy',
  'meanSquaredError',
  'meanAbsoluteError',
  'huber',
]);

/** `top3`: the label is among the three highest scores. */
const topMetric = z
  .templateLiteral(['top', z.int().positive()])
  .refine((name) => /^top[1-9]\d{0,5}$/.test(name), t('top and a number from 1: top5'));

export const metricSchema = z.union([
  z.enum(['accuracy', 'binaryAccuracy', 'precision', 'recall', 'auc', 'mae']),
  topMetric,
]);

/** How many times a sample of a class counts in the loss of training, by the class's name; 1 where left out. */
export const classWeightsSchema = z.union([
  /** `samples / (classes × samples of the class)` */
  z.literal('balanced'),
  z.record(z.string(), z.number().min(0)),
]);

export type Loss = z.infer<typeof lossSchema>;
export type Metric = z.infer<typeof metricSchema>;
export type ClassWeights = z.infer<typeof classWeightsSchema>;

/** What a model is trained for, and what is said of how it does. */
export interface Objective {
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  readonly fromLogits?: boolean | undefined;
  readonly labelSmoothing?: number | undefined;
}

/** Whether a loss compares numbers, and not what class they speak for. */
export const isRegression = (loss: Loss): boolean =>
  loss === 'meanSquaredError' || loss === 'meanAbsoluteError' || loss === 'huber';

/** Whether a loss tells classes apart of which a sample is of exactly one. */
export const isCategorical = (loss: Loss): boolean =>
  loss === 'sparseCategoricalCrossentropy' || loss === 'categoricalCrossentropy';

/** What is looked at where a plan names no metric. */
export const usualMetrics = (loss: Loss): readonly Metric[] => (isRegression(loss) ? ['mae'] : ['accuracy']);

/** A finding on a plan, and the field that it is of. */
export interface ObjectiveFinding {
  readonly path: readonly (string | number)[];
  /** Fits after "expected". */
  readonly expected: string;
}

/** Words of a plan that do not go together. */
export function checkObjective(
  objective: Objective & { readonly classWeights?: ClassWeights | undefined },
): readonly ObjectiveFinding[] {
  const { loss, metrics, fromLogits, labelSmoothing, classWeights } = objective;
  const findings: ObjectiveFinding[] = metrics.flatMap((metric, index) => {
    const fits = lossesOf(metric);
    return fits.includes(loss)
      ? []
      : [
          {
            path: ['metrics', index],
            expected: t('a metric that fits {0}: {1} is of {2}', loss, metric, fits.join(', ')),
          },
        ];
  });
  if (!isRegression(loss)) return findings;
  const isCrossentropys = (word: string, expected: string) => findings.push({ path: [word], expected });
  if (fromLogits === true) {
    isCrossentropys('fromLogits', t('it with a crossentropy only: {0} has no logits', loss));
  }
  if ((labelSmoothing ?? 0) > 0) {
    isCrossentropys('labelSmoothing', t('it with a crossentropy only: {0} has no labels to smooth', loss));
  }
  if (classWeights !== undefined) {
    isCrossentropys('classWeights', t('it with a crossentropy only: {0} has no classes', loss));
  }
  return findings;
}

function lossesOf(metric: Metric): readonly Loss[] {
  switch (metric) {
    case 'mae':
      return lossSchema.options.filter(isRegression);
    case 'binaryAccuracy':
      return ['binaryCrossentropy'];
    case 'accuracy':
    case 'precision':
    case 'recall':
    case 'auc':
      return lossSchema.options.filter((loss) => !isRegression(loss));
    default:
      return lossSchema.options.filter(isCategorical);
  }
}
