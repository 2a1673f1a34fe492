import type { LayerConfig } from '../../../core/graph/layerGraph';
import type { ClipConfig, NumberOperationConfig } from '../../../core/layers/numberOperations';
import {
  axesOf,
  type BinaryName,
  type ConstantConfig,
  type PadConfig,
  type ReducingConfig,
  type ReducingName,
  type UnaryName,
} from '../../../core/layers/tensorOperations';
import type { EinsumConfig, MatmulConfig } from '../../../core/layers/tensorProducts';
import type { ResizeByEdgesConfig } from '../../../core/layers/tensorResizing';
import { t } from '../../../l10n/translate';
import type { AttributeValue, LayerCall } from './draft';
import { overSpace } from './space';

/** Operations on raw tensors. Axes are the layer graph's: images are turned before and after. */

/** The inputs as they lie in the layer graph. */
export const lasts = (call: LayerCall): readonly string[] =>
  call.inputs.map((input) => call.draft.toLast(call.name, input));

/** An operation of one output, on tensors as they lie in the layer graph. */
export const inLayerOrder =
  <C extends LayerConfig>(compute: (call: LayerCall<C>, tensors: readonly string[]) => string) =>
  (call: LayerCall<C>): string =>
    call.draft.toFirst(call.name, compute(call, lasts(call)), call.output.length);

const float = (call: LayerCall, name: string): string => call.node('Cast', [name], { to: 1 });

/** ONNX tells truths from numbers; here what is not 0 is true. */
function truth(call: LayerCall, name: string): string {
  const isZero = call.node('Equal', [name, call.floats('zero', [], [0])], {}, 'is_zero');
  return call.node('Not', [isZero], {}, 'truth');
}

const number = (call: LayerCall, value: number): string => call.floats('number', [], [value]);

type Compute = (call: LayerCall, ...tensors: readonly string[]) => string;

const plain =
  (op: string): Compute =>
  (call, ...tensors) =>
    call.node(op, tensors);
const comparing =
  (op: string): Compute =>
  (call, ...tensors) =>
    float(call, call.node(op, tensors, {}, 'compared'));
const deciding =
  (op: string): Compute =>
  (call, ...tensors) => {
    const truths = tensors.map((tensor) => truth(call, tensor));
    return float(call, call.node(op, truths, {}, 'decided'));
  };

const UNARIES: Readonly<Record<UnaryName, Compute>> = {
  Absolute: plain('Abs'),
  Ceil: plain('Ceil'),
  Cos: plain('Cos'),
  Erf: plain('Erf'),
  Expm1: (call, x = '') => call.node('Sub', [call.node('Exp', [x], {}, 'power'), number(call, 1)]),
  Floor: plain('Floor'),
  Log: plain('Log'),
  Log1p: (call, x = '') => call.node('Log', [call.node('Add', [x, number(call, 1)], {}, 'more')]),
  LogicalNot: deciding('Not'),
  Reciprocal: plain('Reciprocal'),
  Round: plain('Round'),
  Rsqrt: (call, x = '') => call.node('Reciprocal', [call.node('Sqrt', [x], {}, 'root')]),
  Sign: plain('Sign'),
  Sin: plain('Sin'),
  Sqrt: plain('Sqrt'),
  Square: (call, x = '') => call.node('Mul', [x, x]),
  Trunc: (call, x = '') => {
    const whole = call.node('Floor', [call.node('Abs', [x], {}, 'size')], {}, 'whole');
    return call.node('Mul', [call.node('Sign', [x], {}, 'sign'), whole]);
  },
};

const BINARIES: Readonly<Record<BinaryName, Compute>> = {
  Divide: plain('Div'),
  Equal: comparing('Equal'),
  FloorDivide: (call, ...tensors) => call.node('Floor', [call.node('Div', tensors, {}, 'share')]),
  Greater: comparing('Greater'),
  GreaterEqual: comparing('GreaterOrEqual'),
  Less: comparing('Less'),
  LessEqual: comparing('LessOrEqual'),
  LogicalAnd: deciding('And'),
  LogicalOr: deciding('Or'),
  // ONNX's own has the sign of the dividend.
  Mod: (call, x = '', y = '') => {
    const times = call.node('Floor', [call.node('Div', [x, y], {}, 'share')], {}, 'times');
    return call.node('Sub', [x, call.node('Mul', [times, y], {}, 'taken')]);
  },
  NotEqual: (call, ...tensors) => {
    const equal = call.node('Equal', tensors, {}, 'equal');
    return float(call, call.node('Not', [equal], {}, 'compared'));
  },
  Power: plain('Pow'),
};

