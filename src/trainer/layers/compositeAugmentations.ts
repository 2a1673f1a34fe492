import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/augmentation';
import { normalizeConfig } from '../../core/layers/config';
import { autoContrast, equalization } from '../../core/layers/imageTones';
import { rangeOf, type Range, type SampleInterpolation, type Spread } from '../../core/layers/imageFields';
import type { LayerConfig } from '../../core/graph/layerGraph';
import type { LayerKind } from '../../core/layers/kind';
import * as color from './colorAugmentations';
import { betaOf, dirichlet, wholeBetween } from './distributions';
import * as geometric from './geometricAugmentations';
import { randomly, type BatchShape, type ImageTransform } from './imageTransform';
import type { RandomStream } from './random';
import { equalize, stretchContrast } from './tones';

/** Layers made of other layers. Sources: keras.layers.RandomColorJitter, RandAugment, AugMix. */

/** One change with its draws, that of a kind. */
export interface Change {
  readonly kind: string;
  readonly drawn: unknown;
}

type Apply = (x: tf.Tensor4D, drawn: unknown) => tf.Tensor;

interface Part {
  readonly kind: string;
  readonly draw: (shape: BatchShape, random: RandomStream) => unknown;
  readonly apply: Apply;
}

function part<C extends LayerConfig, Drawn>(
  kind: LayerKind<C>,
  transform: ImageTransform<C, Drawn>,
  config: object,
): Part {
  const whole = normalizeConfig(kind, config) as C;
  return {
    kind: kind.name,
    draw: (shape, random) => transform.draw(whole, shape, random),
    apply: (x, drawn) => transform.apply(x, drawn as Drawn, whole),
  };
}

/** One that draws nothing. */
const fixed = (kind: string, apply: Apply): Part => ({ kind, draw: () => undefined, apply });

interface Strength {
  readonly factor: Range;
  readonly value_range: Range;
  readonly interpolation: SampleInterpolation;
}

const sortedRange = ([a, b]: Range): Range => [Math.min(a, b), Math.max(a, b)];

/** Both composites know these. */
function commonParts({ factor, value_range: range, interpolation }: Strength): readonly Part[] {
  const bits = Math.max(1, Math.trunc(8 * factor[1]));
  const sides = { height_factor: factor, width_factor: factor, interpolation };
  return [
    part(catalogue.randomShear, geometric.shear, { x_factor: factor, y_factor: factor, interpolation }),
    part(catalogue.randomTranslation, geometric.translation, sides),
    part(catalogue.randomRotation, geometric.rotation, { factor, interpolation }),
    part(catalogue.randomPosterization, color.posterization, { factor: bits, value_range: range }),
    part(catalogue.solarization, color.solarization, {
      addition_factor: factor,
      threshold_factor: factor,
      value_range: range,
    }),
    fixed(autoContrast.name, (x) => stretchContrast(x, sortedRange(range))),
    fixed(equalization.name, (x) => equalize(x, sortedRange(range), 256)),
  ];
}

function colorParts({ factor, value_range: range }: Strength): readonly Part[] {
  const config = { factor, value_range: range };
  return [
    part(catalogue.randomBrightness, color.brightness, config),
    part(catalogue.randomColorDegeneration, color.colorDegeneration, config),
    part(catalogue.randomContrast, color.contrast, config),
    part(catalogue.randomSharpness, color.sharpness, config),
  ];
}

function applyChange(parts: readonly Part[], x: tf.Tensor4D, { kind, drawn }: Change): tf.Tensor4D {
  const found = parts.find((one) => one.kind === kind);
  if (!found) throw new Error(`a ${kind} was drawn that is not among the parts`);
  return found.apply(x, drawn) as tf.Tensor4D;
}

const GRAY_OR_COLOR = { channels: [1, 3], stopsGradient: true };

/** Drawn: changes one after the other. The same kind twice is twice the same change. */
export const randAugment = randomly(
  catalogue.randAugment,
  (config, shape, random) => {
    const parts = [...commonParts(config), ...colorParts(config)];
    const drawn = new Map<string, Change>();
    return Array.from({ length: config.num_ops }, (): Change => {
      const { kind, draw } = parts[wholeBetween(0, parts.length, random)];
      const change = drawn.get(kind) ?? { kind, drawn: draw(shape, random) };
      drawn.set(kind, change);
      return change;
    });
  },
  (x, changes, config) => {
    const parts = [...commonParts(config), ...colorParts(config)];
    return changes.reduce((image, change) => applyChange(parts, image, change), x);
  },
  GRAY_OR_COLOR,
);

const mixParts = (config: Strength & { readonly all_ops: boolean }): readonly Part[] =>
  config.all_ops ? [...commonParts(config), ...colorParts(config)] : commonParts(config);

/** Drawn: chains of changes, their weights, and the weight of what is left as it was. */
export const augMix = randomly(
  catalogue.augMix,
  (config, shape, random) => {
    const parts = mixParts(config);
    const weights = dirichlet(config.num_chains, config.alpha, random);
    const kept = betaOf(config.alpha, config.alpha, random);
    const chains = weights.map(() =>
      Array.from({ length: config.chain_depth }, () => wholeBetween(0, parts.length + 1, random))
        // One more than there are stands for none.
        .filter((index) => index < parts.length)
        .map((index): Change => ({ kind: parts[index].kind, drawn: parts[index].draw(shape, random) })),
    );
    return { weights, kept, chains };
  },
  (x, { weights, kept, chains }, config) => {
    const parts = mixParts(config);
    const mixed = chains
      .map((chain, index) => {
        const changed = chain.reduce((image, change) => applyChange(parts, image, change), x);
        return tf.mul(changed, weights[index]);
      })
      .reduce((sum, one) => tf.add(sum, one));
    return tf.clipByValue(tf.add(tf.mul(x, kept), tf.mul(mixed, 1 - kept)), ...config.value_range);
  },
  { ...GRAY_OR_COLOR },
);

interface Jitter {
  readonly value_range: Range;
  readonly brightness_factor: Spread | null;
  readonly contrast_factor: Spread | null;
  readonly saturation_factor: Spread | null;
  readonly hue_factor: Spread | null;
}

function jitterParts(config: Jitter): readonly Part[] {
  const range = config.value_range;
  const of = <C extends LayerConfig, Drawn>(
    kind: LayerKind<C>,
    transform: ImageTransform<C, Drawn>,
    spread: Spread | null,
    least: number,
  ): readonly Part[] =>
    spread === null ? [] : [part(kind, transform, { factor: rangeOf(spread, least), value_range: range })];
  return [
    ...of(catalogue.randomBrightness, color.brightness, config.brightness_factor, -1),
    ...of(catalogue.randomContrast, color.contrast, config.contrast_factor, 0),
    ...of(catalogue.randomSaturation, color.saturation, config.saturation_factor, -1),
    ...of(catalogue.randomHue, color.hue, config.hue_factor, 0),
  ];
}

/** Drawn: the changes of what is configured, in Keras's order. */
export const colorJitter = randomly(
  catalogue.randomColorJitter,
  (config, shape, random) =>
    jitterParts(config).map(({ kind, draw }): Change => ({ kind, drawn: draw(shape, random) })),
  (x, changes, config) => {
    const parts = jitterParts(config);
    return changes.reduce((image, change) => applyChange(parts, image, change), x);
  },
);

export const compositeTransforms = [colorJitter, randAugment, augMix] as const;
