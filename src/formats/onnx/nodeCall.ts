import type { WeightRef } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import type { GraphBuilder } from './builder';
import type { ConstantReader } from './constants';
import { unfold } from './folded';
import type { OnnxNode } from './proto';
import type { Constant } from './tensor';
import { Unsupported } from './unsupported';
import type { Value } from './value';

/** What a node's input is: a tensor that is computed, or one that the file holds. */
export type Operand =
  { readonly is: 'value'; readonly value: Value } | { readonly is: 'constant'; readonly constant: Constant };

/** What the graph around a node says of it. */
export interface Surroundings {
  readonly opset: number;
  /** How large the file fixes the batch of all its inputs; the layer graph leaves it open. */
  readonly batch: number | undefined;
  operand(name: string): Operand | undefined;
  /** The one node that reads this tensor, which is no output of the model. */
  onlyReader(name: string): OnnxNode | undefined;
}

/** One node being turned into layers. */
export class NodeCall {
  /** Nodes after this one that its layers compute too, in their order. */
  readonly absorbed: OnnxNode[] = [];

  constructor(
    readonly node: OnnxNode,
    readonly graph: GraphBuilder,
    readonly constants: ConstantReader,
    private readonly around: Surroundings,
  ) {}

  get opset(): number {
    return this.around.opset;
  }

  get inputCount(): number {
    return this.node.inputs.length;
  }

  operand(position: number): Operand | undefined {
    const name = this.node.inputs[position];
    return name === undefined || name === '' ? undefined : this.around.operand(name);
  }

  operandsOf(node: OnnxNode): readonly (Operand | undefined)[] {
    return node.inputs.map((name) => (name === '' ? undefined : this.around.operand(name)));
  }

  get batch(): number | undefined {
    return this.around.batch;
  }

  /**
   * With ONNX's axes one by one, the batch first.
   * @throws Unsupported where that input is missing or a constant, or its axes cannot be had so
   */
  value(position = 0): Value {
    return unfold(this.graph, this.anyValue(position));
  }

  /**
   * However its axes are joined.
   * @throws Unsupported where that input is missing or a constant
   */
  anyValue(position = 0): Value {
    const operand = this.operand(position);
    if (operand?.is === 'value') return operand.value;
    throw new Unsupported(
      operand ? t('its input {0} is a constant', position) : t('its input {0} is missing', position),
    );
  }

  values(): readonly Value[] {
    return this.node.inputs.map((_, position) => this.value(position));
  }

  /** @throws Unsupported where that input is computed */
  constant(position: number): Constant | undefined {
    const operand = this.operand(position);
    if (!operand) return undefined;
    if (operand.is === 'constant') return operand.constant;
    throw new Unsupported(t('its input {0} is computed, where a constant is expected', position));
  }

  required(position: number): Constant {
    const constant = this.constant(position);
    if (constant) return constant;
    throw new Unsupported(t('its input {0} is missing', position));
  }

  number(name: string, missing: number): number {
    const attribute = this.node.attributes.get(name);
    return attribute?.type === 'number' ? attribute.value : missing;
  }

  text(name: string, missing: string): string {
    const attribute = this.node.attributes.get(name);
    return attribute?.type === 'text' ? attribute.value : missing;
  }

  numbers(name: string): readonly number[] | undefined {
    const attribute = this.node.attributes.get(name);
    return attribute?.type === 'numbers' ? attribute.value : undefined;
  }

  /** Numbers that are an attribute in older versions of the operator and an input in newer ones. */
  async numbersOf(name: string, position: number): Promise<readonly number[] | undefined> {
    const attribute = this.numbers(name);
    if (attribute) return attribute;
    const constant = this.constant(position);
    return constant && this.constants.known(constant);
  }

  /** The only node that reads the first output of `node`, if it is of that operator. */
  follower(op: string, node: OnnxNode = this.node): OnnxNode | undefined {
    const [output = ''] = node.outputs;
    const reader = this.around.onlyReader(output);
    return reader?.op === op && reader.domain === '' ? reader : undefined;
  }

  /** @throws Unsupported for an attribute that says what no layer here does */
  mustBe(name: string, found: unknown, expected: unknown): void {
    if (found !== expected)
      throw new Unsupported(t('{0} is {1}, only {2} is supported', name, String(found), String(expected)));
  }
}

interface WeightPlace {
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly view?: readonly number[];
  readonly role?: WeightRef['role'];
}

/** @throws Unsupported where the constant's numbers are not plainly in a file */
export function weightOf(constant: Constant, name: string, place: WeightPlace): WeightRef {
  const { ranges, dtype, problem, dims } = constant;
  if (!ranges)
    throw new Unsupported(
      problem ?? t('"{0}" has no numbers in a form that weights can have', constant.name),
    );
  const { shape, view, role = 'parameter' } = place;
  const strides = place.strides ?? constant.strides;
  // Whoever gives strides has taken the constant's own into account, which only matrices' readers do.
  if (constant.strides && (place.strides ? dims.length !== 2 : dims.join() !== shape.join()))
    throw new Unsupported(t('"{0}" is transposed', constant.name));
  return {
    name,
    shape,
    dtype,
    role,
    source: { from: 'ranges', ranges, ...(strides && { strides }), ...(view && { view }) },
  };
}

export const sizeOfConstant = ({ dims }: Constant): number =>
  dims.reduce((product, size) => product * size, 1);

/**
 * A weight with one number a channel, or a feature, from a tensor of so many numbers or of one for all.
 * @param along the value whose channels or features they are for
 */
export function weightByChannel(
  constant: Constant,
  name: string,
  along: Value,
  role: WeightRef['role'] = 'parameter',
): WeightRef {
  const size = sizeOfConstant(constant);
  const { flattened } = along;
  if (flattened)
    return weightOf(constant, name, {
      shape: [size],
      view: flattened.sizes,
      strides: flattened.strides,
      role,
    });
  return weightOf(constant, name, { shape: [size], role });
}
