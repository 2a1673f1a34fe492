import type { StepBatch } from '../batchSource';
import type { StepInputs, Tensorlike } from '../executor';

/** The arrays that a step begins with, whichever they are. */
export const tensorsOf = (inputs: StepInputs): readonly Tensorlike[] =>
  'crossing' in inputs ? inputs.tensors : inputs;

export function samplesIn(inputs: StepInputs): number {
  return tensorsOf(inputs)[0]?.shape[0] ?? 0;
}

/** @param samples how many there are */
export function firstOf({ inputs, labels }: StepBatch, count: number, samples: number): StepBatch {
  const cut = (tensors: readonly Tensorlike[]) =>
    tensors.map(({ data, shape: [, ...sample] }) => ({
      data: data.subarray(0, (data.length / samples) * count),
      shape: [count, ...sample],
    }));
  return {
    inputs: 'crossing' in inputs ? { ...inputs, tensors: cut(inputs.tensors) } : cut(inputs),
    labels: labels.subarray(0, (labels.length / samples) * count),
  };
}
