import type { GraphBuilder, Tensor } from './builder';

/** As EfficientNet starts convolutions: a normal with twice the variance of one over a kernel's outputs. */
export const CONV_INITIALIZER = {
  kind: 'VarianceScaling',
  config: { scale: 2, mode: 'fan_out', distribution: 'truncated_normal' },
};

/** As EfficientNet starts its classifier. */
export const DENSE_INITIALIZER = {
  kind: 'VarianceScaling',
  config: { scale: 1 / 3, mode: 'fan_out', distribution: 'uniform' },
};

/**
 * EfficientNet's: what each channel amounts to in the whole image says how much of it goes on.
 * @param reduced channels in between
 * @param prefix of the names, with its underscore
 */
export function squeezeExcite(net: GraphBuilder, input: Tensor, reduced: number, prefix: string): Tensor {
  const channels = input.shape.at(-1)!;
  const config = { padding: 'same', kernel_initializer: CONV_INITIALIZER };
  let x = net.globalAveragePool(input, `${prefix}se_squeeze`);
  x = net.add('Reshape', [x], { target_shape: [1, 1, channels], name: `${prefix}se_reshape` });
  x = net.conv2d(x, reduced, 1, { ...config, activation: 'silu', name: `${prefix}se_reduce` });
  x = net.conv2d(x, channels, 1, { ...config, activation: 'sigmoid', name: `${prefix}se_expand` });
  return net.add('Multiply', [input, x], { name: `${prefix}se_excite` });
}

/** What a block adds to its input; in training whole samples go without it at the given rate. */
export function addSometimes(
  net: GraphBuilder,
  input: Tensor,
  x: Tensor,
  rate: number,
  prefix: string,
): Tensor {
  const kept =
    rate > 0 ? net.add('Dropout', [x], { rate, noise_shape: [null, 1, 1, 1], name: `${prefix}drop` }) : x;
  return net.sum([kept, input], `${prefix}add`);
}

/** `block3b_`. */
export function blockPrefix(stage: number, repeat: number): string {
  return `block${stage + 1}${String.fromCharCode('a'.charCodeAt(0) + repeat)}_`;
}
