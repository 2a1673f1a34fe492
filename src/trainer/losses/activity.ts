import * as tf from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../../core/graph/layerGraph';
import { activityRegularization } from '../../core/layers/regularization';
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
  return calls.flatMap(({ layer, config, outputs }) => {
    const penalty = activityOf(layer.kind, config);
    return penalty ? outputs.map((key) => ({ key, penalty })) : [];
  });
}

/** What a layer of that configuration adds to the loss for each of its outputs: `ActivityRegularization` does nothing else. */
export function activityOf(kind: string, config: LayerConfig): Penalty | undefined {
  if (kind === activityRegularization.name) {
    return config.l1 === 0 && config.l2 === 0 ? undefined : penaltyOf({ kind: 'L1L2', config });
  }
  const regularizer = config.activity_regularizer as Serialized | null | undefined;
  return regularizer ? penaltyOf(regularizer) : undefined;
}

/** Source: keras.src.layers.layer, `__call__`: divided by the samples of the batch. */
export function activityPenalty(output: tf.Tensor, penalty: Penalty): tf.Scalar {
  return tf.div(penalty(output), output.shape[0] ?? 1);
}
