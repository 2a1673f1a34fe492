import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/tensorResizing';
import { computes } from './forward';

/** Products with a matrix an axis. Source of the places: tensorflow/core/util/image_resizer_state.h. */
export const tensorResizings = [
  computes(catalogue.resizeByEdges, (config, [x]) => {
    const [batch, height, width, channels] = x.shape;
    const rows = tf.matMul(
      matrix(height, config.height, config),
      tf.reshape(x, [batch, height, width * channels]),
    );
    const columns = tf.matMul(
      matrix(width, config.width, config),
      tf.reshape(rows, [batch * config.height, width, channels]),
    );
    return tf.reshape(columns, [batch, config.height, config.width, channels]);
  }),
];

/** `[1, newSize, size]`: each row the shares that pixels have in a new one. */
function matrix(size: number, newSize: number, config: catalogue.ResizeByEdgesConfig): tf.Tensor3D {
  const corners = config.align_corners && newSize > 1;
  const scale = Math.fround(corners ? (size - 1) / (newSize - 1) : size / newSize);
  const shares = new Float32Array(newSize * size);
  for (let row = 0; row < newSize; row++) {
    const place = Math.fround(row * scale);
    const share = (at: number, part: number) => {
      shares[row * size + Math.min(at, size - 1)] += part;
    };
    if (config.interpolation === 'nearest') {
      share(config.align_corners ? Math.round(place) : Math.floor(place), 1);
      continue;
    }
    const from = Math.floor(place);
    share(from, 1 - (place - from));
    share(from + 1, place - from);
  }
  return tf.tensor3d(shares, [1, newSize, size]);
}
