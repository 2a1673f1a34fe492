import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../core/failure';
import type { CallContext } from '../layers/forward';
import { keysReadBy, type ProgramCall } from './program';
import { t } from '../../l10n/translate';

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
  for (const call of calls) {
    for (const key of keysReadBy(call)) readers.set(key, (readers.get(key) ?? 0) + 1);
  }
  for (const call of calls) {
    const inputs = call.inputs.map((key) => tensorAt(tensors, key));
    const masks = call.masks?.map((key) => (key === undefined ? undefined : tensorAt(tensors, key)));
    const made = tf.tidy(() => {
      const context = contextOf(call);
      const results = compute(call, inputs, masks ? { ...context, masks } : context);
      const outputs = call.outputs.map((key, index) => {
        const result = results[index];
        if (!result) throw new Error(`layer "${call.layer.name}" has no output ${key}`);
        // A call that passes its input through, or gives out a tensor twice, must not let them share their fate.
        return inputs.includes(result) || results.indexOf(result) < index ? tf.clone(result) : result;
      });
      return call.mask ? [...outputs, call.mask.make(call.config, inputs, masks ?? [])] : outputs;
    });
    call.outputs.forEach((key, index) => tensors.set(key, made[index]));
    if (call.mask) tensors.set(call.mask.key, made[call.outputs.length]);
    for (const key of keysReadBy(call)) {
      const left = (readers.get(key) ?? 0) - 1;
      readers.set(key, left);
      if (left > 0 || wanted.has(key)) continue;
      tensors.get(key)?.dispose();
      tensors.delete(key);
    }
  }
}

/** @throws Failure that names the layer */
function compute(
  { layer, entry, config }: ProgramCall,
  inputs: readonly tf.Tensor[],
  context: CallContext,
): readonly tf.Tensor[] {
  try {
    return [entry.forward(config, inputs, context)].flat();
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.layer !== undefined) throw cause;
    throw new Failure(
      cause.kind,
      cause.code,
      t('layer "{0}" ({1}): {2}', layer.name, layer.kind, cause.message),
      {
        layer: layer.name,
      },
    );
  }
}

export function tensorAt(tensors: Tensors, key: string): tf.Tensor {
  const tensor = tensors.get(key);
  if (!tensor) throw new Error(`tensor ${JSON.stringify(key)} is read before it is computed`);
  return tensor;
}
