import type { Layer, LayerConfig, LayerGraph, Shape } from '../../../core/graph/layerGraph';
import { kindNamed } from '../../../core/layers/catalogue';
import { normalizeConfig } from '../../../core/layers/config';

/** What an engine computes to show that it works: a convolution net with batch normalisation, in small. */

export const INPUT: Shape = [4, 8, 8, 2];
export const LABELS = Int32Array.of(0, 1, 2, 1);

interface Link {
  readonly kind: string;
  readonly config?: LayerConfig;
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

const normalization = { gamma: [4], beta: [4], moving_mean: [4], moving_variance: [4] };

const LINKS: Readonly<Record<string, Link>> = {
  input: { kind: 'InputLayer', config: { batch_shape: [null, ...INPUT.slice(1)], dtype: 'float32' } },
  conv: {
    kind: 'Conv2D',
    config: { filters: 4, kernel_size: 3, padding: 'same' },
    weights: { kernel: [3, 3, 2, 4], bias: [4] },
  },
  norm: { kind: 'BatchNormalization', weights: normalization },
  relu: { kind: 'ReLU' },
  pool: { kind: 'MaxPooling2D' },
  depthwise: {
    kind: 'DepthwiseConv2D',
    config: { kernel_size: 3, padding: 'same' },
    weights: { kernel: [3, 3, 4, 1], bias: [4] },
  },
  average: { kind: 'GlobalAveragePooling2D' },
  scores: {
    kind: 'Dense',
    config: { units: 3, activation: 'softmax' },
    weights: { kernel: [4, 3], bias: [3] },
  },
};

export function probeNet(): LayerGraph {
  const layers = Object.entries(LINKS).map(([name, { kind, config, weights = {} }], index, links): Layer => {
    const before = links[index - 1];
    const known = kindNamed(kind);
    return {
      id: name,
      name,
      kind,
      config: known ? normalizeConfig(known, config, name) : (config ?? {}),
      calls: [{ inputs: before ? [{ layer: before[0], call: 0, output: 0 }] : [] }],
      weights: Object.entries(weights).map(([weight, shape]) => ({
        name: weight,
        shape,
        dtype: 'float32',
        role: weight.startsWith('moving_') ? 'statistic' : 'parameter',
        source: { from: 'initializer', initializer: { kind: 'Zeros', config: {} }, seed: 0 },
      })),
      trainable: true,
      group: [],
    };
  });
  const ends = (name: string) => [{ layer: name, call: 0, output: 0 }];
  return { name: 'probe', layers, inputs: ends('input'), outputs: ends('scores') };
}

/** Numbers that are the same everywhere and follow no line: weights around a mean, pixels around nought. */
export function waves(shape: Shape, phase: number, mean = 0): Float32Array {
  const size = shape.reduce<number>((product, length) => product * (length ?? 1), 1);
  return Float32Array.from({ length: size }, (_, index) => mean + Math.sin(phase + index * 1.7) / 2);
}
