import { configSchema, type ConfigOf } from './config';
import { count, dataFormat, field, flag, nullable, number, word } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { joinSpatial, knownChannels, positions, slide, splitSpatial } from './spatial';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

/** Sounds as pictures of their frequencies over time. */

/** A window by its name or its numbers; none where null. */
const window = () =>
  field<string | readonly number[]>(t('the name of a window or its numbers'), (raw) =>
    typeof raw === 'string' || (Array.isArray(raw) && raw.every((one) => typeof one === 'number'))
      ? raw
      : undefined,
  );

const stftSchema = configSchema(
  {
    mode: word('log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft').default('log'),
    frame_length: count().default(256),
    frame_step: nullable(count()),
    fft_length: nullable(count()),
    window: nullable(window()),
    periodic: flag().default(false),
    scaling: nullable(word('density', 'spectrum')),
    padding: word('valid', 'same').default('valid'),
    expand_dims: flag().default(false),
    data_format: dataFormat(),
  },
  {
    nullMeans: ['window', 'scaling'],
    prepare: (raw) => ({ window: 'hann', scaling: 'density', ...raw }),
    check({ frame_length: frame, frame_step: step, fft_length: length }): Record<string, string> {
      if (step !== null && Number(step) > Number(frame)) {
        return { frame_step: t('expected at most the frame_length of {0}', String(frame)) };
      }
      return length !== null && Number(length) < Number(frame)
        ? { fft_length: t('expected at least the frame_length of {0}', String(frame)) }
        : {};
    },
  },
);
const melSchema = configSchema(
  {
    fft_length: count(2).default(2048),
    sequence_stride: count().default(512),
    sequence_length: nullable(count()),
    window: nullable(window()),
    sampling_rate: number(0).default(16000),
    num_mel_bins: count().default(128),
    min_freq: number(0).default(20),
    max_freq: nullable(number(0)),
    power_to_db: flag().default(true),
    top_db: number().default(80),
    mag_exp: number().default(2),
    min_power: number(0).default(1e-10),
    ref_power: number().default(1),
  },
  {
    nullMeans: ['window'],
    // Keras writes what it takes for what is left out.
    prepare({ sequence_length: length, max_freq: most, ...raw }) {
      const highest = typeof raw.sampling_rate === 'number' ? Math.trunc(raw.sampling_rate / 2) : 8000;
      return {
        window: 'hann',
        ...raw,
        ...(length !== (raw.fft_length ?? 2048) && { sequence_length: length }),
        ...(most !== highest && { max_freq: most }),
      };
    },
    check: ({ fft_length: length, sequence_length: sequence }): Record<string, string> =>
      sequence !== null && Number(sequence) > Number(length)
        ? { sequence_length: t('expected at most the fft_length of {0}', String(length)) }
        : {},
  },
);

export type StftSpectrogramConfig = ConfigOf<typeof stftSchema>;
export type MelSpectrogramConfig = ConfigOf<typeof melSchema>;

/** What Keras fills in for what is null. */
export const stepOf = ({ frame_step: step, frame_length: frame }: StftSpectrogramConfig): number =>
  step ?? Math.max(1, Math.floor(frame / 2));

/** How many frequencies there are: half of the transform, and the middle. */
export function frequenciesOf({ fft_length: length, frame_length: frame }: StftSpectrogramConfig): number {
  return Math.floor((length ?? 2 ** Math.ceil(Math.log2(frame))) / 2) + 1;
}

/** A convolution with waves, which may be trained. */
export const stftSpectrogram: LayerKind<StftSpectrogramConfig> = {
  name: 'STFTSpectrogram',
  family: 'preprocessing',
  arity: [1, 1],
  schema: stftSchema,
  weights(config) {
    const shape = [config.frame_length, 1, frequenciesOf(config)];
    const { window, periodic, scaling } = config;
    const part = (side: 'real' | 'imag') =>
      parameter(`${side}_kernel`, shape, { kind: 'STFT', config: { side, window, periodic, scaling } });
    if (config.mode === 'real') return [part('real')];
    return config.mode === 'imag' ? [part('imag')] : [part('real'), part('imag')];
  },
  outputs(config, [input]) {
    const signal = splitSpatial(input, 1, config.data_format);
    const channels = knownChannels(input, signal);
    const frequencies = frequenciesOf(config) * (config.mode === 'stft' ? 2 : 1);
    const [steps] = slide(input, signal.space, {
      size: [config.frame_length],
      strides: [stepOf(config)],
      padding: config.padding,
    });
    if (!config.expand_dims) {
      return [
        joinSpatial({ ...signal, space: [steps], channels: frequencies * channels }, config.data_format),
      ];
    }
    return [joinSpatial({ ...signal, space: [steps, frequencies] }, config.data_format)];
  },
  flops(config, _inputs, [output]) {
    const parts = config.mode === 'real' || config.mode === 'imag' ? 1 : 2;
    return (2 * parts * config.frame_length * positions(output.slice(1))) / (config.mode === 'stft' ? 2 : 1);
  },
};

/** On the scale by which people hear. */
export const melSpectrogram: LayerKind<MelSpectrogramConfig> = {
  name: 'MelSpectrogram',
  family: 'preprocessing',
  arity: [1, 1],
  schema: melSchema,
  weights: () => [],
  outputs({ num_mel_bins: bins, sequence_stride: stride }, [input]) {
    if (input.length !== 2) throw new ShapeMismatch(showShape(input), t('(batch, samples)'));
    const [batch, samples] = input;
    return [[batch, bins, samples && Math.floor((samples + stride + 1) / stride)]];
  },
  /** Keras's Fourier transform is a fast one; ours is a product. */
  flops: ({ fft_length: length, num_mel_bins: bins }, _inputs, [output]) =>
    (sampleSize(output) / bins) * (2 * length * (length + 2) + length * bins),
};
