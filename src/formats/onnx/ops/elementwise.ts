import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { sizeOfConstant, weightOf, type NodeCall } from '../nodeCall';
import { axisAlone, groupsOf } from '../folded';
import type { OnnxNode } from '../proto';
import { Unsupported } from '../unsupported';
import { resolveAxis, placeOfAxis, type Value } from '../value';

/** One layer that looks at every number by itself: any order of axes will do, and stays. */
export function elementwise(
  call: NodeCall,
  kind: string,
  config: LayerConfig = {},
  { nonNegative = false, input = call.anyValue(), suffix }: ElementwiseOptions = {},
): Value {
  const made = call.graph.add({ kind, config, inputs: [input], ...(suffix !== undefined && { suffix }) });
  return like(input, made, nonNegative);
}

interface ElementwiseOptions {
  /** Whether what comes out is never below zero. */
  readonly nonNegative?: boolean;
  readonly input?: Value;
  readonly suffix?: string;
}

/** What was made, with its features where those of `input` are. */
export function like(
  { flattened, groups }: Value,
  { ref, shape, order }: Value,
  nonNegative: boolean,
): Value {
  return {
    ref,
    ...(shape && { shape }),
    ...(order && { order }),
    ...(flattened && { flattened }),
    ...(groups && { groups }),
    ...(nonNegative && { nonNegative }),
  };
}

/** An activation function by Keras's name. */
export const activation =
  (name: string, nonNegative = false) =>
  (call: NodeCall): Value =>
    elementwise(call, 'Activation', { activation: name }, { nonNegative });

export const relu = (call: NodeCall): Value => elementwise(call, 'ReLU', {}, { nonNegative: true });

/** In training some numbers are left out; the rate is an attribute before version 12. */
export async function dropout(call: NodeCall): Promise<Value> {
  const input = call.anyValue();
  const rate = (await call.numbersOf('ratio', 1))?.[0] ?? call.number('ratio', 0.5);
  return elementwise(call, 'Dropout', { rate }, { nonNegative: input.nonNegative ?? false });
}

export function identity(call: NodeCall): Value {
  const input = call.anyValue();
  return elementwise(call, 'Identity', {}, { nonNegative: input.nonNegative ?? false });
}

/** The layer graph computes in float32 throughout. */
export function cast(call: NodeCall): Value {
  const to = call.number('to', 1);
  // Places in a table are whole numbers already.
  if ((to === 6 || to === 7) && call.follower('Gather')) return identity(call);
  if (!FLOATS.has(to))
    throw new Unsupported(t('it casts to type {0}, only floats are computed with here', to));
  return identity(call);
}

/** Codes of float32, float16, float64 and bfloat16. */
const FLOATS: ReadonlySet<number> = new Set([1, 10, 11, 16]);

/** Limits are attributes before version 11. */
export async function clip(call: NodeCall): Promise<Value> {
  const least = (await call.numbersOf('min', 1))?.[0] ?? call.number('min', -Infinity);
  const most = (await call.numbersOf('max', 2))?.[0] ?? call.number('max', Infinity);
  // The largest float32 is how older exporters write "no limit".
  const upper = most > 3.4e38 ? null : most;
  if (least < -3.4e38 && upper === null) return identity(call);
  if (least === -1 && upper === 1) return elementwise(call, 'Activation', { activation: 'hard_tanh' });
  if (least < -3.4e38 && upper !== null) {
    // The largest of what is left out, turned round, is the least of what stays.
    const turned = elementwise(call, 'Rescaling', { scale: -1, offset: upper }, { suffix: 'turn' });
    const above = elementwise(call, 'ReLU', {}, { input: turned, suffix: 'above' });
    return elementwise(call, 'Rescaling', { scale: -1, offset: upper }, { input: above });
  }
  if (upper !== null && upper < least) throw new Unsupported(t('it clips to {0} … {1}', least, most));
  if (least !== 0 || upper === 0) {
    const shifted = elementwise(call, 'Rescaling', { scale: 1, offset: -least }, { suffix: 'shift' });
    const limits = upper === null ? {} : { max_value: upper - least };
    const cut = elementwise(call, 'ReLU', limits, { input: shifted, suffix: 'cut' });
    const nonNegative = least >= 0;
    return elementwise(call, 'Rescaling', { scale: 1, offset: least }, { input: cut, nonNegative });
  }
  return elementwise(call, 'ReLU', { max_value: upper }, { nonNegative: true });
}

