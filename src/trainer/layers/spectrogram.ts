import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/spectrogram';
import { computes } from './forward';
import { t } from '../../l10n/translate';

/** What Keras calls `backend.epsilon()`. */
const EPSILON = 1e-7;

const stft = computes(catalogue.stftSpectrogram, (config, [x], { weight }) => {
  const isLast = config.data_format === 'channels_last';
  const sound = isLast ? tf.transpose(x, [0, 2, 1]) : x;
  const [batch, channels, samples] = sound.shape;
  const signal = tf.reshape(sound, [batch * channels, 1, samples, 1]) as tf.Tensor4D;
  /** `[N, C, frequencies, T]`. */
  const part = (name: string) => {
    const kernel = tf.expandDims(weight(name), 0) as tf.Tensor4D;
    const y = tf.conv2d(signal, kernel, [1, catalogue.stepOf(config)], config.padding);
    const [, , steps, frequencies] = y.shape;
    return tf.transpose(tf.reshape(y, [batch, channels, steps, frequencies]), [0, 1, 3, 2]);
  };
  const y = ofParts(
    config.mode,
    () => part('real_kernel'),
    () => part('imag_kernel'),
  );
  const [, , frequencies, steps] = y.shape;
  if (config.expand_dims) return tf.transpose(y, isLast ? [0, 3, 2, 1] : [0, 1, 3, 2]);
  const flat = tf.reshape(y, [batch, channels * frequencies, steps]);
  return isLast ? tf.transpose(flat, [0, 2, 1]) : flat;
});

/** Source: keras.layers.STFTSpectrogram.call. */
function ofParts(
  mode: catalogue.StftSpectrogramConfig['mode'],
  real: () => tf.Tensor,
  imaginary: () => tf.Tensor,
): tf.Tensor {
  if (mode === 'real') return real();
  if (mode === 'imag') return imaginary();
  const [re, im] = [real(), imaginary()];
  if (mode === 'angle') return tf.atan2(im, re);
  if (mode === 'stft') return tf.concat([re, im], 2);
  const power = tf.add(tf.square(re), tf.square(im));
  if (mode === 'psd') {
    // All but the first and the last stand for two frequencies.
    const last = (power.shape[2] ?? 1) - 1;
    const times = Float32Array.from({ length: last + 1 }, (_, index) =>
      index === 0 || index === last ? 1 : 2,
    );
    return tf.mul(power, tf.tensor3d(times, [1, last + 1, 1]));
  }
  const magnitude = tf.sqrt(tf.maximum(power, EPSILON));
  return mode === 'magnitude' ? magnitude : tf.log(tf.maximum(magnitude, EPSILON));
}

/** Source: keras.layers.MelSpectrogram.call, keras.ops.stft. */
const mel = computes(
  catalogue.melSpectrogram,
  (config, [x]) => {
    const half = Math.floor(config.fft_length / 2);
    const signal = tf.reshape(mirrorEnds(x as tf.Tensor2D, half), [x.shape[0], 1, -1, 1]) as tf.Tensor4D;
    const waves = tf.conv2d(signal, fourier(config), [1, config.sequence_stride], 'valid');
    const [re, im] = tf.split(tf.squeeze(waves, [1]), 2, 2);
    const power = tf.add(tf.square(re), tf.square(im));
    const spectrum = config.mag_exp === 2 ? power : tf.pow(tf.sqrt(power), config.mag_exp);
    const [batch, steps, frequencies] = spectrum.shape;
    const flat = tf.matMul(tf.reshape(spectrum, [batch * steps, frequencies]), melScale(config, frequencies));
    const heard = tf.reshape(flat, [batch, steps, config.num_mel_bins]);
    return tf.transpose(config.power_to_db ? toDecibels(heard, config) : heard, [0, 2, 1]);
  },
  ({ window, sequence_length: length, fft_length: whole }) => {
    if (typeof window === 'string' && window !== 'hann' && window !== 'hamming') {
      return t('the window {0}, expected hann, hamming or its numbers', window);
    }
    return Array.isArray(window) && window.length !== (length ?? whole)
      ? t('a window of {0} numbers, expected {1}', window.length, length ?? whole)
      : undefined;
  },
);

