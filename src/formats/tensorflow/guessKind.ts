import type { WeightRef } from '../../core/graph/layerGraph';

/** The kind that weights of these names and shapes can only belong to; `Weights` where they could be of several. */
export function guessKind(weights: readonly Pick<WeightRef, 'name' | 'shape'>[]): string {
  const shapes = new Map(weights.map(({ name, shape }) => [name, shape]));
  const has = (...names: readonly string[]) =>
    names.length === weights.length && names.every((name) => shapes.has(name));
  const statistics = ['moving_mean', 'moving_variance'];
  const isBatchNormalization =
    has('gamma', 'beta', ...statistics) || has('beta', ...statistics) || has('gamma', ...statistics);
  if (isBatchNormalization) {
    const sizes = new Set(weights.map(({ shape }) => shape.join()));
    return sizes.size === 1 && weights[0]?.shape.length === 1 ? 'BatchNormalization' : 'Weights';
  }
  if (!has('kernel', 'bias')) return 'Weights';
  const kernel = shapes.get('kernel') ?? [];
  const [size, ...more] = shapes.get('bias') ?? [];
  if (more.length > 0 || kernel.at(-1) !== size) return 'Weights';
  if (kernel.length === 2) return 'Dense';
  // A transposed convolution keeps its filters before its channels, which equal sizes would hide.
  return kernel.length === 4 && kernel[2] !== size ? 'Conv2D' : 'Weights';
}
