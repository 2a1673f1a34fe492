import * as tf from '@tensorflow/tfjs-core';
import { kindNamed } from '../../src/core/layers/catalogue';
import { normalizeConfig } from '../../src/core/layers/config';
import type { CallContext } from '../../src/trainer/layers/forward';
import { randomStream } from '../../src/trainer/layers/random';
import { forwardOf } from '../../src/trainer/layers/registry';

export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export const tensorOf = ({ shape, data }: NumberArray) => tf.tensor([...data], [...shape], 'float32');

/** One call of a layer's forward function, its weights given and the statistics it moves collected: its first output. */
export function computeLayer(...call: Parameters<typeof computeOutputs>): tf.Tensor {
  return computeOutputs(...call)[0];
}

export function computeOutputs(
  kindName: string,
  config: unknown,
  inputs: readonly tf.Tensor[],
  weights: Readonly<Record<string, tf.Tensor>>,
  mode: 'inference' | 'training',
  moved: Map<string, tf.Tensor> = new Map(),
  masks?: readonly (tf.Tensor | undefined)[],
): readonly tf.Tensor[] {
  const kind = kindNamed(kindName);
  const entry = forwardOf(kindName);
  if (!kind || !entry) throw new Error(`nothing computes a ${kindName}`);
  const context: CallContext = {
    weight: (name) => weights[name],
    training: mode === 'training',
    trainable: mode === 'training',
    batchStatistics: mode === 'training',
    random: randomStream(1),
    ...(masks && { masks }),
    assign: (name, value) => moved.set(name, tf.keep(value)),
  };
  return [entry.forward(normalizeConfig(kind, config), inputs, context)].flat();
}

/** The largest gap between a tensor and what was expected, as a share of what was expected where that is above one. */
export function largestGap(actual: tf.Tensor, expected: NumberArray): number {
  const values = actual.dataSync();
  return expected.data.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - values[index]) / Math.max(1, Math.abs(value))),
    values.length === expected.data.length ? 0 : Infinity,
  );
}
