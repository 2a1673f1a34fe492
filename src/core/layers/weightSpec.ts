import { sizeOf } from '../graph/layerGraph';
import type { Initializer, Shape } from '../graph/layerGraph';
import type { WeightSpec } from './kind';

/** A weight that gradients move. */
export function parameter(name: string, shape: readonly number[], initializer: Initializer): WeightSpec {
  return { name, shape, role: 'parameter', initializer };
}

/** A weight that gradients never move: a moving mean, a count. */
export function statistic(name: string, shape: readonly number[], initializer: Initializer): WeightSpec {
  return { name, shape, role: 'statistic', initializer };
}

/** The numbers in one sample of a tensor. */
export function sampleSize(shape: Shape): number {
  return sizeOf(shape.slice(1));
}
