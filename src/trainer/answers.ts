import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../core/failure';
import type { Answers } from '../data/dataset';
import { isRegression, type Loss } from '../core/plan/objective';
import { t, tn } from '../l10n/translate';

export type { Answers } from '../data/dataset';

/** What answers must fit. */
export interface Head {
  readonly units: number;
  readonly loss: Loss;
}

export function samplesOf(answers: Answers, units: number): number {
  return answers instanceof Int32Array ? answers.length : answers.length / units;
}

/** @throws Failure of kind `input` (`LABEL_RANGE`) when there is an answer that the model cannot be held to */
export function requireAnswers(answers: Answers, { units, loss }: Head): void {
  if (answers instanceof Int32Array) {
    if (isRegression(loss) && units === 1) return;
    const classes = units === 1 ? 2 : units;
    const strange = answers.find((label) => label < 0 || label >= classes);
    if (strange === undefined) return;
    throw outOfRange(
      tn(
        units,
        'found the label {0}, expected 0 to {1}: the model has {2} output',
        'found the label {0}, expected 0 to {1}: the model has {2} outputs',
        strange,
        classes - 1,
        units,
      ),
    );
  }
  if (answers.length % units !== 0) {
    throw new Error(`found ${answers.length} numbers to compare with, expected ${units} a sample`);
  }
  if (isRegression(loss)) {
    const strange = answers.find((value) => !Number.isFinite(value));
    if (strange !== undefined) throw outOfRange(t('found the value {0}, expected a number', strange));
    return;
  }
  const strange = answers.find((share) => !(share >= 0 && share <= 1));
  if (strange !== undefined)
    throw outOfRange(t('found the label {0}, expected 0 to 1 as {1} takes it', strange, loss));
}

function outOfRange(message: string): Failure {
  return new Failure('input', 'LABEL_RANGE', message);
}

/** What one number of `[N, units]` should be: a class is a one among zeros, or where there is one unit its own number. */
export function targetAt(answers: Answers, units: number, index: number): number {
  if (!(answers instanceof Int32Array) || units === 1) return answers[index];
  return answers[Math.floor(index / units)] === index % units ? 1 : 0;
}

/** All of them, `[N, units]`. */
export function targetsOf(answers: Answers, { units }: Head): tf.Tensor2D {
  const samples = samplesOf(answers, units);
  if (!(answers instanceof Int32Array)) return tf.tensor2d(answers, [samples, units]);
  const values = new Float32Array(samples * units);
  if (units === 1) values.set(answers);
  else answers.forEach((label, row) => (values[row * units + label] = 1));
  return tf.tensor2d(values, [samples, units]);
}

/** One class a sample as Keras makes it of any kind of answers: the largest number's, or the number rounded. */
export function classesOf(answers: Answers, units: number): Int32Array {
  if (answers instanceof Int32Array) return answers;
  return Int32Array.from({ length: samplesOf(answers, units) }, (_, row) =>
    units === 1 ? Math.round(answers[row]) : largestOf(answers.subarray(row * units, (row + 1) * units)),
  );
}

/** The place of the largest number, the first of equal ones. */
function largestOf(numbers: Float32Array): number {
  return numbers.reduce((best, value, index) => (value > numbers[best] ? index : best), 0);
}

/** `[N]`: how much each sample's loss counts, by the weight of its class; nothing where all count the same. */
export function sampleWeights(
  answers: Answers,
  { units, loss }: Head,
  classWeights: readonly number[] | undefined,
): tf.Tensor1D | undefined {
  if (!classWeights || isRegression(loss)) return undefined;
  const classes = classesOf(answers, units);
  return tf.tensor1d(Float32Array.from(classes, (label) => classWeights[label] ?? 1));
}
