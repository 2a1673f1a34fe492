import { configSchema, type ConfigOf } from './config';
import { count, dataFormat, flag, number, seed, word } from './fields';
import type { LayerKind } from './kind';
import { INERT } from './imageFields';
import { INTERPOLATIONS } from './resizing';
import { joinSpatial, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const resizingSchema = configSchema(
  {
    height: count(),
    width: count(),
    interpolation: word(...INTERPOLATIONS).default('bilinear'),
    crop_to_aspect_ratio: flag().default(false),
    pad_to_aspect_ratio: flag().default(false),
    fill_mode: word('constant').default('constant'),
    fill_value: number().default(0),
    antialias: flag().default(false),
    data_format: dataFormat(),
  },
  {
    check: ({ crop_to_aspect_ratio: crop, pad_to_aspect_ratio: pad }): Record<string, string> =>
      crop === true && pad === true ? { pad_to_aspect_ratio: t('expected false where it crops') } : {},
  },
);
const centerCropSchema = configSchema({ height: count(), width: count(), data_format: dataFormat() });

const randomCropSchema = configSchema(
  { height: count(), width: count(), seed: seed(), data_format: dataFormat() },
  INERT,
);

export type ResizingConfig = ConfigOf<typeof resizingSchema>;
export type CenterCropConfig = ConfigOf<typeof centerCropSchema>;
export type RandomCropConfig = ConfigOf<typeof randomCropSchema>;

const preprocessing = { family: 'preprocessing', arity: [1, 1], weights: () => [] } as const;

const toSize: LayerKind<CenterCropConfig>['outputs'] = ({ height, width, data_format: format }, [input]) => {
  const image = splitSpatial(input, 2, format);
  return [joinSpatial({ ...image, space: [height, width] }, format)];
};

/** An image of another size, whatever size it had. */
export const resizing: LayerKind<ResizingConfig> = {
  ...preprocessing,
  name: 'Resizing',
  schema: resizingSchema,
  outputs: toSize,
  flops: ({ interpolation }, _inputs, [output]) => (interpolation === 'nearest' ? 0 : 8 * sampleSize(output)),
};

/** The middle of an image; of one that is too small, the largest part of that shape, enlarged. */
export const centerCrop: LayerKind<CenterCropConfig> = {
  ...preprocessing,
  name: 'CenterCrop',
  schema: centerCropSchema,
  outputs: toSize,
  flops: () => 0,
};

/**
 * Anywhere of an image in training. The shape is the one that Keras says, which it does not hold to out of training: it
 * passes images on as they are.
 */
export const randomCrop: LayerKind<RandomCropConfig> = {
  ...preprocessing,
  name: 'RandomCrop',
  schema: randomCropSchema,
  outputs: toSize,
  flops: () => 0,
};
