import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../core/failure';
import type { LayerConfig } from '../../core/graph/layerGraph';
import type { DataFormat } from '../../core/layers/fields';
import type { LayerKind } from '../../core/layers/kind';
import { computes, type ForwardEntry } from './forward';
import { channelsLast } from './layout';
import type { RandomStream } from './random';
import { t } from '../../l10n/translate';

/** Sizes of a batch, `[N, H, W, C]`. */
export type BatchShape = readonly [count: number, height: number, width: number, channels: number];

interface WithFormat extends LayerConfig {
  readonly data_format: DataFormat;
}

/** A change of a batch of images that is drawn first and made then, the same for the same draws. */
export interface ImageTransform<C extends LayerConfig = LayerConfig, Drawn = unknown> {
  readonly kind: string;
  draw(config: C, shape: BatchShape, random: RandomStream): Drawn;
  /** @param x `[N, H, W, C]` whatever the configuration's format is */
  apply(x: tf.Tensor4D, drawn: Drawn, config: C): tf.Tensor;
  readonly entry: ForwardEntry;
}

interface Traits {
  /** How many channels it can take, any number where left out. */
  readonly channels?: readonly number[];
  /** It takes whole numbers from a table, or rounds: gradients do not pass. */
  readonly stopsGradient?: boolean;
}

/** An image layer that does something in training alone, as Keras draws and computes it. */
export function randomly<C extends WithFormat, Drawn>(
  kind: LayerKind<C>,
  draw: ImageTransform<C, Drawn>['draw'],
  apply: ImageTransform<C, Drawn>['apply'],
  { channels, stopsGradient = false }: Traits = {},
): ImageTransform<C, Drawn> {
  const entry = computes(kind, (config, [x], { training, random }) => {
    if (!training) return x;
    return channelsLast(x, config.data_format, (input) => {
      const images = imagesOf(input, kind.name, channels);
      return apply(images, draw(config, images.shape, random), config);
    });
  });
  return {
    kind: kind.name,
    draw,
    apply,
    entry: stopsGradient ? { ...entry, stopsGradient: true } : entry,
  };
}

/** @throws Failure `INPUT_SHAPE` unless the tensor is a batch of images of so many channels */
export function imagesOf(x: tf.Tensor, kind: string, channels?: readonly number[]): tf.Tensor4D {
  const found = x.shape[3];
  if (x.rank === 4 && (!channels || (found !== undefined && channels.includes(found))))
    return x as tf.Tensor4D;
  const expected = channels ? t('images of {0} channels', channels.join(t(' or '))) : t('a batch of images');
  throw new Failure(
    'input',
    'INPUT_SHAPE',
    t(
      'a {0} found a tensor of the shape ({1}), expected {2}; cut the layer away',
      kind,
      x.shape.join(', '),
      expected,
    ),
  );
}

/** A number an image, `[N, 1, 1, 1]`. */
export const perImage = (values: readonly number[]): tf.Tensor4D =>
  tf.tensor4d(Float32Array.from(values), [values.length, 1, 1, 1]);

/** Of each image the one or the other. */
export function choose(which: readonly boolean[], changed: tf.Tensor, unchanged: tf.Tensor): tf.Tensor {
  const chosen = tf.tensor4d(Uint8Array.from(which, Number), [which.length, 1, 1, 1], 'bool');
  return tf.where(chosen, changed, unchanged);
}

/** Which images are changed, with a probability that is itself drawn from a range. */
export const drawChosen = (count: number, draw: () => number, random: RandomStream): readonly boolean[] => {
  const probabilities = Array.from({ length: count }, draw);
  return probabilities.map((probability) => random.uniform() < probability);
};

/** Numbers of one range as those of another. Source: keras' BaseImagePreprocessingLayer._transform_value_range. */
export function toRange(
  x: tf.Tensor,
  [fromLow, fromHigh]: readonly [number, number],
  [low, high]: readonly [number, number],
): tf.Tensor {
  if (fromLow === low && fromHigh === high) return x;
  const share = tf.div(tf.sub(x, fromLow), fromHigh - fromLow);
  return tf.add(tf.mul(share, high - low), low);
}
