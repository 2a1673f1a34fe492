import * as tf from '@tensorflow/tfjs-core';
import { CHANNEL_SUMS } from '../channelSums';
import type { FusedKernels } from '../fusedKernels';
import { attrsOf, type TensorflowBackend } from './operation';

type Inputs = Readonly<Record<string, tf.Tensor>>;
type Compute = (backend: TensorflowBackend, inputs: Inputs, attrs: { readonly epsilon: number }) => unknown;

/** TensorFlow's own operations for what takes a dozen of elementwise ones otherwise. */
const kernels: Readonly<Record<keyof FusedKernels | typeof CHANNEL_SUMS, Compute>> = {
  StandardizeBatch: (backend, { x, scale, offset }, { epsilon }) => {
    const none = emptyVector();
    const [y, mean, variance, ...saved] = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      normalization(backend, epsilon, true),
      [x, scale, offset, none, none],
      OUTPUTS,
    );
    none.dispose();
    // The operation gives the unbiased one.
    const count = x.size / mean.size;
    const biased = tf.mul(variance, Math.max(count - 1, 1) / count);
    variance.dispose();
    return [y, mean, biased, ...saved];
  },
  StandardizeBatchGradient: (backend, { dy, x, scale, ...saved }, { epsilon }) =>
    normalizationGradient(backend, [dy, x, scale, ...Object.values(saved)], epsilon, true),
  Standardize: (backend, { x, scale, offset, mean, variance }, { epsilon }) => {
    const attrs = normalization(backend, epsilon, false);
    const [y, ...rest] = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      attrs,
      [x, scale, offset, mean, variance],
      OUTPUTS,
    );
    tf.dispose(rest);
    return y;
  },
  StandardizeGradient: (backend, { dy, x, scale, mean, variance }, { epsilon }) =>
    // The third of what a forward operation saves is for graphics cards, in training.
    normalizationGradient(backend, [dy, x, scale, mean, variance, variance], epsilon, false),
  ReluGradient: (backend, { dy, y }) =>
    backend.executeSingleOutput('ReluGrad', attrsOf(backend, { T: 'float32' }), [dy, y]),
  Relu6Gradient: (backend, { dy, y }) =>
    backend.executeSingleOutput('Relu6Grad', attrsOf(backend, { T: 'float32' }), [dy, y]),
  [CHANNEL_SUMS]: (backend, { x }) => {
    const rows = tf.reshape(x, [-1, x.shape.at(-1) ?? 1]);
    const sums = backend.executeSingleOutput(
      'BiasAddGrad',
      attrsOf(backend, { T: 'float32', data_format: { text: 'NHWC' } }),
      [rows],
    );
    rows.dispose();
    return sums;
  },
};

/** y, mean, variance and three tensors for the gradient. */
const OUTPUTS = 6;

/** Those of x, scale and offset, and two that are of no use. */
const GRADIENT_OUTPUTS = 5;

function normalization(backend: TensorflowBackend, epsilon: number, isTraining: boolean) {
  return attrsOf(backend, {
    T: 'float32',
    U: 'float32',
    epsilon,
    exponential_avg_factor: 1,
    data_format: { text: 'NHWC' },
    is_training: isTraining,
  });
}

function normalizationGradient(
  backend: TensorflowBackend,
  inputs: readonly tf.Tensor[],
  epsilon: number,
  isTraining: boolean,
): tf.Tensor[] {
  const attrs = attrsOf(backend, {
    T: 'float32',
    U: 'float32',
    epsilon,
    data_format: { text: 'NHWC' },
    is_training: isTraining,
  });
  const outputs = backend.executeMultipleOutputs('FusedBatchNormGradV3', attrs, inputs, GRADIENT_OUTPUTS);
  tf.dispose(outputs.slice(3));
  return outputs.slice(0, 3);
}

const emptyVector = () => tf.tensor1d([], 'float32');

/** Registers the kernels, once a process. */
export function registerFusedKernels(): void {
  for (const [kernelName, compute] of Object.entries(kernels)) {
    if (tf.getKernel(kernelName, 'tensorflow')) continue;
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) =>
      compute(
        backend as unknown as TensorflowBackend,
        inputs as unknown as Inputs,
        attrs as unknown as { readonly epsilon: number },
      ) as tf.TensorInfo;
    tf.registerKernel({ kernelName, backendName: 'tensorflow', kernelFunc });
  }
}
