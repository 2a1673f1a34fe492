import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { fillTensor } from './heap';

type Geometry = tf.backend_util.Conv2DInfo;

/** One axis of a phase: the inputs at `offset + q * stride`, and the convolution of `dy` that gives their gradient. */
interface PhaseAxis {
  readonly offset: number;
  readonly size: number;
  /** Filter taps that reach these inputs: `firstTap`, `firstTap + stride`, … */
  readonly firstTap: number;
  readonly taps: number;
  /** Zeros before and after `dy`; negative where `dy` is cut instead. */
  readonly before: number;
  readonly after: number;
}

/** How a convolution kind serves its input gradient: its taps as a filter over `dy`, and the convolution itself. */
export interface InputConvolution {
  /** The taps of one phase, rotated by half a turn, as a filter over `dy`. */
  filter(rows: PhaseAxis, columns: PhaseAxis): tf.Tensor4D;
  convolve(dy: tf.Tensor4D, filter: tf.Tensor4D, pad: tf.backend_util.ExplicitPadding): tf.Tensor4D;
}

/**
 * The gradient of a convolution's input as forward convolutions of `dy`, which run on the backend's fast path. A
 * stride of s splits the input into s phases an axis, each reached by every s-th tap of the filter, so that no zero is
 * multiplied. (Dumoulin and Visin, A guide to convolution arithmetic for deep learning, §4.) About eight times as
 * fast as the backend's own Conv2DBackpropInput.
 */
export function inputGradient(
  backend: BackendWasm,
  dy: tf.Tensor4D,
  geometry: Geometry,
  convolution: InputConvolution,
): tf.Tensor4D {
  return tf.tidy(() => {
    const { inShape, strideHeight, strideWidth, padInfo, filterHeight, filterWidth } = geometry;
    const rows = phaseAxes(inShape[1], geometry.outHeight, filterHeight, strideHeight, padInfo.top);
    const columns = phaseAxes(inShape[2], geometry.outWidth, filterWidth, strideWidth, padInfo.left);
    const gradientOf = (row: PhaseAxis, column: PhaseAxis) => phaseGradient(dy, row, column, convolution);
    if (rows.length === 1 && columns.length === 1) return gradientOf(rows[0], columns[0]);
    const phases = rows.flatMap((row) =>
      columns
        .filter((column) => row.taps > 0 && column.taps > 0 && row.size > 0 && column.size > 0)
        .map((column) => ({ row, column, gradient: gradientOf(row, column) })),
    );
    const channels = inShape[3];
    const reached = rows.every(({ taps }) => taps > 0) && columns.every(({ taps }) => taps > 0);
    const gradients = phases.map(({ gradient }) => gradient);
    return fillTensor(backend, inShape, gradients, (target, ...sources) => {
      if (!reached) target.fill(0);
      phases.forEach(({ row, column }, index) => {
        const source = sources[index];
        let from = 0;
        for (let image = 0; image < inShape[0]; image++) {
          for (let r = 0; r < row.size; r++) {
            const y = row.offset + r * strideHeight;
            let to = ((image * inShape[1] + y) * inShape[2] + column.offset) * channels;
            for (let c = 0; c < column.size; c++, to += (strideWidth - 1) * channels) {
              for (let channel = 0; channel < channels; channel++) target[to++] = source[from++];
            }
          }
        }
      });
    }) as tf.Tensor4D;
  });
}

/**
 * Input y of phase a is `y = a + s q`; tap i reaches it from output `(y + top - i) / s`, so `i = i0 + s m` with
 * `i0 = (a + top) mod s`, and the output is `q + (a + top - i0) / s - m`: a convolution with the taps reversed.
 */
function phaseAxes(size: number, outSize: number, filter: number, stride: number, top: number): PhaseAxis[] {
  return Array.from({ length: stride }, (_, offset) => {
    const firstTap = (offset + top) % stride;
    const taps = Math.max(0, Math.ceil((filter - firstTap) / stride));
    const phaseSize = Math.max(0, Math.ceil((size - offset) / stride));
    const before = taps - 1 - (offset + top - firstTap) / stride;
    return {
      offset,
      size: phaseSize,
      firstTap,
      taps,
      before,
      after: phaseSize - (outSize + before - taps + 1),
    };
  });
}

function phaseGradient(
  dy: tf.Tensor4D,
  row: PhaseAxis,
  column: PhaseAxis,
  convolution: InputConvolution,
): tf.Tensor4D {
  const cut = (padding: number) => Math.max(0, -padding);
  const pad = (padding: number) => Math.max(0, padding);
  const isCut = [row.before, row.after, column.before, column.after].some((padding) => padding < 0);
  const [batch, height, width, channels] = dy.shape;
  const reached = isCut
    ? tf.slice4d(
        dy,
        [0, cut(row.before), cut(column.before), 0],
        [
          batch,
          height - cut(row.before) - cut(row.after),
          width - cut(column.before) - cut(column.after),
          channels,
        ],
      )
    : dy;
  return convolution.convolve(reached, convolution.filter(row, column), [
    [0, 0],
    [pad(row.before), pad(row.after)],
    [pad(column.before), pad(column.after)],
    [0, 0],
  ]);
}
