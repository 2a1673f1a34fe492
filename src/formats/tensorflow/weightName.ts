/** What other libraries and Keras's own layers before 3 called the weights that Keras 3 has these names for. */
const RENAMED: Readonly<Record<string, string>> = {
  _kernel: 'kernel',
  weights: 'kernel',
  biases: 'bias',
  _bias: 'bias',
  depthwise_weights: 'kernel',
  depthwise_kernel: 'kernel',
  pointwise_weights: 'pointwise_kernel',
};

/** `kernel` for `weights:0`: the name that Keras 3 gives a weight inside its layer. */
export function weightNameOf(written: string): string {
  const plain = written.replace(/:\d+$/, '');
  return RENAMED[plain] ?? plain;
}

/** A statistic is never moved by a gradient. */
export function roleOf(name: string): 'parameter' | 'statistic' {
  return /^moving_|^(mean|variance|count)$/.test(name) ? 'statistic' : 'parameter';
}
