import type { Shape } from '../graph/layerGraph';
import type { DataFormat } from './fields';
import { ShapeMismatch, showShape } from './kind';
import { t } from '../../l10n/translate';

/** How a window meets the border; `causal` pads in front alone and is 1-D only. */
export type Padding = 'valid' | 'same' | 'causal';

type Size = number | null;

/** What a tensor with spatial axes is made of, whichever way round. */
export interface SpatialShape {
  readonly batch: Size;
  readonly space: readonly Size[];
  readonly channels: Size;
}

const AXES = ['', t('steps'), t('height, width'), t('depth, height, width')];

function layout(rank: number, format: DataFormat): string {
  const axes = AXES[rank] ?? t('{0} spatial axes', rank);
  return format === 'channels_last' ? t('(batch, {0}, channels)', axes) : t('(batch, channels, {0})', axes);
}

/** @throws ShapeMismatch unless the tensor has exactly `rank` spatial axes */
export function splitSpatial(shape: Shape, rank: number, format: DataFormat): SpatialShape {
  if (shape.length !== rank + 2) {
    const expected = layout(rank, format);
    throw new ShapeMismatch(
      showShape(shape),
      shape.length === 2
        ? t('{0}; put it before the layer that flattens or pools to a vector', expected)
        : expected,
    );
  }
  const [batch, ...rest] = shape;
  return format === 'channels_last'
    ? { batch, space: rest.slice(0, rank), channels: rest[rank] }
    : { batch, space: rest.slice(1), channels: rest[0] };
}

export function joinSpatial({ batch, space, channels }: SpatialShape, format: DataFormat): Shape {
  return format === 'channels_last' ? [batch, ...space, channels] : [batch, channels, ...space];
}

/** @throws ShapeMismatch when the number of channels, on which weights depend, is unknown */
export function knownChannels(shape: Shape, { channels }: SpatialShape): number {
  if (channels === null) throw new ShapeMismatch(showShape(shape), t('a known number of channels'));
  return channels;
}

export interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilation?: readonly number[];
}

/**
 * Sizes after sliding a window, by axis: `⌊(n − d(k−1) − 1) / s⌋ + 1` for `valid`, `⌊(n − 1) / s⌋ + 1` for the
 * paddings that keep the size. Source: keras.ops.operation_utils, compute_conv_output_shape and
 * compute_pooling_output_shape.
 * @throws ShapeMismatch when the window does not fit into the input
 */
export function slide(shape: Shape, space: readonly Size[], window: Window): readonly Size[] {
  return space.map((size, axis) => {
    if (size === null) return null;
    const reach = (window.dilation?.[axis] ?? 1) * (window.size[axis] - 1) + 1;
    const room = window.padding === 'valid' ? size - reach : size - 1;
    if (room < 0) {
      throw new ShapeMismatch(
        showShape(shape),
        t(
          'at least {0} along each axis that a window of {0} slides over; use padding "same" or a smaller window',
          reach,
        ),
      );
    }
    return Math.floor(room / window.strides[axis]) + 1;
  });
}

/** Output positions: the product of the spatial sizes, an unknown one taken as one. */
export function positions(space: readonly Size[]): number {
  return space.reduce<number>((product, size) => product * (size ?? 1), 1);
}

/** How much coarser the output is than the input, as one number: the largest stride. */
export const coarsening = (strides: readonly number[]): number => Math.max(...strides);
