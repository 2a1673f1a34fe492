import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernels of our own that an engine may have where it computes in one go what else takes many: each is asked for by
 * name, and done without where the engine has none. None has a gradient.
 */
export interface FusedKernels {
  /** `y [N, H, W, C]` of `x`, the mean and the biased variance of the batch, `[C]`, and whatever the gradient wants. */
  StandardizeBatch(inputs: Named<'x' | 'scale' | 'offset'>, attrs: { readonly epsilon: number }): tf.Tensor[];
  /** The gradients of `x`, `scale` and `offset`. `0`, `1` … are what the forward kernel gave for it. */
  StandardizeBatchGradient(
    inputs: Named<'dy' | 'x' | 'scale'> & Readonly<Record<`${number}`, tf.Tensor>>,
    attrs: { readonly epsilon: number },
  ): tf.Tensor[];
  /** `(x - mean) / sqrt(variance + epsilon) * scale + offset`, `[N, H, W, C]`. */
  Standardize(
    inputs: Named<'x' | 'scale' | 'offset' | 'mean' | 'variance'>,
    attrs: { readonly epsilon: number },
  ): tf.Tensor;
  /** Its gradients of `x`, `scale` and `offset`. */
  StandardizeGradient(
    inputs: Named<'dy' | 'x' | 'scale' | 'mean' | 'variance'>,
    attrs: { readonly epsilon: number },
  ): tf.Tensor[];
  /** `dy` where `0 < y`. */
  ReluGradient(inputs: Named<'dy' | 'y'>): tf.Tensor;
  /** `dy` where `0 < y < 6`. */
  Relu6Gradient(inputs: Named<'dy' | 'y'>): tf.Tensor;
}

type Named<Names extends string> = Readonly<Record<Names, tf.Tensor>>;

/** The current engine's kernel of that name; nothing where it has none. */
export function fusedKernel<Name extends keyof FusedKernels>(name: Name): FusedKernels[Name] | undefined {
  if (!tf.getKernel(name, tf.getBackend())) return undefined;
  const run = (inputs: tf.NamedTensorMap, attrs?: tf.NamedAttrMap): tf.Tensor | tf.Tensor[] =>
    tf.engine().runKernel(name, inputs, attrs);
  return run as unknown as FusedKernels[Name];
}
