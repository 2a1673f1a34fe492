import { Failure } from '../core/failure';
import { isCategorical, isRegression } from '../core/plan/objective';
import type { Targets } from './dataset';
import type { Classifier } from './match';
import type { NpyArray } from './npy';
import { t } from '../l10n/translate';

/** What an array of labels says of the samples beside it. */
export interface ArrayAnswers {
  /** By sample: its class, or where it is of none or of several, one that keeps a split even. */
  readonly labels: Int32Array;
  /** How many classes there must be for the labels; none where they are values. */
  readonly classes: number;
  readonly targets?: Targets;
}

/**
 * Reads labels for the model's loss: class numbers of shape (n,) or (n, 1), or for every other loss than the sparse one as
 * many numbers a row as the model has units.
 *
 * @param rows samples
 * @param path for messages, and that of the samples
 * @throws Failure of kind `input` (`ARRAY_LABELS`)
 */
export function answersIn(
  y: NpyArray,
  rows: number,
  model: Classifier,
  path: string,
  samplesPath: string,
): ArrayAnswers {
  const { units, loss } = model;
  const width = y.shape.length === 1 ? 1 : (y.shape[1] ?? 1);
  const isTable = (y.shape.length === 1 || y.shape.length === 2) && y.shape[0] === rows;
  const isSparse = loss === 'sparseCategoricalCrossentropy';
  if (isTable && width === 1 && isCategorical(loss)) return classNumbers(y, path);
  if (isTable && width === units && !isSparse) return numbers(y, model, path);
  const shape = y.shape.join(', ');
  if (!isSparse) {
    throw bad(
      path,
      t(
        "found shape ({0}), expected ({1}, {2}): for {3}, one number for each of the model's {2} outputs and each row of {4}",
        shape,
        rows,
        units,
        loss,
        samplesPath,
      ),
    );
  }
  const isOneHot = isTable && width === units;
  throw bad(
    path,
    isOneHot
      ? t(
          'found shape ({0}), expected ({1},): one label for each row of {2}; one label a column is for categoricalCrossentropy',
          shape,
          rows,
          samplesPath,
        )
      : t('found shape ({0}), expected ({1},): one label for each row of {2}', shape, rows, samplesPath),
  );
}

function classNumbers(y: NpyArray, path: string): ArrayAnswers {
  const wrong = y.values.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= 2 ** 31);
  if (wrong >= 0) {
    throw bad(
      path,
      t('found the label {0} in row {1}, expected whole numbers from 0', y.values[wrong], wrong),
    );
  }
  const labels = Int32Array.from(y.values);
  const largest = labels.reduce((most, label) => Math.max(most, label), 0);
  if (largest >= MOST_CLASSES) {
    throw bad(path, t('found the label {0}, expected labels below {1}', largest, MOST_CLASSES));
  }
  return { labels, classes: largest + 1 };
}

function numbers(y: NpyArray, { units, loss, classes }: Classifier, path: string): ArrayAnswers {
  const isValue = isRegression(loss);
  const wrong = y.values.findIndex((value) => !(isValue ? Number.isFinite(value) : value >= 0 && value <= 1));
  if (wrong >= 0) {
    const row = Math.floor(wrong / units);
    throw bad(
      path,
      isValue
        ? t('found {0} in row {1}, expected a number', y.values[wrong], row)
        : t('found {0} in row {1}, expected 0 to 1', y.values[wrong], row),
    );
  }
  const values = Float32Array.from(y.values);
  const rows = values.length / units;
  if (isValue) return { labels: new Int32Array(rows), classes: 0, targets: { size: units, values } };
  const row = (index: number) => values.subarray(index * units, (index + 1) * units);
  const labels = Int32Array.from({ length: rows }, (_, index) =>
    units === 1 ? Math.round(values[index] ?? 0) : largestIn(row(index)),
  );
  return { labels, classes, targets: { size: units, values } };
}

/** The place of the largest number, the first of equal ones. */
const largestIn = (numbers: Float32Array): number =>
  numbers.reduce((best, value, index) => (value > (numbers[best] ?? 0) ? index : best), 0);

/** Beyond any classifier's output; a label as large is not a label. */
const MOST_CLASSES = 1_000_000;

function bad(path: string, message: string): Failure {
  return new Failure('input', 'ARRAY_LABELS', `${path}: ${message}`, { path });
}
