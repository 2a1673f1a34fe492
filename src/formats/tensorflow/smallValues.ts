import type { Shape } from '../../core/graph/layerGraph';
import { MAX_SETTING_NUMBERS, MAX_VALUES_KEPT } from './bounds';
import type { FlatNode, FlatTensor } from './flatGraph';
import { flagOf, numberOf } from './graphDef';
import { stretchesOf } from './stridedSlice';
import { dataTypeName } from './dataTypes';
import { placesOf } from '../../core/layers/tensorShaping';

/** Few numbers that a graph computes: sizes, axes, paddings, an epsilon. `null` is a size known when data arrives. */
export interface SmallValue {
  readonly shape: readonly number[];
  readonly numbers: readonly (number | null)[];
  /** The tensor whose batch is the size that is not known. */
  readonly samples?: FlatTensor;
}

/** What is known of a tensor before anything is computed. */
export interface Known {
  value(tensor: FlatTensor | undefined): SmallValue | undefined;
  shape(tensor: FlatTensor | undefined): Shape | undefined;
}

/** Works out small values, each operation after those that feed it. */
export class SmallValues {
  private readonly known = new Map<FlatNode, SmallValue>();
  private kept = 0;

  of({ node, output }: FlatTensor): SmallValue | undefined {
    return output === 0 ? this.known.get(node) : undefined;
  }

  learn(node: FlatNode, before: Known): SmallValue | undefined {
    const value = evaluate(node, before);
    if (!value || value.numbers.length > MAX_SETTING_NUMBERS) return undefined;
    if (value.numbers.some((number) => Number.isNaN(number))) return undefined;
    this.kept += value.numbers.length;
    if (this.kept > MAX_VALUES_KEPT) return undefined;
    this.known.set(node, value);
    return value;
  }
}

type Evaluate = (node: FlatNode, given: readonly SmallValue[], before: Known) => SmallValue | undefined;

/** Of operations on shapes, and on values of which all are known. */
function evaluate(node: FlatNode, before: Known): SmallValue | undefined {
  if (node.op === 'Shape' || node.op === 'Size' || node.op === 'Rank') return ofShape(node, before);
  const compute = EVALUATORS.get(node.op);
  if (!compute) return undefined;
  const given = node.feeds.map((feed) => before.value(feed));
  if (!given.every((value) => value !== undefined)) return undefined;
  const found = compute(node, given, before);
  const samples = given.find((value) => value.samples)?.samples;
  return found && { ...found, ...(found.numbers.includes(null) && samples && { samples }) };
}

function ofShape({ op, feeds: [input] }: FlatNode, before: Known): SmallValue | undefined {
  const shape = before.shape(input);
  if (!input || !shape) return undefined;
  if (op === 'Rank') return scalar(shape.length);
  const samples = shape.includes(null) ? { samples: input } : {};
  if (op === 'Shape') return { shape: [shape.length], numbers: shape, ...samples };
  return { ...scalar(multiplyAll(shape)), ...samples };
}

const scalar = (number: number | null): SmallValue => ({ shape: [], numbers: [number] });
const vector = (numbers: readonly (number | null)[]): SmallValue => ({ shape: [numbers.length], numbers });
const multiplyAll = (sizes: Shape) =>
  sizes.reduce<number | null>((all, size) => (all === null || size === null ? null : all * size), 1);

type Compute = (a: number, b: number) => number;

const map =
  (compute: (x: number, node: FlatNode) => number): Evaluate =>
  (node, [x]) =>
    x && { ...x, numbers: x.numbers.map((one) => (one === null ? null : rounded(node, compute(one, node)))) };

/** Floats are no more exact than where TensorFlow computes them. */
function rounded(node: FlatNode, value: number): number {
  const type = node.attributes.get('DstT')?.type ?? node.attributes.get('T')?.type ?? 0;
  return dataTypeName(type) === 'float32' ? Math.fround(value) : value;
}

