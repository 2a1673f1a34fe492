import { sizeOf } from '../../core/graph/layerGraph';
import { reshape, type Constant } from './constants';
import type { GraphSoFar, LayerPlan, PlanInput } from './draft';
import type { FlatTensor } from './flatGraph';

/**
 * A layer that gives a constant, under another shape of as many numbers.
 * @param samples given, the constant is of one sample and repeated for each of that tensor
 */
export function constantPlan(
  constant: Constant,
  numbers: readonly number[] | undefined,
  shape: readonly number[],
  samples?: FlatTensor,
): LayerPlan | undefined {
  const shared = { kind: 'Constant', inputs: samples ? [samples] : [], as: 'constant' };
  const placed = reshape(constant, shape);
  const shown = numbers && (numbers.length === 1 || !placed?.source) && numbers.length === sizeOf(shape);
  if (shown) return { ...shared, config: { shape, value: numbers } };
  return placed?.source && { ...shared, config: { shape }, weights: { value: placed } };
}

/**
 * Tensors as what is aligned at the last axis takes them: those of fewer axes get axes of one before, as the batch is
 * always the first.
 */
export function aligned(tensors: readonly FlatTensor[], graph: GraphSoFar): readonly PlanInput[] | undefined {
  const shapes = tensors.map((tensor) => graph.shape(tensor));
  const rank = Math.max(...shapes.map((shape) => shape?.length ?? 0));
  const inputs = tensors.map((tensor, index): PlanInput | undefined => {
    const shape = shapes[index];
    if (!shape) return undefined;
    const wanted = [...new Array<number>(rank - shape.length).fill(1), ...shape];
    const constant = graph.constant(tensor);
    if (constant)
      return constantPlan(
        constant,
        graph.numbers(tensor),
        wanted.map((size) => size ?? 1),
      );
    if (shape.length === rank) return tensor;
    if (wanted.filter((size) => size === null).length > 1) return undefined;
    const config = { shape: wanted.map((size) => size ?? -1) };
    return { kind: 'TensorReshape', config, inputs: [tensor], as: 'aligned' };
  });
  return inputs.every((input) => input !== undefined) ? inputs : undefined;
}
