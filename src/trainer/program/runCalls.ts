import * as tf from '@tensorflow/tfjs-core';
import type { CallContext } from '../layers/forward';
import type { ProgramCall } from './program';

/** The tensors of a run by key; the run owns them. */
export type Tensors = Map<string, tf.Tensor>;

/**
 * Runs calls one after another, and frees each tensor as soon as nothing further reads it.
 *
 * @param tensors what the calls read; used up, and afterwards what they left: the tensors in `wanted`
 * @param wanted keys that are read after this run
 */
export function runCalls(
  calls: readonly ProgramCall[],
  tensors: Tensors,
  wanted: ReadonlySet<string>,
  contextOf: (call: ProgramCall) => CallContext,
): void {
  const readers = new Map<string, number>();
  for (const { inputs } of calls) {
    for (const key of inputs) readers.set(key, (readers.get(key) ?? 0) + 1);
  }
  for (const call of calls) {
    const inputs = call.inputs.map((key) => tensorAt(tensors, key));
    const output = tf.tidy(() => {
      const result = call.entry.forward(call.config, inputs, contextOf(call));
      // A call that passes its input through must not share its fate.
      return inputs.includes(result) ? tf.clone(result) : result;
    });
    tensors.set(call.output, output);
    for (const key of call.inputs) {
      const left = (readers.get(key) ?? 0) - 1;
      readers.set(key, left);
      if (left > 0 || wanted.has(key)) continue;
      tensors.get(key)?.dispose();
      tensors.delete(key);
    }
  }
}

export function tensorAt(tensors: Tensors, key: string): tf.Tensor {
  const tensor = tensors.get(key);
  if (!tensor) throw new Error(`tensor ${JSON.stringify(key)} is read before it is computed`);
  return tensor;
}
