import * as tf from '@tensorflow/tfjs-core';

/** Where all conditions hold, stretched to each other; nothing where there is none. */
export function allOf(conditions: readonly (tf.Tensor | undefined)[]): tf.Tensor | undefined {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? undefined : given.reduce((a, b) => tf.logicalAnd(a, b));
}

/** `[1, T, S]`: a step heeds itself and those before it. */
export const causalMask = (targets: number, sources: number) =>
  pairs(targets, sources, (target, source) => source <= target);

/** `[1, T, S]`: a step heeds those fewer than `size` steps away. */
export const windowMask = (targets: number, sources: number, size: number) =>
  pairs(targets, sources, (target, source) => Math.abs(target - source) < size);

function pairs(
  targets: number,
  sources: number,
  holds: (target: number, source: number) => boolean,
): tf.Tensor {
  const values = new Uint8Array(targets * sources);
  for (let index = 0; index < values.length; index++) {
    values[index] = holds(Math.floor(index / sources), index % sources) ? 1 : 0;
  }
  return tf.tensor(values, [1, targets, sources], 'bool');
}