/** Number by number, aligned at the last axis. */
const combine =
  (compute: Compute): Evaluate =>
  (node, [a, b]) => {
    if (!a || !b) return undefined;
    const rank = Math.max(a.shape.length, b.shape.length);
    const padded = (shape: readonly number[]) => [
      ...new Array<number>(rank - shape.length).fill(1),
      ...shape,
    ];
    const [first, second] = [padded(a.shape), padded(b.shape)];
    if (first.some((size, axis) => size !== second[axis] && size !== 1 && second[axis] !== 1))
      return undefined;
    const shape = first.map((size, axis) => (size === 1 ? second[axis]! : size));
    if (sizeOf(shape) > MAX_SETTING_NUMBERS) return undefined;
    const numbers = places(shape).map((place) => {
      const [x, y] = [a.numbers[offset(place, first)]!, b.numbers[offset(place, second)]!];
      return x === null || y === null ? null : rounded(node, compute(x, y));
    });
    return { shape, numbers };
  };

const sizeOf = (shape: readonly number[]) => shape.reduce((all, size) => all * size, 1);

/** Each place of a small shape, in row-major order. */
function places(shape: readonly number[]): readonly (readonly number[])[] {
  return shape.reduce<readonly (readonly number[])[]>(
    (before, size) =>
      before.flatMap((place) => Array.from({ length: size }, (_, index) => [...place, index])),
    [[]],
  );
}

/** Where a place is among the numbers of a shape whose axes of one are stretched. */
const offset = (place: readonly number[], shape: readonly number[]): number =>
  shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : place[axis]!), 0);

const reduceAll =
  (combineTwo: Compute): Evaluate =>
  (node, [x, axes]) => {
    const whole = x && (x.shape.length < 2 || axes?.numbers.length === x.shape.length);
    if (!x || !whole || x.numbers.length === 0 || axes?.numbers.length === 0) return undefined;
    const found = x.numbers.reduce((a, b) => (a === null || b === null ? null : combineTwo(a, b)));
    return flagOf(node, 'keep_dims') ? { shape: x.shape.map(() => 1), numbers: [found] } : scalar(found);
  };

const join: Evaluate = (_node, parts) =>
  parts.every(({ shape }) => shape.length === 1)
    ? vector(parts.flatMap(({ numbers }) => numbers))
    : undefined;

const choose: Evaluate = (_node, [condition, a, b]) => {
  const [decides] = condition?.numbers ?? [];
  if (condition?.numbers.length !== 1 || typeof decides !== 'number') return undefined;
  return decides === 0 ? b : a;
};

