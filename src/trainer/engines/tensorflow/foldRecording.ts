import type { TensorflowBackend } from './operation';
import { attrsOf } from './operation';
import type { Constant, Operation, Recording, Source } from './recording';

const CONVOLUTIONS: ReadonlySet<string> = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const ADDITIONS: ReadonlySet<string> = new Set(['Add', 'AddV2']);

/**
 * The same function with normalizations by constants multiplied into the convolutions before them, and biases said in the
 * one way that TensorFlow knows how to make part of a convolution: `s(Wx + b - m) + β = (sW)x + s(b - m) + β`, with
 * `s = γ / √(v + ε)`. Differs by rounding alone.
 */
export function foldRecording(recording: Recording, backend: TensorflowBackend): Recording {
  return new Folding(recording, backend).finish();
}

class Folding {
  private readonly constants: Map<string, Constant>;
  private readonly operations: Map<string, Operation>;
  private readonly readers = new Map<string, number>();
  private made = 0;

  constructor(
    private readonly recording: Recording,
    private readonly backend: TensorflowBackend,
  ) {
    this.constants = new Map(recording.constants.map((constant) => [constant.name, constant]));
    this.operations = new Map(recording.operations.map((operation) => [operation.name, operation]));
    const read = ({ node }: Source) => this.readers.set(node, (this.readers.get(node) ?? 0) + 1);
    recording.operations.forEach(({ inputs }) => inputs.forEach(read));
    recording.outputs.forEach(read);
  }

  finish(): Recording {
    for (const { name } of this.recording.operations) {
      this.turnIntoBias(name);
      this.foldInto(name);
    }
    const operations = [...this.operations.values()];
    const used = new Set(operations.flatMap(({ inputs }) => inputs.map(({ node }) => node)));
    const constants = [...this.constants.values()].filter(({ name }) => used.has(name));
    return { ...this.recording, constants, operations };
  }

  /** A sum of a convolution and a constant for each channel. */
  private turnIntoBias(name: string): void {
    const sum = this.operations.get(name);
    if (!sum || !ADDITIONS.has(sum.kind)) return;
    const convolution = this.convolutionAt(sum.inputs[0]);
    const bias = this.constants.get(sum.inputs[1].node);
    if (!convolution || bias?.shape.length !== 1 || bias.shape[0] !== this.channelsOf(convolution)) return;
    this.operations.set(name, this.biasOf(name, sum.inputs[0], sum.inputs[1]));
  }

  private foldInto(name: string): void {
    const normalization = this.operations.get(name);
    if (normalization?.kind !== 'FusedBatchNormV3' || this.attrOf(normalization, 'is_training') === true)
      return;
    const [input, ...given] = normalization.inputs;
    const numbers = given.map(({ node }) => this.constants.get(node)?.values as Float32Array | undefined);
    const [gamma, beta, mean, variance] = numbers;
    const added = this.operations.get(input.node);
    const bias = added?.kind === 'BiasAdd' && this.readers.get(added.name) === 1 ? added : undefined;
    const before = bias ? bias.inputs[0] : input;
    const convolution = this.convolutionAt(before);
    if (!convolution || !gamma || !beta || !mean || !variance) return;
    const kernel = this.constants.get(convolution.inputs[1].node);
    if (!kernel) return;

    const epsilon = Number(this.attrOf(normalization, 'epsilon'));
    const scale = gamma.map((factor, channel) => factor / Math.sqrt(variance[channel] + epsilon));
    const own = bias && (this.constants.get(bias.inputs[1].node)?.values as Float32Array);
    const offset = scale.map((one, channel) => one * ((own?.[channel] ?? 0) - mean[channel]) + beta[channel]);
    // In both kinds of kernel the output channels are what the last axes count.
    const values = (kernel.values as Float32Array).map((value, index) => value * scale[index % scale.length]);
    const folded = this.constant(values, kernel.shape);
    this.operations.set(convolution.name, { ...convolution, inputs: [convolution.inputs[0], folded] });
    this.operations.set(name, this.biasOf(name, before, this.constant(offset, [offset.length])));
    if (bias) this.operations.delete(bias.name);
  }

  /** A convolution with a constant kernel that nothing else reads. */
  private convolutionAt({ node }: Source): Operation | undefined {
    const found = this.operations.get(node);
    const isOne = found && CONVOLUTIONS.has(found.kind) && this.constants.has(found.inputs[1].node);
    return isOne && this.readers.get(node) === 1 ? found : undefined;
  }

  private channelsOf({ kind, inputs }: Operation): number {
    const shape = this.constants.get(inputs[1].node)?.shape ?? [];
    return kind === 'Conv2D' ? shape[3] : shape[2] * shape[3];
  }

  private biasOf(name: string, input: Source, bias: Source): Operation {
    const attrs = attrsOf(this.backend, { T: 'float32', data_format: { text: 'NHWC' } });
    return { name, kind: 'BiasAdd', attrs, inputs: [input, bias] };
  }

  private attrOf({ attrs }: Operation, name: string): unknown {
    return attrs.find((attr) => attr.name === name)?.value;
  }

  private constant(values: Float32Array, shape: readonly number[]): Source {
    const name = `folded${this.made++}`;
    this.constants.set(name, { name, dtype: 'float32', shape, values });
    return { node: name, output: 0 };
  }
}
