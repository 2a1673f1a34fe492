import * as tf from '@tensorflow/tfjs-core';
import type { Serialized } from '../../core/layers/serialized';
import type { Program } from '../program/program';
import { penaltyOf, type Penalty } from './penalty';

/** What a layer's output adds to the loss. */
export interface Activity {
  readonly key: string;
  readonly penalty: Penalty;
}

/** Of every layer that has an activity regularizer, frozen ones too, as Keras has it. */
export function activitiesOf({ calls }: Program): readonly Activity[] {
  return calls.flatMap(({ config, outputs }) => {
    const regularizer = config.activity_regularizer as Serialized | null | undefined;
    const penalty = regularizer && penaltyOf(regularizer);
    return penalty ? outputs.map((key) => ({ key, penalty })) : [];
  });
}

/** Source: keras.src.layers.layer, `__call__`: divided by the samples of the batch. */
export function activityPenalty(output: tf.Tensor, penalty: Penalty): tf.Scalar {
  return tf.div(penalty(output), output.shape[0] ?? 1);
}
