import type * as tf from '@tensorflow/tfjs-core';

type AttrTypes = Record<
  | 'TF_ATTR_STRING'
  | 'TF_ATTR_INT'
  | 'TF_ATTR_FLOAT'
  | 'TF_ATTR_BOOL'
  | 'TF_ATTR_TYPE'
  | 'TF_ATTR_SHAPE'
  | 'TF_FLOAT',
  number
>;

/** What is told of a tensor that the addon made. */
interface Metadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

interface Binding extends Readonly<AttrTypes> {
  readonly TF_Version: string;
  /** @returns a number for the session */
  loadSavedModel(folder: string, tags: string): number;
  /** @param inputNames as in `a:0,b:0` */
  runSavedModel(
    session: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly Metadata[];
  deleteSavedModel(session: number): void;
}

/** What of the addon's backend is used here; TensorFlow.js keeps it to itself. */
export interface TensorflowBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: Binding;
  executeSingleOutput(name: string, attrs: readonly Attr[], inputs: readonly tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly Attr[],
    inputs: readonly tf.TensorInfo[],
    count: number,
  ): tf.Tensor[];
  getInputTensorIds(inputs: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: Metadata): tf.Tensor;
  readSync(dataId: tf.DataId): ArrayBufferView;
}

/** An attribute of an operation, as the addon takes it. */
export interface Attr {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** Attributes in the addon's words. */
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
