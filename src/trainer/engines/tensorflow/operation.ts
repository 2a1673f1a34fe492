import type * as tf from '@tensorflow/tfjs-core';

/** What of the addon's backend is used here; TensorFlow.js keeps it to itself. */
export interface TensorflowBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>
  > & { readonly TF_Version: string };
  executeSingleOutput(name: string, attrs: readonly Attr[], inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly Attr[],
    inputs: readonly tf.Tensor[],
    count: number,
  ): tf.Tensor[];
}

/** An attribute of an operation, as the addon takes it. */
interface Attr {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** Attributes in the addon's words. Every one has to be there: it knows no defaults of lists and types. */
export function attrsOf(
  { binding }: TensorflowBackend,
  values: Readonly<Record<string, 'float32' | { readonly text: string } | number | boolean>>,
): readonly Attr[] {
  return Object.entries(values).map(([name, value]) => {
    if (value === 'float32') return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    if (typeof value === 'number') return { name, type: binding.TF_ATTR_FLOAT, value };
    if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
    return { name, type: binding.TF_ATTR_STRING, value: value.text };
  });
}
