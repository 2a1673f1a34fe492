import type { AdaptivePoolingConfig } from '../../../core/layers/adaptivePooling';
import type { ResizingConfig } from '../../../core/layers/imageSize';
import type { GlobalPoolingConfig, PoolingConfig } from '../../../core/layers/pooling';
import type {
  CroppingConfig,
  StepCroppingConfig,
  StepPaddingConfig,
  StepUpSamplingConfig,
  UpSamplingConfig,
  VolumeUpSamplingConfig,
  ZeroPaddingConfig,
} from '../../../core/layers/resizing';
import { splitSpatial } from '../../../core/layers/spatial';
import { t } from '../../../l10n/translate';
import type { AttributeValue, LayerCall } from './draft';
import { overSpace } from './space';

/** Layers that look at, cut or enlarge space: signals, images and volumes alike. */

/** The end of a slice that cuts nothing off. */
const TO_THE_END = Number.MAX_SAFE_INTEGER;

/** Padding takes part in no averages, as in Keras. */
export const pool =
  (op: 'MaxPool' | 'AveragePool') =>
  (call: LayerCall<PoolingConfig>): string =>
    overSpace(call, (x) =>
      call.node(op, [x], {
        kernel_shape: call.config.pool_size,
        strides: call.config.strides,
        auto_pad: call.config.padding === 'same' ? 'SAME_UPPER' : 'VALID',
      }),
    );

/** ONNX pools by windows of one size, which is what comes where the sizes divide: 7 of 7, as VGG has it, or 7 of 14. */
export const adaptivePool =
  (op: 'MaxPool' | 'AveragePool') =>
  (call: LayerCall<AdaptivePoolingConfig>): string => {
    const { output_size: pooled, data_format: format } = call.config;
    const { space } = splitSpatial(call.input.shape, pooled.length, format);
    const windows = space.map((size, axis) => (size ?? 0) / (pooled[axis] ?? 1));
    if (!windows.every((size) => size > 0 && Number.isInteger(size))) {
      const sizes = space.map((size) => size ?? 'None').join('×');
      throw call.refused(
        t(
          '{0} pooled to {1} has windows of several sizes; give the model an input that divides',
          sizes,
          pooled.join('×'),
        ),
      );
    }
    return overSpace(call, (x) => call.node(op, [x], { kernel_shape: windows, strides: windows }));
  };

export const globalPool =
  (op: 'GlobalMaxPool' | 'GlobalAveragePool') =>
  (call: LayerCall<GlobalPoolingConfig>): string =>
    overSpace(call, (x) => {
      const y = call.node(op, [x]);
      return call.config.keepdims ? y : call.node('Flatten', [y], { axis: 1 }, 'flatten');
    });

type Sides = readonly (readonly [number, number])[];

function pad(call: LayerCall, sides: Sides): string {
  const before = sides.map(([begin]) => begin);
  const after = sides.map(([, end]) => end);
  const pads = call.ints('pads', [0, 0, ...before, 0, 0, ...after]);
  return overSpace(call, (x) => call.node('Pad', [x, pads], { mode: 'constant' }));
}

export const zeroPadding1d = (call: LayerCall<StepPaddingConfig>): string => pad(call, [call.config.padding]);
export const zeroPadding = (call: LayerCall<ZeroPaddingConfig>): string => pad(call, call.config.padding);

function crop(call: LayerCall, sides: Sides): string {
  const ends = sides.map(([, cut]) => (cut === 0 ? TO_THE_END : -cut));
  const axes = sides.map((_, axis) => axis + 2);
  const begins = sides.map(([begin]) => begin);
  const inputs = [call.ints('starts', begins), call.ints('ends', ends), call.ints('axes', axes)];
  return overSpace(call, (x) => call.node('Slice', [x, ...inputs]));
}

export const cropping1d = (call: LayerCall<StepCroppingConfig>): string => crop(call, [call.config.cropping]);
export const cropping = (call: LayerCall<CroppingConfig>): string => crop(call, call.config.cropping);

/** Each number over again. */
const REPEATED = { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };

function enlarge(call: LayerCall, size: readonly number[], attributes: Readonly<Record<string, string>>) {
  const scales = call.floats('scales', [size.length + 2], [1, 1, ...size]);
  return overSpace(call, (x) => call.node('Resize', [x, '', scales], attributes));
}

export const upSampling1d = (call: LayerCall<StepUpSamplingConfig>): string =>
  enlarge(call, [call.config.size], REPEATED);
export const upSampling3d = (call: LayerCall<VolumeUpSamplingConfig>): string =>
  enlarge(call, call.config.size, REPEATED);

export function upSampling2d(call: LayerCall<UpSamplingConfig>): string {
  const { size, interpolation } = call.config;
  return enlarge(call, size, interpolation === 'nearest' ? REPEATED : interpolate(call, interpolation));
}

/** Pixels have their centres at halves, as in TensorFlow. */
function interpolate(call: LayerCall, interpolation: string): Readonly<Record<string, string>> {
  if (interpolation === 'bilinear') return { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  throw call.refused(t('nothing there interpolates by {0} as Keras does', interpolation));
}

export function resizing(call: LayerCall<ResizingConfig>): string {
  const { config } = call;
  if (config.crop_to_aspect_ratio || config.pad_to_aspect_ratio || config.antialias)
    throw call.refused(t('it keeps the shape of the image, or smooths it'));
  const attributes: Readonly<Record<string, AttributeValue>> =
    config.interpolation === 'nearest'
      ? {
          mode: 'nearest',
          coordinate_transformation_mode: 'half_pixel',
          nearest_mode: 'round_prefer_ceil',
        }
      : interpolate(call, config.interpolation);
  return overSpace(call, (x) => {
    const shape = call.node('Shape', [x], { end: 2 }, 'batch');
    const size = call.ints('size', [config.height, config.width]);
    const sizes = call.node('Concat', [shape, size], { axis: 0 }, 'sizes');
    return call.node('Resize', [x, '', '', sizes], attributes);
  });
}
