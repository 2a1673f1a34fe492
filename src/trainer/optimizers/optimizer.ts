import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../core/plan/plan';
import { adam } from './adam';
import { clipped } from './clip';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';

/** A weight's new value and what the optimizer remembers of it, by slot name. */
export interface Update {
  readonly weight: tf.Tensor;
  readonly slots: Readonly<Record<string, tf.Tensor>>;
}

/**
 * One step of one weight. `slots` is empty at a weight's first step.
 *
 * @param step from one, counted over the phase
 * @param learningRate of this weight in this step
 */
export type UpdateRule = (
  weight: tf.Tensor,
  gradient: tf.Tensor,
  slots: Readonly<Record<string, tf.Tensor>>,
  step: number,
  learningRate: number,
) => Update;

/** What an optimizer remembers of one weight under one name (`momentum`), row-major. */
export interface OptimizerSlot {
  /** `layer/weight` */
  readonly weight: string;
  readonly slot: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All that decides an optimizer's next step beside the weights and the gradients. */
export interface OptimizerSnapshot {
  /** Steps taken in the phase. */
  readonly steps: number;
  /** Now in force, as a schedule or a person has set it. */
  readonly learningRate: number;
  readonly slots: readonly OptimizerSlot[];
}

/** A weight with the gradient of the loss by it. */
export interface WeightGradient {
  /** `layer/weight` */
  readonly name: string;
  readonly weight: tf.Tensor;
  readonly gradient: tf.Tensor;
  /**
   * Of the learning rate, for this weight: its whole update is that many times what it would be, whatever the kind of
   * optimizer, and it decays by that share.
   */
  readonly multiplier: number;
}

function ruleOf(optimizer: Optimizer): UpdateRule {
  switch (optimizer.kind) {
    case 'sgd':
      return sgd(optimizer);
    case 'rmsprop':
      return rmsprop(optimizer);
    case 'adam':
    case 'adamw':
      return adam(optimizer);
  }
}

/** The state of training: what the optimizer remembers, by weight name, so that a changed freeze set mixes nothing up. */
export class OptimizerState {
  /** In force from the next step on. */
  learningRate: number;
  private readonly rule: UpdateRule;
  private readonly slots = new Map<string, Readonly<Record<string, tf.Tensor>>>();
  private taken = 0;

  constructor(private readonly optimizer: Optimizer) {
    this.rule = ruleOf(optimizer);
    this.learningRate = optimizer.learningRate;
  }

  /** Taken so far. */
  get steps(): number {
    return this.taken;
  }

  /** Begins a step: every weight of it is updated with the same count of steps. */
  beginStep(): void {
    this.taken++;
  }

  /**
   * Moves the weights of a step: clips their gradients, decays them, and follows the rule, in Keras's order.
   *
   * @returns the new values in the order given, which are the caller's; the old ones stay the caller's too
   */
  update(weights: readonly WeightGradient[]): readonly tf.Tensor[] {
    return tf.tidy(() => {
      const gradients = clipped(
        this.optimizer,
        weights.map(({ gradient }) => gradient),
      );
      return weights.map((one, index) => this.move({ ...one, gradient: gradients[index] }));
    });
  }

  private move({ name, weight, gradient, multiplier }: WeightGradient): tf.Tensor {
    const remembered = this.slots.get(name) ?? {};
    const { weight: updated, slots } = tf.tidy(() => {
      const learningRate = this.learningRate * multiplier;
      const decayed = this.decayed(weight, learningRate);
      const update = this.rule(decayed, gradient, remembered, this.steps, learningRate);
      for (const tensor of Object.values(update.slots)) tf.keep(tensor);
      return update as Update & tf.TensorContainerObject;
    });
    tf.dispose(remembered as tf.NamedTensorMap);
    this.slots.set(name, slots);
    return updated;
  }

  /** Source: keras.src.backend.tensorflow.optimizer, `_apply_weight_decay`: of every trained weight, biases too. */
  private decayed(weight: tf.Tensor, learningRate: number): tf.Tensor {
    const { weightDecay = 0 } = this.optimizer;
    return weightDecay === 0 ? weight : tf.sub(weight, tf.mul(tf.mul(weight, weightDecay), learningRate));
  }

  /** To continue from later, in this process or another, with the very same numbers. */
  async snapshot(): Promise<OptimizerSnapshot> {
    const named = [...this.slots].flatMap(([weight, slots]) =>
      Object.entries(slots).map(([slot, tensor]) => ({ weight, slot, tensor })),
    );
    const slots = await Promise.all(
      named.map(async ({ weight, slot, tensor }) => ({
        weight,
        slot,
        shape: [...tensor.shape],
        values: Float32Array.from(await tensor.data()),
      })),
    );
    return { steps: this.steps, learningRate: this.learningRate, slots };
  }

  /** Continues as of a snapshot of the same optimizer. */
  restore({ steps, learningRate, slots }: OptimizerSnapshot): void {
    this.dispose();
    this.taken = steps;
    this.learningRate = learningRate;
    for (const { weight, slot, shape, values } of slots) {
      const tensor = tf.keep(tf.tensor(values, [...shape], 'float32'));
      this.slots.set(weight, { ...this.slots.get(weight), [slot]: tensor });
    }
  }

  dispose(): void {
    for (const slots of this.slots.values()) tf.dispose(slots as tf.NamedTensorMap);
    this.slots.clear();
  }
}
