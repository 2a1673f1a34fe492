import * as tf from '@tensorflow/tfjs-core';
import type { Optimizer } from '../../core/plan/plan';
import { adam } from './adam';
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

function ruleOf(optimizer: Optimizer): UpdateRule {
  return optimizer.kind === 'sgd' ? sgd(optimizer) : adam(optimizer);
}

/** The state of training: what the optimizer remembers, by weight name, so that a changed freeze set mixes nothing up. */
export class OptimizerState {
  /** In force from the next step on. */
  learningRate: number;
  private readonly rule: UpdateRule;
  private readonly slots = new Map<string, Readonly<Record<string, tf.Tensor>>>();
  private taken = 0;

  constructor(optimizer: Optimizer) {
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
   * @param multiplier of the learning rate, for this weight
   * @returns the new value, which is the caller's; the old one stays the caller's too
   */
  update(name: string, weight: tf.Tensor, gradient: tf.Tensor, multiplier = 1): tf.Tensor {
    const remembered = this.slots.get(name) ?? {};
    const { weight: updated, slots } = tf.tidy(() => {
      const learningRate = this.learningRate * multiplier;
      const update = this.rule(weight, gradient, remembered, this.steps, learningRate);
      for (const tensor of [update.weight, ...Object.values(update.slots)]) tf.keep(tensor);
      return update as Update & tf.TensorContainerObject;
    });
    tf.dispose(remembered as tf.NamedTensorMap);
    this.slots.set(name, slots);
    return updated;
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
