import * as tf from '@tensorflow/tfjs-core';
import type { CallContext } from './forward';
import { t } from '../../l10n/translate';

/** What a cell makes of one step and the states before it: its states afterwards, of which the first is its output. */
export type Cell = (step: tf.Tensor, states: readonly tf.Tensor[]) => readonly tf.Tensor[];

export interface SequenceOptions {
  readonly return_sequences: boolean;
  readonly return_state: boolean;
  readonly go_backwards: boolean;
  readonly zero_output_for_mask: boolean;
  readonly stateful: boolean;
}

/**
 * Runs a cell over the steps of `[N, T, ...]` as `runSteps` does, from the states that were given, or those of the batch
 * before in a stateful layer, or zeros.
 */
export function runSequence(
  options: SequenceOptions,
  inputs: tf.Tensor,
  { given, zeros }: { readonly given: readonly tf.Tensor[]; readonly zeros: () => readonly tf.Tensor[] },
  { masks, recall, remember }: Pick<CallContext, 'masks' | 'recall' | 'remember'>,
  cell: Cell,
): readonly tf.Tensor[] {
  const begin = beginning(options, given, () => recall?.('', inputs.shape[0])) ?? zeros();
  const [output, ...states] = runSteps({ ...options, return_state: true }, inputs, begin, masks?.[0], cell);
  if (options.stateful) remember?.('', states);
  return options.return_state ? [output, ...states] : [output];
}

/** The states to begin with where they are no zeros. */
export function beginning(
  { stateful }: Pick<SequenceOptions, 'stateful'>,
  given: readonly tf.Tensor[],
  recalled: () => readonly tf.Tensor[] | undefined,
): readonly tf.Tensor[] | undefined {
  if (given.length > 0) return given;
  return stateful ? recalled() : undefined;
}

/** Batches of training are in no order that a state could go along. */
export const refusesStatefulTraining = ({ stateful }: Pick<SequenceOptions, 'stateful'>) =>
  stateful ? t('stateful true, whose states would go from one batch of training to the next') : undefined;

/**
 * Runs a cell over the steps of `[N, T, ...]`. A masked step leaves the states as they were and puts out what the step
 * before it put out, or zeros. Source: keras.src.backend.tensorflow.rnn.
 *
 * @param mask `[N, T]`, true where a step is to be heeded
 * @returns the outputs by step, in the order of the steps' turns, or the last one; then the states, where wanted
 */
export function runSteps(
  options: SequenceOptions,
  inputs: tf.Tensor,
  initial: readonly tf.Tensor[],
  mask: tf.Tensor | undefined,
  cell: Cell,
): readonly tf.Tensor[] {
  const turned = <T>(list: readonly T[]) => (options.go_backwards ? list.toReversed() : list);
  const steps = turned(tf.unstack(inputs, 1));
  const masks = mask && turned(tf.unstack(mask, 1));
  const outputs: tf.Tensor[] = [];
  let states = initial;
  let output = tf.zerosLike(initial[0]);
  for (const [index, step] of steps.entries()) {
    const heeded = masks?.[index];
    // What the tape needs it keeps; everything else of a step is gone after it.
    const [shown, ...next] = tf.tidy(() => {
      const fresh = cell(step, states);
      if (!heeded) return [fresh[0], ...fresh];
      const otherwise = options.zero_output_for_mask ? tf.zerosLike(output) : output;
      return [
        choose(heeded, fresh[0], otherwise),
        ...fresh.map((state, at) => choose(heeded, state, states[at])),
      ];
    });
    output = shown;
    states = next;
    if (options.return_sequences) outputs.push(output);
  }
  return [options.return_sequences ? tf.stack(outputs, 1) : output, ...(options.return_state ? states : [])];
}

/** Sample by sample, `chosen` where the condition `[N]` holds. */
function choose(condition: tf.Tensor, chosen: tf.Tensor, otherwise: tf.Tensor): tf.Tensor {
  const shape = [condition.shape[0], ...chosen.shape.slice(1).map(() => 1)];
  return tf.where(tf.broadcastTo(tf.reshape(condition, shape), chosen.shape), chosen, otherwise);
}
