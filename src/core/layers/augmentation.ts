import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { count, field, flag, nullable, number, sizes, word } from './fields';
import {
  bits,
  factor,
  fill,
  INERT,
  interpolation,
  shared,
  spread,
  upTo,
  valueRange,
  written,
  writtenValueRange,
} from './imageFields';
import type { LayerKind } from './kind';
import { t } from '../../l10n/translate';

/**
 * Layers that change images at random in training and pass them through otherwise. `RandomCrop`, which changes their
 * size, is among those of image sizes.
 */

function augmentation<Fields extends Parameters<typeof configSchema>[0]>(name: string, fields: Fields) {
  const schema = configSchema({ ...fields, ...shared() }, INERT);
  return elementwise<ConfigOf<typeof schema>>({ name, family: 'preprocessing', schema }, 0);
}

export const randomFlip = augmentation('RandomFlip', {
  mode: word('horizontal_and_vertical', 'horizontal', 'vertical').default('horizontal_and_vertical'),
});
export const randomRotation = augmentation('RandomRotation', { factor: factor(-1), ...fill() });
export const randomTranslation = augmentation('RandomTranslation', {
  height_factor: written(),
  width_factor: written(),
  ...fill(),
});
export const randomZoom = augmentation('RandomZoom', {
  height_factor: written(),
  width_factor: nullable(written()),
  ...fill(),
});
export const randomShear = augmentation('RandomShear', {
  x_factor: spread().default(0),
  y_factor: spread().default(0),
  ...fill(),
});
export const randomPerspective = augmentation('RandomPerspective', {
  factor: factor(0).default([0, 1]),
  scale: number(0).default(1),
  interpolation: interpolation(),
  fill_value: number().default(0),
});
export const randomElasticTransform = augmentation('RandomElasticTransform', {
  factor: factor(0).default([0, 1]),
  scale: factor(0).default([0, 1]),
  ...fill(),
  value_range: writtenValueRange(),
});

export const randomContrast = augmentation('RandomContrast', {
  factor: factor(0),
  value_range: writtenValueRange(),
});
export const randomBrightness = augmentation('RandomBrightness', {
  factor: factor(-1),
  value_range: valueRange(),
});
export const randomHue = augmentation('RandomHue', { factor: factor(0), value_range: writtenValueRange() });
export const randomSaturation = augmentation('RandomSaturation', {
  factor: factor(-1),
  value_range: valueRange(),
});
export const randomColorDegeneration = augmentation('RandomColorDegeneration', {
  factor: factor(-1),
  value_range: valueRange(),
});
export const randomGrayscale = augmentation('RandomGrayscale', { factor: number(0, 1).default(0.5) });
export const randomSharpness = augmentation('RandomSharpness', {
  factor: factor(0),
  value_range: valueRange(),
});
export const randomInvert = augmentation('RandomInvert', {
  factor: factor(0).default([0, 1]),
  value_range: writtenValueRange(),
});
export const randomPosterization = augmentation('RandomPosterization', {
  factor: bits(),
  value_range: valueRange(),
});
export const solarization = augmentation('Solarization', {
  addition_factor: upTo().default([0, 0]),
  threshold_factor: upTo().default([0, 0]),
  value_range: valueRange(),
});
export const randomGaussianBlur = augmentation('RandomGaussianBlur', {
  factor: factor(0).default([0, 1]),
  kernel_size: sizes(2).default([3, 3]),
  sigma: factor(0).default([0, 1]),
  value_range: writtenValueRange(),
});

export const randomErasing = augmentation('RandomErasing', {
  factor: factor(0).default([0, 1]),
  scale: factor(0).default([0.02, 0.33]),
  fill_value: nullable(
    field<number | readonly number[]>(t('a number or a list of three'), (raw) => {
      if (typeof raw === 'number') return Number.isFinite(raw) ? raw : undefined;
      const values: readonly unknown[] = Array.isArray(raw) ? raw : [];
      return values.length === 3 && values.every((value) => typeof value === 'number') ? values : undefined;
    }),
  ),
  value_range: writtenValueRange(),
});
export const mixUp = augmentation('MixUp', { alpha: number(0).default(0.2) });
export const cutMix = augmentation('CutMix', { factor: factor(0).default([0, 1]) });

export const randomColorJitter = augmentation('RandomColorJitter', {
  value_range: writtenValueRange(),
  brightness_factor: nullable(written()),
  contrast_factor: nullable(written()),
  saturation_factor: nullable(written()),
  hue_factor: nullable(written()),
});
export const randAugment = augmentation('RandAugment', {
  value_range: writtenValueRange(),
  num_ops: count().default(2),
  factor: factor(0).default([0, 0.5]),
  interpolation: interpolation(),
});
export const augMix = augmentation('AugMix', {
  value_range: writtenValueRange(),
  num_chains: count().default(3),
  chain_depth: count().default(3),
  factor: factor(0).default([0, 0.3]),
  alpha: number(0).default(1),
  all_ops: flag().default(true),
  interpolation: interpolation(),
});

/** What the layers that move pixels do where there are none. */
export type FillConfig = Pick<
  ConfigOf<(typeof randomRotation)['schema']>,
  'fill_mode' | 'fill_value' | 'interpolation'
>;

export const augmentations = [
  randomFlip,
  randomRotation,
  randomTranslation,
  randomZoom,
  randomShear,
  randomPerspective,
  randomElasticTransform,
  randomContrast,
  randomBrightness,
  randomHue,
  randomSaturation,
  randomColorDegeneration,
  randomGrayscale,
  randomSharpness,
  randomInvert,
  randomPosterization,
  solarization,
  randomGaussianBlur,
  randomErasing,
  mixUp,
  cutMix,
  randomColorJitter,
  randAugment,
  augMix,
] as const satisfies readonly LayerKind[];
