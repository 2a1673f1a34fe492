import * as tf from '@tensorflow/tfjs-core';
import type { LayerConfig } from '../../core/graph/layerGraph';
import type { LayerKind } from '../../core/layers/kind';
import { resolveAxis } from '../../core/layers/normalization';
import * as catalogue from '../../core/layers/tensorShaping';
import { computes, type ForwardEntry } from './forward';
import { along } from './tensorProducts';

/** What only puts the numbers under another shape. */
function reshapes<C extends LayerConfig>(kind: LayerKind<C>): ForwardEntry {
  return computes(kind, (config, [x]) => {
    const [shape] = kind.outputs(config, [x.shape]);
    return tf.reshape(x, shape as number[]);
  });
}

/** Places of the middle axis from `start` on, `step` apart. Not tfjs's strided slice, which has no gradient. */
function stretch(cells: tf.Tensor3D, start: number, count: number, step: number): tf.Tensor {
  const [rows, size, columns] = cells.shape;
  if (step < 0) return stretch(tf.reverse(cells, 1), size - 1 - start, count, -step);
  const length = step === 1 ? count : Math.min(count * step, size - start);
  const found = tf.slice3d(cells, [0, start, 0], [rows, length, columns]);
  if (step === 1) return found;
  const filled = tf.pad3d(found, [
    [0, 0],
    [0, count * step - length],
    [0, 0],
  ]);
  const groups = tf.reshape(filled, [rows * count, step, columns]);
  return tf.reshape(tf.slice(groups, [0, 0, 0], [-1, 1, -1]), [rows, count, columns]);
}

/** Runs of places that follow one another, so that they are as few slices as can be. */
function runsOf(places: readonly number[]): readonly (readonly [start: number, count: number])[] {
  const runs: [number, number][] = [];
  for (const place of places) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === place) last[1]++;
    else runs.push([place, 1]);
  }
  return runs;
}

export const tensorShapings = [
  reshapes(catalogue.tensorReshape),
  reshapes(catalogue.expandDims),
  reshapes(catalogue.squeeze),
  computes(catalogue.transpose, ({ axes }, [x]) => tf.transpose(x, [...axes])),
  computes(catalogue.tile, ({ repeats }, [x]) => tf.tile(x, [...repeats])),
  computes(catalogue.take, ({ indices, axis }, [x]) => {
    const at = resolveAxis(x.shape, axis);
    const places = indices.map((index) => (index < 0 ? index + x.shape[at] : index));
    return along(x, at, (cells) => {
      const parts = runsOf(places).map(([start, count]) => stretch(cells, start, count, 1));
      return parts.length === 1 ? parts[0] : tf.concat(parts, 1);
    });
  }),
  computes(catalogue.getItem, (config, [x]) => {
    const taken = config.key.reduce<tf.Tensor>((y, one, axis) => {
      const size = y.shape[axis];
      if (typeof one === 'number') {
        return along(y, axis, (cells) => stretch(cells, one < 0 ? one + size : one, 1, 1));
      }
      const { start, count, step } = catalogue.placesOf(one, size);
      return count === size && step === 1 ? y : along(y, axis, (cells) => stretch(cells, start, count, step));
    }, x);
    const [shape] = catalogue.getItem.outputs(config, [x.shape]);
    return tf.reshape(taken, shape as number[]);
  }),
  computes(catalogue.stack, ({ axis }, inputs) => {
    const at = axis < 0 ? axis + inputs[0].rank + 1 : axis;
    return tf.stack([...inputs], at);
  }),
  computes(catalogue.split, ({ sizes, axis }, [x]) => tf.split(x, [...sizes], resolveAxis(x.shape, axis))),
  computes(catalogue.unstack, ({ axis }, [x]) => tf.unstack(x, resolveAxis(x.shape, axis))),
];
