import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { count, dataFormat, number, sizes } from './fields';
import { INERT, valueRange, writtenValueRange } from './imageFields';

/** Layers that stretch the tones of images by what is in them and draw nothing. */

const autoContrastSchema = configSchema({ value_range: valueRange(), data_format: dataFormat() }, INERT);
const equalizationSchema = configSchema(
  { bins: count().default(256), value_range: valueRange(), data_format: dataFormat() },
  INERT,
);
const adaptiveSchema = configSchema(
  {
    value_range: writtenValueRange(),
    clip_limit: number().default(4),
    tile_grid_size: sizes(2).default([8, 8]),
    data_format: dataFormat(),
  },
  INERT,
);
const boxesSchema = configSchema(
  { max_number: count(), data_format: dataFormat() },
  { inert: [...INERT.inert, 'fill_value'] },
);

export type AutoContrastConfig = ConfigOf<typeof autoContrastSchema>;
export type EqualizationConfig = ConfigOf<typeof equalizationSchema>;
export type AdaptiveEqualizationConfig = ConfigOf<typeof adaptiveSchema>;
export type MaxNumBoundingBoxesConfig = ConfigOf<typeof boxesSchema>;

/** Each channel of an image from black to white. */
export const autoContrast = elementwise<AutoContrastConfig>(
  { name: 'AutoContrast', family: 'preprocessing', schema: autoContrastSchema },
  2,
);

/** Evens the tones of a batch out, channel by channel, in training alone. */
export const equalization = elementwise<EqualizationConfig>(
  { name: 'Equalization', family: 'preprocessing', schema: equalizationSchema },
  0,
);

/** Evens the tones out tile by tile, with what is common clipped. */
export const adaptiveEqualization = elementwise<AdaptiveEqualizationConfig>(
  { name: 'ContrastLimitedAdaptiveHistogramEqualization', family: 'preprocessing', schema: adaptiveSchema },
  8,
);

/** Changes the boxes that come beside images, of which a layer graph has none. */
export const maxNumBoundingBoxes = elementwise<MaxNumBoundingBoxesConfig>(
  { name: 'MaxNumBoundingBoxes', family: 'preprocessing', schema: boxesSchema },
  0,
);

export const imageTones = [autoContrast, equalization, adaptiveEqualization, maxNumBoundingBoxes] as const;