export const leakyRelu = (call: NodeCall): Value =>
  elementwise(call, 'LeakyReLU', { negative_slope: shortest(call.number('alpha', Math.fround(0.01))) });

export const elu = (call: NodeCall): Value =>
  elementwise(call, 'ELU', { alpha: shortest(call.number('alpha', 1)) });

/** Keras's has these numbers built in. */
export function selu(call: NodeCall): Value {
  const agrees = (name: string, expected: number) => Math.abs(call.number(name, expected) - expected) < 1e-5;
  if (!agrees('alpha', 1.6732632423543772) || !agrees('gamma', 1.0507009873554805)) {
    throw new Unsupported(t('its alpha and gamma are not those of the SELU paper'));
  }
  return elementwise(call, 'Activation', { activation: 'selu' });
}

/** A slope a channel, or one for all. */
export async function prelu(call: NodeCall): Promise<Value> {
  const slope = call.required(1);
  if (sizeOfConstant(slope) === 1) {
    const [alpha = 0] = await call.constants.known(slope);
    return elementwise(call, 'LeakyReLU', { negative_slope: alpha });
  }
  const given = call.value();
  const input = given.flattened ? call.graph.plain(given) : given;
  const rank = input.order?.length;
  if (!rank || !input.order) throw new Unsupported(t('the number of axes of its input is not known'));
  const sizes = [...new Array<number>(Math.max(0, rank - slope.dims.length)).fill(1), ...slope.dims];
  const shape = input.order.slice(1).map((axis) => sizes[axis] ?? 1);
  const along = shape.filter((size) => size > 1);
  if (sizes.length !== rank || sizes[0] !== 1 || along.length !== 1) {
    throw new Unsupported(t('its slopes are [{0}], expected one a channel', slope.dims.join(', ')));
  }
  const shared = shape.flatMap((size, index) => (size === 1 ? [index + 1] : []));
  return call.graph.add({
    kind: 'PReLU',
    config: { shared_axes: shared.length > 0 ? shared : null },
    inputs: [input],
    weights: [weightOf(slope, 'alpha', { shape })],
  });
}

/** `max(0, min(1, alpha·x + beta))`; Keras 3's own has alpha 1/6. */
export function hardSigmoid(call: NodeCall): Value {
  const alpha = call.number('alpha', 0.2);
  const beta = call.number('beta', 0.5);
  if (Math.abs(alpha - 1 / 6) < 1e-6 && beta === 0.5) {
    return elementwise(call, 'Activation', { activation: 'hard_sigmoid' }, { nonNegative: true });
  }
  const line = elementwise(
    call,
    'Rescaling',
    { scale: shortest(alpha), offset: shortest(beta) },
    { suffix: 'line' },
  );
  return elementwise(call, 'ReLU', { max_value: 1 }, { nonNegative: true, input: line });
}

/** The approximation is `x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))` (Hendrycks and Gimpel, 2016). */
export function gelu(call: NodeCall): Value {
  if (call.text('approximate', 'none') === 'none')
    return elementwise(call, 'Activation', { activation: 'gelu' });
  const x = call.anyValue();
  const join = (kind: string, inputs: readonly Value[], suffix: string) =>
    like(x, call.graph.add({ kind, inputs, suffix }), false);
  const step = (kind: string, config: LayerConfig, input: Value, suffix: string) =>
    elementwise(call, kind, config, { input, suffix });
  const root = Math.sqrt(2 / Math.PI);
  const line = step(
    'Rescaling',
    { scale: 0.044715 * root, offset: root },
    step('Square', {}, x, 'square'),
    'line',
  );
  const inner = join('Multiply', [x, line], 'inner');
  const gate = step('Activation', { activation: 'tanh' }, inner, 'tanh');
  const half = step('Rescaling', { scale: 0.5, offset: 0.5 }, gate, 'half');
  return like(x, call.graph.add({ kind: 'Multiply', inputs: [x, half] }), false);
}