export const unary = (name: UnaryName) => inLayerOrder((call: LayerCall, [x = '']) => UNARIES[name](call, x));

export const binary = (name: BinaryName) =>
  inLayerOrder((call: LayerCall, [a = '', b = '']) => BINARIES[name](call, a, b));

export const where = inLayerOrder((call: LayerCall, [condition = '', a = '', b = '']) =>
  call.node('Where', [truth(call, condition), a, b]),
);

export const numberOperation = inLayerOrder((call: LayerCall<NumberOperationConfig>, [x = '']) => {
  const { operation, number: value, number_first: first } = call.config;
  const operand = number(call, value);
  return BINARIES[operation](call, ...(first ? [operand, x] : [x, operand]));
});

export function clip(call: LayerCall<ClipConfig>): string {
  const { x_min: least, x_max: most } = call.config;
  const limit = (part: string, value: number | null) =>
    value === null ? '' : call.floats(part, [], [value]);
  return call.node('Clip', [call.input.name, limit('least', least), limit('most', most)]);
}

export const reduce = (name: ReducingName) =>
  inLayerOrder((call: LayerCall<ReducingConfig>, [x = '']) => {
    const axes = axesOf(call.config, call.input.shape);
    const keepdims = Number(call.config.keepdims);
    if (name === 'Sum') return call.node('ReduceSum', [x, call.ints('axes', axes)], { keepdims });
    return call.node(`Reduce${name}`, [x], { axes, keepdims });
  });

export const pad = inLayerOrder((call: LayerCall<PadConfig>, [x = '']) => {
  const { pad_width: margins, mode, constant_values: value } = call.config;
  if (mode === 'symmetric') throw call.refused(t('nothing there mirrors what is at the border too'));
  const pads = call.ints(
    'margins',
    [0, 1].flatMap((side) => margins.map((pair) => pair[side] ?? 0)),
  );
  return call.node('Pad', mode === 'constant' ? [x, pads, number(call, value)] : [x, pads], { mode });
});

export const matmul = inLayerOrder((call: LayerCall<MatmulConfig>, tensors) => {
  const turned = tensors.map((name, place) => {
    const rank = call.inputs[place]?.shape.length ?? 0;
    if (!(place === 0 ? call.config.transpose_a : call.config.transpose_b)) return name;
    const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
    return call.node('Transpose', [name], { perm }, 'turned');
  });
  return call.node('MatMul', turned);
});

export const einsum = inLayerOrder((call: LayerCall<EinsumConfig>, tensors) =>
  call.node('Einsum', tensors, { equation: call.config.subscripts }),
);

/** Repeated for each sample where it is given some. */
export function constant(call: LayerCall<ConstantConfig>): string {
  const { shape, value } = call.config;
  const numbers = value === null ? call.weight('value') : call.floats('value', shape, value);
  const [samples] = call.inputs;
  const sizes = () => {
    const batch = call.node('Shape', [samples!.name], { end: 1 }, 'samples');
    return call.node('Concat', [batch, call.ints('sizes', shape.slice(1))], { axis: 0 }, 'shape');
  };
  const y = samples ? call.node('Expand', [numbers, sizes()]) : numbers;
  return call.draft.toFirst(call.name, y, shape.length);
}

export function resizeByEdges(call: LayerCall<ResizeByEdgesConfig>): string {
  const { height, width, interpolation, align_corners: corners } = call.config;
  const nearest = { mode: 'nearest', nearest_mode: corners ? 'round_prefer_ceil' : 'floor' };
  const attributes: Readonly<Record<string, AttributeValue>> = {
    ...(interpolation === 'nearest' ? nearest : { mode: 'linear' }),
    coordinate_transformation_mode: corners ? 'align_corners' : 'asymmetric',
  };
  return overSpace(call, (x) => {
    const kept = call.node('Shape', [x], { end: 2 }, 'batch');
    const sizes = call.node('Concat', [kept, call.ints('size', [height, width])], { axis: 0 }, 'sizes');
    return call.node('Resize', [x, '', '', sizes], attributes);
  });
}
