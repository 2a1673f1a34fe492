import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../core/failure';
import { isCategorical, isRegression, type Objective } from '../../core/plan/objective';
import { withoutActivation, type Program } from '../program/program';
import { t } from '../../l10n/translate';

/** How a program's output is scored. */
export interface Scoring {
  /** The program whose output the loss is taken of: where it can be, without the softmax or sigmoid at its end. */
  readonly program: Program;
  readonly isLogits: boolean;
  /** What the model predicts, from what the program puts out: probabilities where there are logits. */
  readonly finish: (output: tf.Tensor) => tf.Tensor;
}

/**
 * Keras sees through a softmax or a sigmoid at a model's end and takes a crossentropy of the logits before it.
 *
 * @param units of the output
 * @throws Failure of kind `input` (`LOSS_HEAD`) when the loss is not for such an output
 */
export function scoringOf(program: Program, objective: Objective, units: number): Scoring {
  const { loss } = objective;
  if (isRegression(loss)) return { program, isLogits: false, finish: (output) => tf.clone(output) };
  const own = isCategorical(loss) ? 'softmax' : 'sigmoid';
  const other = isCategorical(loss) ? 'sigmoid' : 'softmax';
  if (isCategorical(loss) && units < 2) {
    throw headFailure(
      loss,
      t('one unit'),
      t('one a class; with one unit, two classes take "binaryCrossentropy"'),
    );
  }
  if (withoutActivation(program, other)) {
    const fitting = isCategorical(loss)
      ? '"binaryCrossentropy"'
      : t('"categoricalCrossentropy" or "sparseCategoricalCrossentropy"');
    throw headFailure(loss, t('a {0} at its end', other), t('a {0}; or take {1}', own, fitting));
  }
  const logits = withoutActivation(program, own);
  if (logits && objective.fromLogits === true) {
    throw headFailure(loss, t('a {0} at its end', own), t('none with "fromLogits": true; leave that out'));
  }
  const finish = own === 'softmax' ? (output: tf.Tensor) => tf.softmax(output) : tf.sigmoid;
  if (logits) return { program: logits, isLogits: true, finish };
  return objective.fromLogits === true
    ? { program, isLogits: true, finish }
    : { program, isLogits: false, finish: (output) => tf.clone(output) };
}

const headFailure = (loss: string, found: string, expected: string): Failure =>
  new Failure(
    'input',
    'LOSS_HEAD',
    t('the loss {0} is of a model with {1}, expected {2}', loss, found, expected),
  );
