import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../core/failure';
import type { Shape } from '../core/graph/layerGraph';
import { showShape } from '../core/layers/kind';
import type { Program } from './program/program';
import type { Tensors } from './program/runCalls';
import { t } from '../l10n/translate';

/** One input batch or output, the batch first, row-major. */
export interface Tensorlike {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/**
 * A batch as tensors on the engine, by the keys of the program's inputs.
 *
 * @throws Failure of kind `input` (`INPUT_SHAPE`) when the model cannot be fed with it
 */
export function batchOf(inputs: readonly Tensorlike[], program: Program): Tensors {
  if (inputs.length !== program.inputs.length) {
    const message = t(
      "found {0} arrays, expected one for each of the model's {1} inputs",
      inputs.length,
      program.inputs.length,
    );
    throw new Failure('input', 'INPUT_SHAPE', message);
  }
  return new Map(
    program.inputs.map(({ key, layer }, index) => {
      const { data, shape } = inputs[index];
      const expected = layer.config.batch_shape as Shape | undefined;
      if (expected && !fits(shape, expected)) {
        const message = t(
          'input "{0}" was fed {1}, expected {2}',
          layer.name,
          showShape(shape),
          showShape(expected),
        );
        throw new Failure('input', 'INPUT_SHAPE', message, { layer: layer.name });
      }
      return [key, tf.tensor(data, [...shape], 'float32')];
    }),
  );
}

/** The batch's own size may be any. */
function fits(shape: readonly number[], expected: Shape): boolean {
  return (
    shape.length === expected.length &&
    expected.every((size, axis) => axis === 0 || size === null || size === shape[axis])
  );
}
