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
 * @param multiplier of the learning rate
 */
export type UpdateRule = (
  weight: tf.Tensor,
  gradient: tf.Tensor,
  slots: Readonly<Record<string, tf.Tensor>>,
  step: number,
  multiplier: number,
) => Update;

function ruleOf(optimizer: Optimizer): UpdateRule {
  return optimizer.kind === 'sgd' ? sgd(optimizer) : adam(optimizer);
}

/** The state of training: what the optimizer remembers, by weight name, so that a changed freeze set mixes nothing up. */
export class OptimizerState {
  private readonly rule: UpdateRule;
  private readonly slots = new Map<string, Readonly<Record<string, tf.Tensor>>>();
  private steps = 0;

  constructor(optimizer: Optimizer) {
    this.rule = ruleOf(optimizer);
  }

  /** Begins a step: every weight of it is updated with the same count of steps. */
  beginStep(): void {
    this.steps++;
  }

  /**
   * @param multiplier of the learning rate, for this weight
   * @returns the new value, which is the caller's; the old one stays the caller's too
   */
  update(name: string, weight: tf.Tensor, gradient: tf.Tensor, multiplier = 1): tf.Tensor {
    const remembered = this.slots.get(name) ?? {};
    const { weight: updated, slots } = tf.tidy(() => {
      const update = this.rule(weight, gradient, remembered, this.steps, multiplier);
      for (const tensor of [update.weight, ...Object.values(update.slots)]) tf.keep(tensor);
      return update as Update & tf.TensorContainerObject;
    });
    tf.dispose(remembered as tf.NamedTensorMap);
    this.slots.set(name, slots);
    return updated;
  }

  dispose(): void {
    for (const slots of this.slots.values()) tf.dispose(slots as tf.NamedTensorMap);
    this.slots.clear();
  }
}
