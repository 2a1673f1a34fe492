import type { LayerConfig } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { aligned } from '../constantLayers';
import { dataTypeName } from '../dataTypes';
import type { GraphSoFar, LayerPlan, PlanInput, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { flagOf } from '../graphDef';

/** Operations on raw tensors, as they are where they mean nothing more. */

const UNKNOWN_SHAPES: Recognized = { refuse: t('the shapes that it joins are not known') };

export const unary =
  (kind: string, config: (node: FlatNode) => LayerConfig = () => ({})): Recognize =>
  (node): Recognized => {
    const [input] = node.feeds;
    return input
      ? { make: { kind, config: config(node), inputs: [input] } }
      : { refuse: t('it takes nothing') };
  };

/** Of tensors aligned at the last axis. */
export function merge(kind: string, tensors: readonly FlatTensor[], graph: GraphSoFar): Recognized {
  const inputs = aligned(tensors, graph);
  return inputs ? { make: { kind, config: {}, inputs } } : UNKNOWN_SHAPES;
}

export const merging =
  (kind: string): Recognize =>
  (node, graph) =>
    merge(kind, node.feeds, graph);

/** One operation after another. */
const after = (kind: string, config: LayerConfig, inputs: readonly PlanInput[], as: string): LayerPlan => ({
  kind,
  config,
  inputs,
  as,
});

const squaredDifference: Recognize = (node, graph) => {
  const inputs = aligned(node.feeds, graph);
  if (!inputs) return UNKNOWN_SHAPES;
  return { make: { kind: 'Square', config: {}, inputs: [after('Subtract', {}, inputs, 'difference')] } };
};

/** `1 - erf(x)`. */
const complementaryError: Recognize = ({ feeds: [input] }) => {
  if (!input) return { refuse: t('it takes nothing') };
  const config = { scale: -1, offset: 1 };
  return { make: { kind: 'Rescaling', config, inputs: [after('Erf', {}, [input], 'erf')] } };
};

/** `x / y`, and 0 where `y` is. */
const divideNoNan: Recognize = (node, graph) => {
  const inputs = aligned(node.feeds, graph);
  const [a, b] = inputs ?? [];
  if (!a || !b) return UNKNOWN_SHAPES;
  const isZero = after('LogicalNot', {}, [b], 'zero');
  const quotient = after('Divide', {}, [a, after('Add', {}, [b, isZero], 'divisor')], 'quotient');
  const other = after('LogicalNot', {}, [isZero], 'defined');
  return { make: { kind: 'Multiply', config: {}, inputs: [quotient, other] } };
};

/** The condition of the older `Select` is of rows where it has one axis. */
const select: Recognize = (node, graph) => {
  const [condition, a, b] = node.feeds;
  const [of, rank] = [graph.shape(condition)?.length, graph.shape(a)?.length];
  if (!condition || !a || !b || of === undefined || rank === undefined) return UNKNOWN_SHAPES;
  if (node.op === 'Select' && of === 1 && rank > 1) return { refuse: t('it chooses row by row') };
  return merge('Where', [condition, a, b], graph);
};

/** The recognizer of global pooling has the first look at these. */
export const reduce =
  (kind: string): Recognize =>
  (node, graph) => {
    const [input, axes] = node.feeds;
    const along = graph.numbers(axes);
    const shape = graph.shape(input);
    // No axes at all change nothing.
    const none = graph.constant(axes)?.shape[0] === 0;
    if (!input || !shape || (!along && !none)) return { refuse: t('the axes that it reduces are not known') };
    if (none) return { pass: input };
    const axis = [...new Set(along?.map((one) => (one < 0 ? one + shape.length : one)))].sort(
      (a, b) => a - b,
    );
    return { make: { kind, config: { axis, keepdims: flagOf(node, 'keep_dims') }, inputs: [input] } };
  };

/** Everything is computed in float32; what is cut off is cut off. */
const cast: Recognize = (node) => {
  const [input] = node.feeds;
  const typeOf = (key: string) => dataTypeName(node.attributes.get(key)?.type ?? 0);
  const [from, to] = [typeOf('SrcT'), typeOf('DstT')];
  const isFloat = (type: string) => /^b?float/.test(type);
  if (!input || /string|complex|resource|variant/.test(`${from} ${to}`))
    return { refuse: t('it makes {0} of {1}', to, from) };
  if (to === 'bool' && from !== 'bool') {
    const isZero = after('LogicalNot', {}, [input], 'zero');
    return { make: { kind: 'LogicalNot', config: {}, inputs: [isZero] } };
  }
  return isFloat(from) && !isFloat(to) ? unaryOf('Trunc', input) : { pass: input };
};

const unaryOf = (kind: string, input: FlatTensor): Recognized => ({
  make: { kind, config: {}, inputs: [input] },
});

const same = (kinds: readonly string[], recognize: (kind: string) => Recognize) =>
  Object.fromEntries(kinds.map((kind) => [kind, recognize(kind)]));

export const arithmetic: Readonly<Record<string, Recognize>> = {
  ...same(
    [
      'Ceil',
      'Cos',
      'Erf',
      'Expm1',
      'Floor',
      'Log',
      'Log1p',
      'LogicalNot',
      'Reciprocal',
      'Rsqrt',
      'Sign',
      'Sin',
      'Sqrt',
      'Square',
    ],
    unary,
  ),
  ...same(
    ['Equal', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'NotEqual'],
    merging,
  ),
  ...same(['Max', 'Mean', 'Min', 'Prod', 'Sum'], reduce),
  Abs: unary('Absolute'),
  Inv: unary('Reciprocal'),
  Rint: unary('Round'),
  Round: unary('Round'),
  Erfc: complementaryError,
  Pow: merging('Power'),
  FloorDiv: merging('FloorDivide'),
  FloorMod: merging('Mod'),
  SquaredDifference: squaredDifference,
  DivNoNan: divideNoNan,
  Select: select,
  SelectV2: select,
  Cast: cast,
  ZerosLike: unary('Rescaling', () => ({ scale: 0, offset: 0 })),
  OnesLike: unary('Rescaling', () => ({ scale: 0, offset: 1 })),
};