/** `max(0, x) + min(0, alpha · (exp(x / alpha) − 1))`. */
export function celu(call: NodeCall): Value {
  const alpha = shortest(call.number('alpha', 1));
  if (alpha === 1) return elementwise(call, 'Activation', { activation: 'celu' });
  const scaled = elementwise(call, 'Rescaling', { scale: 1 / alpha }, { suffix: 'scale' });
  const curve = elementwise(call, 'ELU', {}, { input: scaled, suffix: 'curve' });
  return elementwise(call, 'Rescaling', { scale: alpha }, { input: curve });
}

export const thresholdedRelu = (call: NodeCall): Value =>
  elementwise(call, 'ReLU', { threshold: shortest(call.number('alpha', 1)) }, { nonNegative: true });

/** `x · sigmoid(alpha · x)`. */
export function swish(call: NodeCall): Value {
  call.mustBe('alpha', call.number('alpha', 1), 1);
  return elementwise(call, 'Activation', { activation: 'silu' });
}

/** Before version 13 everything from the axis on counted as one, which is the same for the last axis. */
export function softmax(call: NodeCall): Value {
  const given = call.anyValue();
  if (!given.order && !given.groups) return elementwise(call, 'Softmax', { axis: -1 }, { nonNegative: true });
  const rank = groupsOf(given).length;
  const axis = resolveAxis(call.number('axis', call.opset < 13 ? 1 : -1), rank);
  if (call.opset < 13 && axis !== rank - 1) {
    throw new Unsupported(t('it joins the axes from {0} on, only the last axis is supported', axis));
  }
  const input = axisAlone(given, axis) === undefined ? call.value() : given;
  const place = axisAlone(input, axis) ?? 0;
  if (place === 0) throw new Unsupported(t('it is along the batch'));
  const isLast = place === (input.shape?.length ?? 0) - 1;
  return elementwise(call, 'Softmax', { axis: isLast ? -1 : place }, { input, nonNegative: true });
}

export function logSoftmax(call: NodeCall): Value {
  const input = call.value();
  const rank = input.order?.length ?? 2;
  const axis = resolveAxis(call.number('axis', call.opset < 13 ? 1 : -1), rank);
  call.mustBe(t('the axis'), input.order ? placeOfAxis(input, axis) : axis, rank - 1);
  return elementwise(call, 'Activation', { activation: 'log_softmax' }, { input });
}

/**
 * GELU as PyTorch writes it before ONNX had one: `x · (1 + erf(x / √2)) · 0.5`, from its division on.
 * @returns nothing where the nodes around are not those
 */
export async function geluByErf(call: NodeCall): Promise<Value | undefined> {
  const erf = call.follower('Erf');
  const plus = erf && call.follower('Add', erf);
  const times = plus && call.follower('Mul', plus);
  const half = times && call.follower('Mul', times);
  if (!half || !times.inputs.includes(call.node.inputs[0] ?? '')) return undefined;
  const scalars = [call.node, plus, half].map((node) => scalarOf(call, node));
  const [root, one, factor] = await Promise.all(scalars);
  if (Math.abs((root ?? 0) - Math.SQRT2) > 1e-5 || one !== 1 || factor !== 0.5) return undefined;
  const made = activation('gelu')(call);
  call.absorbed.push(erf, plus, times, half);
  return made;
}

async function scalarOf(call: NodeCall, node: OnnxNode): Promise<number | undefined> {
  const operand = call.operandsOf(node).find((one) => one?.is === 'constant');
  if (operand?.is !== 'constant' || sizeOfConstant(operand.constant) !== 1) return undefined;
  return (await call.constants.known(operand.constant))[0];
}

/** `0.01` for the float32 nearest to it, so that people read what was written. */
export function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === Math.fround(value)) return text;
  }
  return value;
}