/** The ends mirrored outwards without themselves: no engine has a gradient of its own padding. */
function mirrorEnds(x: tf.Tensor2D, count: number): tf.Tensor2D {
  const samples = x.shape[1];
  const before = tf.reverse(tf.slice2d(x, [0, 1], [-1, count]), 1);
  const after = tf.reverse(tf.slice2d(x, [0, samples - 1 - count], [-1, count]), 1);
  return tf.concat([before, x, after], 1) as tf.Tensor2D;
}

/** Waves under the window, real parts and then imaginary ones: `[1, fft_length, 1, 2 · (fft_length / 2 + 1)]`. */
function fourier(config: catalogue.MelSpectrogramConfig): tf.Tensor4D {
  const size = config.fft_length;
  const frequencies = Math.floor(size / 2) + 1;
  const window = windowOf(config);
  const kernel = new Float32Array(size * 2 * frequencies);
  // The product of time and frequency comes round again after one whole.
  const turns = Array.from({ length: size }, (_, at) => (-2 * Math.PI * at) / size);
  const [cosines, sines] = [turns.map(Math.cos), turns.map(Math.sin)];
  for (let time = 0; time < size; time++) {
    for (let frequency = 0; frequency < frequencies; frequency++) {
      const at = time * 2 * frequencies + frequency;
      const turn = (time * frequency) % size;
      kernel[at] = window[time] * cosines[turn];
      kernel[at + frequencies] = window[time] * sines[turn];
    }
  }
  return tf.tensor4d(kernel, [1, size, 1, 2 * frequencies]);
}

/** In the middle of as many numbers as the transform takes. */
function windowOf(config: catalogue.MelSpectrogramConfig): readonly number[] {
  const size = config.fft_length;
  const length = config.sequence_length ?? size;
  const { window } = config;
  const [mean, swing] = window === 'hamming' ? [0.54, 0.46] : [0.5, 0.5];
  const begin = Math.floor((size - length) / 2);
  return Array.from({ length: size }, (_, place) => {
    const at = place - begin;
    // Without a window nothing is cut off either.
    if (window === null) return 1;
    if (at < 0 || at >= length) return 0;
    return typeof window === 'string' ? mean - swing * Math.cos((2 * Math.PI * at) / length) : window[at];
  });
}

/** Triangles over frequencies, each as wide as it is heard. Source: keras.layers.MelSpectrogram.linear_to_mel_weight_matrix. */
function melScale(config: catalogue.MelSpectrogramConfig, frequencies: number): tf.Tensor2D {
  const { num_mel_bins: bins, sampling_rate: rate, min_freq: least } = config;
  const most = config.max_freq ?? Math.trunc(rate / 2);
  const toMel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const [low, high] = [toMel(least), toMel(most)];
  const edge = (index: number) => low + ((high - low) * index) / (bins + 1);
  const matrix = new Float32Array(frequencies * bins);
  for (let frequency = 1; frequency < frequencies; frequency++) {
    const place = toMel(((rate / 2) * frequency) / (frequencies - 1));
    for (let bin = 0; bin < bins; bin++) {
      const [left, middle, right] = [edge(bin), edge(bin + 1), edge(bin + 2)];
      const height = Math.min((place - left) / (middle - left), (right - place) / (right - middle));
      matrix[frequency * bins + bin] = Math.max(0, height);
    }
  }
  return tf.tensor2d(matrix, [frequencies, bins]);
}

/** Below the loudest of the whole batch by no more than `top_db`. */
function toDecibels(x: tf.Tensor, config: catalogue.MelSpectrogramConfig): tf.Tensor {
  const reference = 10 * Math.log10(Math.max(Math.abs(config.ref_power), config.min_power));
  const decibels = tf.sub(tf.mul(tf.log(tf.maximum(x, config.min_power)), 10 / Math.LN10), reference);
  return tf.maximum(decibels, tf.sub(tf.max(decibels), config.top_db));
}

export const spectrograms = [stft, mel] as const;
