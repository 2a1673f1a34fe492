import type * as tf from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../../core/graph/layerGraph';
import type { LayerKind } from '../../core/layers/kind';
import type { RandomStream } from './random';

/** What one call of a layer may read and do beside its inputs. */
export interface CallContext {
  /** The current value of a weight, by Keras's name. Belongs to the executor. */
  weight(name: string): tf.Tensor;
  /** Keras's training flag: noise is added, units are dropped. */
  readonly training: boolean;
  /** The layer's weights are being trained; gradients of its parameters are wanted. */
  readonly trainable: boolean;
  /** Normalize by the statistics of the batch, and move the averages. */
  readonly batchStatistics: boolean;
  /**
   * Keras's masks of the inputs, by input: `[N, T]`, true where a step is to be heeded. Only kinds that say how they
   * heed masks (`masking.ts`) find any.
   */
  readonly masks?: readonly (tf.Tensor | undefined)[];
  /** The same numbers for the same seed, step, layer and call. */
  readonly random: RandomStream;
  /** Hands over a statistic's new value, in force after the step. */
  assign(name: string, value: tf.Tensor): void;
  /**
   * The states that a stateful layer, or one at a place inside it, ended the batch before with: nothing in its first
   * batch. Left out where batches have nothing to do with each other.
   */
  recall?(place: string, batch: number): readonly tf.Tensor[] | undefined;
  /** Keeps states for the batch to come. */
  remember?(place: string, states: readonly tf.Tensor[]): void;
}

/**
 * What a kind computes: its output tensor from its input tensors, or a list where it may have several outputs. Runs
 * inside `tf.tidy` and, in training, on the gradient tape.
 */
export type Forward<C extends LayerConfig = LayerConfig> = (
  config: C,
  inputs: readonly tf.Tensor[],
  context: CallContext,
) => tf.Tensor | readonly tf.Tensor[];

export interface ForwardEntry {
  readonly kind: string;
  readonly forward: Forward;
  /** Why a configuration that the catalogue accepts cannot be computed here. */
  readonly refuses: (config: LayerConfig) => string | undefined;
  /** Why it can be predicted with and not trained through, as it does something in training that is not done here. */
  readonly refusesTraining: (config: LayerConfig) => string | undefined;
  /** It rounds or looks up, so that nothing before it can be trained. */
  readonly stopsGradient?: boolean;
  /**
   * Sets weights anew before each call of a training step in a layer that is trained, outside the gradient tape: what it
   * assigns is in force in that step, and is what the optimizer moves.
   */
  readonly beforeCall?: (config: LayerConfig, context: CallContext) => void;
}

/** Ties a forward function to the catalogue's entry, whose schema is what makes the configuration a `C`. */
export function computes<C extends LayerConfig>(
  kind: LayerKind<C>,
  forward: Forward<C>,
  refuses: (config: C) => string | undefined = () => undefined,
  refusesTraining: (config: C) => string | undefined = () => undefined,
): ForwardEntry {
  return {
    kind: kind.name,
    forward: (config, inputs, context) => forward(config as C, inputs, context),
    refuses: (config) => refuses(config as C),
    refusesTraining: (config) => refusesTraining(config as C),
  };
}
