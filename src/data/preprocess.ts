import { Failure } from '../core/failure';
import type { Preprocess } from '../core/plan/plan';
import { tn } from '../l10n/translate';

/** Pixels as numbers: `(pixel * scale - mean) / std` by channel, the channels in order or turned around. */
interface Formula {
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly channels: 'rgb' | 'bgr';
}

/**
 * The named modes, with the numbers of `keras.applications.imagenet_utils.preprocess_input`. `caffe` subtracts the
 * ImageNet mean in the order blue, green, red and does not scale.
 */
const FORMULAS: Readonly<Record<Extract<Preprocess, string>, Formula>> = {
  none: { scale: 1, mean: [0], std: [1], channels: 'rgb' },
  unit: { scale: 1 / 255, mean: [0], std: [1], channels: 'rgb' },
  tf: { scale: 1 / 127.5, mean: [1], std: [1], channels: 'rgb' },
  caffe: { scale: 1, mean: [103.939, 116.779, 123.68], std: [1], channels: 'bgr' },
  torch: { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], channels: 'rgb' },
};

/** Writes pixels (interleaved, RGB or grey) as the model is to see them, from `offset` on. */
export type PixelWriter = (pixels: Uint8Array, into: Float32Array, offset: number) => void;

/**
 * A table of 256 numbers a channel does the arithmetic once, in double precision.
 * @throws Failure of kind `input` when the mode is for more channels than there are
 */
export function pixelWriter(preprocess: Preprocess, channels: number): PixelWriter {
  const formula = typeof preprocess === 'string' ? FORMULAS[preprocess] : preprocess;
  for (const [name, values] of Object.entries({ mean: formula.mean, std: formula.std })) {
    if (values.length === 1 || values.length === channels) continue;
    throw new Failure(
      'input',
      'PREPROCESS_CHANNELS',
      tn(
        channels,
        'preprocess {0}has {1} numbers in {2}, the model\'s input has {3} channel; choose "none", "unit" or "tf", or give {3}',
        'preprocess {0}has {1} numbers in {2}, the model\'s input has {3} channels; choose "none", "unit" or "tf", or give {3}',
        typeof preprocess === 'string' ? `"${preprocess}" ` : '',
        values.length,
        name,
        channels,
      ),
    );
  }
  const tables = Array.from({ length: channels }, (_, channel) => tableOf(formula, channel));
  const source = Array.from({ length: channels }, (_, channel) =>
    formula.channels === 'bgr' ? channels - 1 - channel : channel,
  );
  return (pixels, into, offset) => {
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel] ?? new Float32Array(256);
      for (let from = source[channel] ?? 0, to = offset + channel; from < pixels.length; from += channels) {
        into[to] = table[pixels[from] ?? 0] ?? 0;
        to += channels;
      }
    }
  };
}

function tableOf({ scale, mean, std }: Formula, channel: number): Float32Array {
  const center = mean[channel] ?? mean[0] ?? 0;
  const width = std[channel] ?? std[0] ?? 1;
  return Float32Array.from({ length: 256 }, (_, pixel) => (pixel * scale - center) / width);
}