const EVALUATORS: ReadonlyMap<string, Evaluate> = new Map<string, Evaluate>([
  ...['Identity', 'StopGradient', 'Snapshot', 'EnsureShape', 'PreventGradient'].map(
    (op) => [op, ((_node, [x]) => x) as Evaluate] as const,
  ),
  ['Neg', map((x) => -x)],
  ['Abs', map(Math.abs)],
  ['Square', map((x) => x * x)],
  ['Sqrt', map(Math.sqrt)],
  ['Rsqrt', map((x) => 1 / Math.sqrt(x))],
  ['Reciprocal', map((x) => 1 / x)],
  ['Inv', map((x) => 1 / x)],
  ['Exp', map(Math.exp)],
  ['Log', map(Math.log)],
  ['Floor', map(Math.floor)],
  ['Ceil', map(Math.ceil)],
  ['LogicalNot', map((x) => Number(x === 0))],
  ['ZerosLike', map(() => 0)],
  ['OnesLike', map(() => 1)],
  ['Cast', map((x, node) => castTo(dataTypeName(node.attributes.get('DstT')?.type ?? 0), x))],
  ['Add', combine((a, b) => a + b)],
  ['AddV2', combine((a, b) => a + b)],
  ['Sub', combine((a, b) => a - b)],
  ['Mul', combine((a, b) => a * b)],
  ['RealDiv', combine((a, b) => a / b)],
  ['Div', combine((a, b) => a / b)],
  ['FloorDiv', combine((a, b) => Math.floor(a / b))],
  ['FloorMod', combine((a, b) => a - b * Math.floor(a / b))],
  ['Pow', combine((a, b) => a ** b)],
  ['Maximum', combine(Math.max)],
  ['Minimum', combine(Math.min)],
  ['SquaredDifference', combine((a, b) => (a - b) ** 2)],
  ['Greater', combine((a, b) => Number(a > b))],
  ['GreaterEqual', combine((a, b) => Number(a >= b))],
  ['Less', combine((a, b) => Number(a < b))],
  ['LessEqual', combine((a, b) => Number(a <= b))],
  ['Equal', combine((a, b) => Number(a === b))],
  ['NotEqual', combine((a, b) => Number(a !== b))],
  ['LogicalAnd', combine((a, b) => Number(a !== 0 && b !== 0))],
  ['LogicalOr', combine((a, b) => Number(a !== 0 || b !== 0))],
  ['Prod', reduceAll((a, b) => a * b)],
  ['Sum', reduceAll((a, b) => a + b)],
  ['Max', reduceAll(Math.max)],
  ['Min', reduceAll(Math.min)],
  ['All', reduceAll((a, b) => Number(a !== 0 && b !== 0))],
  [
    'Pack',
    (node, parts) => {
      const [first] = parts;
      const alike = first && parts.every(({ shape }) => shape.join() === first.shape.join());
      if (!alike || ((numberOf(node, 'axis') ?? 0) !== 0 && first.shape.length > 0)) return undefined;
      return { shape: [parts.length, ...first.shape], numbers: parts.flatMap(({ numbers }) => numbers) };
    },
  ],
  ['ConcatV2', (node, parts, before) => join(node, parts.slice(0, -1), before)],
  ['Concat', (node, parts, before) => join(node, parts.slice(1), before)],
  [
    'GatherV2',
    (_node, [x, at]) => {
      if (x?.shape.length !== 1 || !at) return undefined;
      const picked = at.numbers.map((one) => (one === null ? undefined : x.numbers[one]));
      return picked.every((one) => one !== undefined) ? { shape: at.shape, numbers: picked } : undefined;
    },
  ],
  [
    'StridedSlice',
    (node, [x], before) => {
      const key = x?.shape.length === 1 ? stretchesOf(node, 1, (feed) => before.value(feed)) : undefined;
      const [one, ...more] = key?.key ?? [];
      if (!x || !key || one === undefined || more.length > 0 || key.added.length > 0) return undefined;
      if (typeof one === 'number') {
        const found = x.numbers.at(one);
        return found === undefined ? undefined : scalar(found);
      }
      const { start, count, step } = placesOf(one, x.numbers.length);
      return vector(Array.from({ length: count }, (_, index) => x.numbers[start + index * step]!));
    },
  ],
  [
    'Slice',
    (_node, [x, begin, size]) => {
      const [from, count] = [begin?.numbers[0], size?.numbers[0]];
      if (x?.shape.length !== 1 || typeof from !== 'number' || typeof count !== 'number') return undefined;
      return vector(x.numbers.slice(from, count === -1 ? undefined : from + count));
    },
  ],
  [
    'Range',
    (_node, [first, limit, delta]) => {
      const [from, to, by] = [first?.numbers[0], limit?.numbers[0], delta?.numbers[0]];
      if (typeof from !== 'number' || typeof to !== 'number' || typeof by !== 'number') return undefined;
      const count = Math.ceil((to - from) / by);
      if (!(count >= 0 && count <= MAX_SETTING_NUMBERS)) return undefined;
      return vector(Array.from({ length: count }, (_, index) => from + index * by));
    },
  ],
  [
    'Fill',
    (_node, [sizes, x]) => {
      const shape = sizes?.numbers.filter((size) => size !== null);
      if (!sizes || !x || shape?.length !== sizes.numbers.length || sizeOf(shape) > MAX_SETTING_NUMBERS)
        return undefined;
      return { shape, numbers: new Array<number | null>(sizeOf(shape)).fill(x.numbers[0] ?? null) };
    },
  ],
  ['ExpandDims', (_node, [x]) => (x && x.shape.length === 0 ? vector(x.numbers) : undefined)],
  ['Squeeze', (_node, [x]) => (x && x.numbers.length === 1 ? scalar(x.numbers[0] ?? null) : undefined)],
  [
    'Reshape',
    (_node, [x, sizes]) => {
      if (!x || !sizes) return undefined;
      if (sizes.numbers.length === 0 && x.numbers.length === 1) return scalar(x.numbers[0] ?? null);
      return sizes.numbers.length === 1 ? vector(x.numbers) : undefined;
    },
  ],
  ['Select', choose],
  ['SelectV2', choose],
]);

function castTo(type: string, value: number): number {
  if (type === 'bool') return Number(value !== 0);
  return type.startsWith('float') || type === 'bfloat16' ? value : Math.trunc(value);
}
