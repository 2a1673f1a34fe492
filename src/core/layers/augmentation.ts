import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import type { LayerKind } from './kind';
import { count, dataFormat, field, flag, nullable, number, seed, sizes, word } from './fields';

/**
 * Layers that change images at random in training and pass them through otherwise. `RandomCrop` is not one of them: out
 * of training its tensor has another shape than Keras says.
 */

type Range = readonly [number, number];

function readRange(raw: unknown): Range | undefined {
  const pair: readonly unknown[] = Array.isArray(raw) ? raw : [];
  const [low, high] = pair.filter((one): one is number => typeof one === 'number' && Number.isFinite(one));
  // Keras writes -0.0 too.
  return pair.length === 2 && low !== undefined && high !== undefined ? [low + 0, high + 0] : undefined;
}

const readNumber = (raw: unknown): number | undefined =>
  typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined;

/** A range to draw from; one number spreads to both sides of zero, as far down as `least`. */
const factor = (least: number) =>
  field<Range>('a number or a pair of them', (raw) => {
    const one = readNumber(raw);
    return one === undefined ? readRange(raw) : [Math.max(-Math.abs(one), least), Math.abs(one)];
  });

/** As above, and kept as written: what one number means depends on the kind. */
const written = () =>
  field<number | Range>('a number or a pair of them', (raw) => readNumber(raw) ?? readRange(raw));

const valueRange = () => field<Range>('[lowest, highest]', readRange).default([0, 255]);
const interpolation = () => word('bilinear', 'nearest').default('bilinear');
const fillMode = () => word('reflect', 'constant', 'wrap', 'nearest').default('reflect');
const fill = { fill_mode: fillMode(), fill_value: number().default(0), interpolation: interpolation() };
const shared = { seed: seed(), data_format: dataFormat() };
const inert = { inert: ['bounding_box_format'] };

const flipSchema = configSchema(
  {
    mode: word('horizontal_and_vertical', 'horizontal', 'vertical').default('horizontal_and_vertical'),
    ...shared,
  },
  inert,
);
const contrastSchema = configSchema({ factor: factor(0), value_range: valueRange(), ...shared }, inert);
const brightnessSchema = configSchema({ factor: factor(-1), value_range: valueRange(), ...shared }, inert);

export type RandomFlipConfig = ConfigOf<typeof flipSchema>;
export type RandomContrastConfig = ConfigOf<typeof contrastSchema>;
export type RandomBrightnessConfig = ConfigOf<typeof brightnessSchema>;

export const randomFlip = elementwise<RandomFlipConfig>(
  { name: 'RandomFlip', family: 'preprocessing', schema: flipSchema },
  0,
);
export const randomContrast = elementwise<RandomContrastConfig>(
  { name: 'RandomContrast', family: 'preprocessing', schema: contrastSchema },
  0,
);
export const randomBrightness = elementwise<RandomBrightnessConfig>(
  { name: 'RandomBrightness', family: 'preprocessing', schema: brightnessSchema },
  0,
);

function augmentation<Fields extends Parameters<typeof configSchema>[0]>(name: string, fields: Fields) {
  const schema = configSchema({ ...fields, ...shared }, inert);
  return elementwise<ConfigOf<typeof schema>>({ name, family: 'preprocessing', schema }, 0);
}

/** Those whose change nothing here computes. */
export const otherAugmentations: readonly LayerKind[] = [
  augmentation('RandomRotation', { factor: factor(-1), ...fill }),
  augmentation('RandomTranslation', { height_factor: written(), width_factor: written(), ...fill }),
  augmentation('RandomZoom', { height_factor: written(), width_factor: nullable(written()), ...fill }),
  augmentation('RandomShear', {
    x_factor: factor(-1).default([0, 0]),
    y_factor: factor(-1).default([0, 0]),
    ...fill,
  }),
  augmentation('RandomHue', { factor: factor(0), value_range: valueRange() }),
  augmentation('RandomSaturation', { factor: factor(-1), value_range: valueRange() }),
  augmentation('RandomSharpness', { factor: factor(0), value_range: valueRange() }),
  augmentation('RandomColorDegeneration', { factor: factor(-1), value_range: valueRange() }),
  augmentation('RandomInvert', { factor: factor(0).default([0, 1]), value_range: valueRange() }),
  augmentation('RandomGrayscale', { factor: number(0, 1).default(0.5) }),
  augmentation('RandomPosterization', {
    factor: field<Range>('a number of bits or a pair of them', (raw) => {
      const bits = readNumber(raw);
      return bits === undefined ? readRange(raw) : [1, bits];
    }),
    value_range: valueRange(),
  }),
  augmentation('RandomGaussianBlur', {
    factor: factor(0).default([0, 1]),
    kernel_size: sizes(2).default([3, 3]),
    sigma: factor(0).default([0, 1]),
    value_range: valueRange(),
  }),
  augmentation('RandomErasing', {
    factor: factor(0).default([0, 1]),
    scale: factor(0).default([0.02, 0.33]),
    fill_value: nullable(number()),
    value_range: valueRange(),
  }),
  augmentation('RandomPerspective', {
    factor: factor(0).default([0, 1]),
    scale: number(0).default(1),
    interpolation: interpolation(),
    fill_value: number().default(0),
  }),
  augmentation('RandomElasticTransform', {
    factor: factor(0).default([0, 1]),
    scale: factor(0).default([0, 1]),
    ...fill,
    value_range: valueRange(),
  }),
  augmentation('RandomColorJitter', {
    value_range: valueRange(),
    brightness_factor: nullable(written()),
    contrast_factor: nullable(written()),
    saturation_factor: nullable(written()),
    hue_factor: nullable(written()),
  }),
  augmentation('RandAugment', {
    value_range: valueRange(),
    num_ops: count().default(2),
    factor: factor(0).default([0, 0.5]),
    interpolation: interpolation(),
  }),
  augmentation('AugMix', {
    value_range: valueRange(),
    num_chains: count().default(3),
    chain_depth: count().default(3),
    factor: factor(0).default([0, 0.3]),
    alpha: number(0).default(1),
    all_ops: flag().default(true),
    interpolation: interpolation(),
  }),
  augmentation('MixUp', { alpha: number(0).default(0.2) }),
  augmentation('CutMix', { factor: factor(0).default([0, 1]) }),
];
