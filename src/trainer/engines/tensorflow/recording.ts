import type * as tf from '@tensorflow/tfjs-core';
import type { Attr, TensorflowBackend } from './operation';

/** A tensor that an operation reads: an output of a node. */
export interface Source {
  readonly node: string;
  readonly output: number;
}

export interface Operation {
  readonly name: string;
  readonly kind: string;
  readonly attrs: readonly Attr[];
  readonly inputs: readonly Source[];
}

/** A tensor that no recorded operation made. */
export interface Constant {
  readonly name: string;
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  readonly values: ArrayBufferView;
}

export interface Placeholder {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Operations in the order in which they ran, from placeholders and constants to outputs. */
export interface Recording {
  readonly placeholders: readonly Placeholder[];
  readonly constants: readonly Constant[];
  readonly operations: readonly Operation[];
  readonly outputs: readonly Source[];
}

/**
 * Weights of more bytes stay where they are: in a recording each is written once more, and TensorFlow keeps copies while
 * it reads and rewrites a graph.
 */
const MAX_CONSTANT_BYTES = 256 * 2 ** 20;

/** Would give the same numbers at each replay. */
const RANDOM = /Random|Multinomial/;

type Execute = TensorflowBackend['executeMultipleOutputs'];

/**
 * Runs `compute` and writes down what it has TensorFlow do.
 *
 * @param inputs what may be another tensor at each replay
 * @returns no recording where a replay might differ: something was read back from the engine, is random or too large
 */
export function record<Results>(
  backend: TensorflowBackend,
  inputs: readonly tf.Tensor[],
  compute: () => Results,
  outputsOf: (results: Results) => readonly tf.Tensor[],
): { readonly results: Results; readonly recording?: Recording } {
  const recorder = new Recorder(backend, inputs);
  const results = recorder.during(compute);
  return { results, recording: recorder.finish(outputsOf(results)) };
}

class Recorder {
  private readonly sources = new Map<tf.DataId, Source>();
  private readonly placeholders: Placeholder[];
  private readonly constants: Constant[] = [];
  private readonly operations: Operation[] = [];
  private bytes = 0;
  private isFaithful = true;

  constructor(
    private readonly backend: TensorflowBackend,
    inputs: readonly tf.Tensor[],
  ) {
    this.placeholders = inputs.map(({ dataId, shape, dtype }, index) => {
      const name = `input${index}`;
      if (dtype !== 'float32') this.isFaithful = false;
      this.sources.set(dataId, { node: name, output: 0 });
      return { name, shape };
    });
  }

  /** The backend's own methods are covered by ours for the time of a call, and come to light again after it. */
  during<Results>(compute: () => Results): Results {
    const { backend } = this;
    const [execute, readSync] = [backend.executeMultipleOutputs, backend.readSync].map((method) =>
      (method as (...args: unknown[]) => unknown).bind(backend),
    ) as [Execute, TensorflowBackend['readSync']];
    const executeMultipleOutputs: Execute = (kind, attrs, inputs, count) => {
      if (!this.isFaithful) return execute(kind, attrs, inputs, count);
      const sources = inputs.map((input) => this.sourceOf(input, readSync));
      const outputs = execute(kind, attrs, inputs, count);
      this.add({ name: `operation${this.operations.length}`, kind, attrs, inputs: sources }, outputs);
      return outputs;
    };
    const covers = {
      executeMultipleOutputs,
      executeSingleOutput: (kind: string, attrs: readonly Attr[], inputs: readonly tf.TensorInfo[]) =>
        executeMultipleOutputs(kind, attrs, inputs, 1)[0],
      readSync: (dataId: tf.DataId) => {
        this.isFaithful = false;
        return readSync(dataId);
      },
    };
    Object.assign(backend, covers);
    try {
      return compute();
    } finally {
      for (const name of Object.keys(covers)) Reflect.deleteProperty(backend, name);
    }
  }

  finish(outputs: readonly tf.Tensor[]): Recording | undefined {
    const sources = outputs.map(({ dataId }) => this.sources.get(dataId));
    const { placeholders, constants, operations } = this;
    const known = sources.filter((source) => source !== undefined);
    const isWhole = known.length === sources.length && operations.length > 0;
    return this.isFaithful && isWhole ? { placeholders, constants, operations, outputs: known } : undefined;
  }

  private add(operation: Operation, outputs: readonly tf.Tensor[]): void {
    if (RANDOM.test(operation.kind)) this.isFaithful = false;
    this.operations.push(operation);
    outputs.forEach(({ dataId }, output) => this.sources.set(dataId, { node: operation.name, output }));
  }

  private sourceOf({ dataId, shape, dtype }: tf.TensorInfo, readSync: TensorflowBackend['readSync']): Source {
    const known = this.sources.get(dataId);
    if (known) return known;
    const source = { node: `constant${this.constants.length}`, output: 0 };
    this.sources.set(dataId, source);
    if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
      this.isFaithful = false;
      return source;
    }
    const values = readSync(dataId);
    this.bytes += values.byteLength;
    if (this.bytes > MAX_CONSTANT_BYTES) this.isFaithful = false;
    this.constants.push({ name: source.node, dtype, shape, values });
    return source;
  }
}
