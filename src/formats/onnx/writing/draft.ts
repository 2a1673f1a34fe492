import { Failure } from '../../../core/failure';
import {
  sizeOf,
  type Layer,
  type LayerConfig,
  type Shape,
  type WeightRef,
} from '../../../core/graph/layerGraph';
import { WireWriter } from '../../protobuf/wireWriter';
import { gather } from '../../strides';
import { t } from '../../../l10n/translate';

/** A tensor of the file: images have their channels first here, all others lie as in the layer graph. */
export interface Tensor {
  readonly name: string;
  /** In the layer graph's order. */
  readonly shape: Shape;
}

/** Numbers that are asked for when they are written. */
export interface Held {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: 'float32' | 'int64';
  readonly values: () => Promise<Uint8Array>;
}

export type AttributeValue =
  number | string | readonly number[] | readonly string[] | { readonly float: number };

/** Numbers of AttributeProto's fields and types. */
const ATTRIBUTE = { name: 1, f: 2, i: 3, s: 4, ints: 8, strings: 9, type: 20 } as const;
const TYPE = { float: 1, int: 2, string: 3, ints: 7, strings: 8 } as const;

/** Nodes and the tensors that they read, on their way to a file. */
export class Draft {
  readonly nodes: WireWriter[] = [];
  readonly held = new Map<string, Held>();
  private readonly names = new Set<string>();

  /** @returns the name of its output */
  node(
    wanted: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output?: string,
  ): string {
    const name = this.unique(wanted);
    const made = output ?? `${name}:0`;
    this.push(name, op, inputs, attributes, [made]);
    return made;
  }

  /** A node with outputs of these names; an empty one is left out. */
  nodeOf(
    wanted: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: readonly string[],
  ): void {
    this.push(this.unique(wanted), op, inputs, attributes, outputs);
  }

  private push(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>>,
    outputs: readonly string[],
  ): void {
    const node = new WireWriter();
    for (const input of inputs) node.text(1, input);
    for (const output of outputs) node.text(2, output);
    node.text(3, name).text(4, op);
    for (const [key, value] of Object.entries(attributes)) node.message(5, attribute(key, value));
    this.nodes.push(node);
  }

  hold(name: string, dims: readonly number[], values: () => Promise<Float32Array>): string {
    if (!this.held.has(name)) {
      this.held.set(name, { name, dims, dtype: 'float32', values: async () => bytesOf(await values()) });
    }
    return name;
  }

  holdInts(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    const held = this.unique(name);
    this.held.set(held, { name: held, dims: [values.length], dtype: 'int64', values: async () => bytes });
    return held;
  }

  /** One whole number, as a tensor of no axes. */
  holdInt(name: string, value: number): string {
    const held = this.unique(name);
    const bytes = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
    this.held.set(held, { name: held, dims: [], dtype: 'int64', values: async () => bytes });
    return held;
  }

  holdFloats(name: string, dims: readonly number[], values: readonly number[]): string {
    return this.hold(this.unique(name), dims, async () => Float32Array.from(values));
  }

  /** An image with its channels last, as the layer graph has it. */
  toLast(stem: string, { name, shape }: Tensor): string {
    return shape.length === 4
      ? this.node(`${stem}/to_last`, 'Transpose', [name], { perm: [0, 2, 3, 1] })
      : name;
  }

  /** What lies as in the layer graph, as the file has it. */
  toFirst(stem: string, name: string, rank: number): string {
    return rank === 4 ? this.node(`${stem}/to_first`, 'Transpose', [name], { perm: [0, 3, 1, 2] }) : name;
  }

  private unique(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.names.has(name); count++) name = `${wanted}_${count}`;
    this.names.add(name);
    return name;
  }
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function attribute(name: string, value: AttributeValue): WireWriter {
  const writer = new WireWriter().text(ATTRIBUTE.name, name);
  if (typeof value === 'number') return writer.int(ATTRIBUTE.i, value).int(ATTRIBUTE.type, TYPE.int);
  if (typeof value === 'string') return writer.text(ATTRIBUTE.s, value).int(ATTRIBUTE.type, TYPE.string);
  if ('float' in value) return writer.float(ATTRIBUTE.f, value.float).int(ATTRIBUTE.type, TYPE.float);
  if (value.some((one) => typeof one === 'string')) {
    for (const one of value) writer.text(ATTRIBUTE.strings, String(one));
    return writer.int(ATTRIBUTE.type, TYPE.strings);
  }
  for (const one of value) writer.int(ATTRIBUTE.ints, Number(one));
  return writer.int(ATTRIBUTE.type, TYPE.ints);
}

/** One call of a layer being turned into nodes. */
export class LayerCall<C extends LayerConfig = LayerConfig> {
  constructor(
    readonly draft: Draft,
    readonly layer: Layer,
    readonly config: C,
    readonly inputs: readonly Tensor[],
    readonly output: Shape,
    private readonly read: (weight: WeightRef) => Promise<Float32Array>,
  ) {}

  get name(): string {
    return this.layer.name;
  }

  get input(): Tensor {
    const [first] = this.inputs;
    if (first) return first;
    throw this.refused(t('it has no input'));
  }

  /** A node of this layer; `part` tells it from the one that the layer is named for. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    part?: string,
  ): string {
    return this.draft.node(part === undefined ? this.name : `${this.name}/${part}`, op, inputs, attributes);
  }

  /**
   * A weight of the layer with its axes in another order.
   * @param dims in the file
   * @param view the sizes that `strides` are for, as in `WeightSource`
   */
  weight(
    name: string,
    layout?: { dims: readonly number[]; view: readonly number[]; strides: readonly number[] },
  ): string {
    const weight = this.layer.weights.find((candidate) => candidate.name === name);
    if (!weight) throw this.refused(t('it has no weight named {0}', name));
    return this.draft.hold(`${this.name}/${name}`, layout?.dims ?? weight.shape, async () => {
      const values = await this.numbers(weight);
      return layout ? gather(values, layout.view, layout.strides) : values;
    });
  }

  /** The numbers of a weight that another is computed of. */
  async weightNumbers(name: string): Promise<Float32Array> {
    const weight = this.layer.weights.find((candidate) => candidate.name === name);
    if (!weight) throw this.refused(t('it has no weight named {0}', name));
    return this.numbers(weight);
  }

  floats(part: string, dims: readonly number[], values: readonly number[]): string {
    return this.draft.holdFloats(`${this.name}/${part}`, dims, values);
  }

  ints(part: string, values: readonly number[]): string {
    return this.draft.holdInts(`${this.name}/${part}`, values);
  }

  refused(reason: string): Failure {
    const { name, kind } = this.layer;
    return new Failure(
      'input',
      'ONNX_LAYER',
      t(
        'layer "{0}" ({1}) cannot be written to ONNX: {2}; cut it away or choose another format',
        name,
        kind,
        reason,
      ),
      { layer: name },
    );
  }

  private async numbers(weight: WeightRef): Promise<Float32Array> {
    const values = await this.read(weight);
    if (values.length === sizeOf(weight.shape)) return values;
    throw new Failure(
      'work',
      'WEIGHT_SIZE',
      t(
        'layer "{0}", weight "{1}": found {2} numbers, expected {3}',
        this.name,
        weight.name,
        values.length,
        sizeOf(weight.shape),
      ),
      { layer: this.name },
    );
  }
}
