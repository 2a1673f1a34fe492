import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/tensorOperations';
import { computes, type Forward } from './forward';
import { along, tensorProducts } from './tensorProducts';
import { tensorResizings } from './tensorResizing';
import { tensorShapings } from './tensorShaping';

type Of<Name extends string, Compute> = Readonly<Record<Name, Compute>>;

/** 1 where a number is above 0. Unlike tfjs's comparisons it has a gradient, which is none. */
const above = (x: tf.Tensor) => tf.step(x);
const isAny = (x: tf.Tensor) => tf.step(tf.abs(x));
const not = (x: tf.Tensor) => tf.sub(1, x);

const unary: Of<catalogue.UnaryName, (x: tf.Tensor) => tf.Tensor> = {
  Absolute: (x) => tf.abs(x),
  Ceil: (x) => tf.ceil(x),
  Cos: (x) => tf.cos(x),
  Erf: (x) => tf.erf(x),
  Expm1: (x) => tf.expm1(x),
  Floor: (x) => tf.floor(x),
  Log: (x) => tf.log(x),
  Log1p: (x) => tf.log1p(x),
  LogicalNot: (x) => not(isAny(x)),
  Reciprocal: (x) => tf.reciprocal(x),
  Round: (x) => tf.round(x),
  Rsqrt: (x) => tf.rsqrt(x),
  Sign: (x) => tf.sign(x),
  Sin: (x) => tf.sin(x),
  Sqrt: (x) => tf.sqrt(x),
  Square: (x) => tf.square(x),
  Trunc: (x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))),
};

const binary: Of<catalogue.BinaryName, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  Divide: (a, b) => tf.div(a, b),
  Equal: (a, b) => not(isAny(tf.sub(a, b))),
  FloorDivide: (a, b) => tf.floor(tf.div(a, b)),
  Greater: (a, b) => above(tf.sub(a, b)),
  GreaterEqual: (a, b) => not(above(tf.sub(b, a))),
  Less: (a, b) => above(tf.sub(b, a)),
  LessEqual: (a, b) => not(above(tf.sub(a, b))),
  LogicalAnd: (a, b) => tf.mul(isAny(a), isAny(b)),
  LogicalOr: (a, b) => isAny(tf.add(isAny(a), isAny(b))),
  Mod: (a, b) => tf.mod(a, b),
  NotEqual: (a, b) => isAny(tf.sub(a, b)),
  Power: (a, b) => tf.pow(a, b),
};

const reduce: Of<catalogue.ReducingName, (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor> = {
  Max: (x, axes, keepDims) => tf.max(x, axes, keepDims),
  Mean: (x, axes, keepDims) => tf.mean(x, axes, keepDims),
  Min: (x, axes, keepDims) => tf.min(x, axes, keepDims),
  Prod: product,
  Sum: (x, axes, keepDims) => tf.sum(x, axes, keepDims),
};

/** By halves that are multiplied: tfjs's own product has no gradient that works. */
function product(x: tf.Tensor, axes: readonly number[], keepDims: boolean): tf.Tensor {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const rows = kept.reduce((all, axis) => all * x.shape[axis], 1);
  let cells = tf.reshape(tf.transpose(x, [...kept, ...axes]), [rows, rows === 0 ? 0 : x.size / rows]);
  if (cells.shape[1] === 0) cells = tf.ones([rows, 1]);
  for (let count: number = cells.size / Math.max(1, rows); count > 1; count = Math.ceil(count / 2)) {
    const even = count % 2 === 0 ? cells : tf.concat([cells, tf.ones([rows, 1])], 1);
    const [first, second] = tf.split(even, 2, 1);
    cells = tf.mul(first, second);
  }
  const sizes = keepDims
    ? x.shape.map((size, axis) => (kept.includes(axis) ? size : 1))
    : kept.map((axis) => x.shape[axis]);
  return tf.reshape(cells, sizes);
}

const pad: Forward<catalogue.PadConfig> = ({ pad_width: margins, mode, constant_values: value }, [x]) => {
  if (mode === 'constant')
    return tf.pad(
      x,
      margins.map(([before, after]) => [before, after]),
      value,
    );
  // Joined of slices: tfjs's mirrored padding has no gradient.
  const skipped = mode === 'reflect' ? 1 : 0;
  return margins.reduce<tf.Tensor>(
    (y, [before, after], axis) =>
      along(y, axis, (cells) => {
        const [rows, size, columns] = cells.shape;
        const mirrored = (from: number, count: number) =>
          tf.reverse(tf.slice(cells, [0, from, 0], [rows, count, columns]), 1);
        return tf.concat(
          [
            ...(before > 0 ? [mirrored(skipped, before)] : []),
            cells,
            ...(after > 0 ? [mirrored(size - skipped - after, after)] : []),
          ],
          1,
        );
      }),
    x,
  );
};

const constant: Forward<catalogue.ConstantConfig> = ({ shape, value }, [samples], { weight }) => {
  // What a call gives out is freed after its last reader: the weight must live on.
  const numbers = value === null ? tf.clone(weight('value')) : tf.tensor([...value], [...shape], 'float32');
  const like = samples as tf.Tensor | undefined;
  return like ? tf.broadcastTo(numbers, [like.shape[0], ...shape.slice(1)]) : numbers;
};

export const tensorOperations = [
  ...catalogue.unaries.map((kind) =>
    computes(kind, (_config, [x]) => unary[kind.name as catalogue.UnaryName](x)),
  ),
  ...catalogue.binaries.map((kind) =>
    computes(kind, (_config, [a, b]) => binary[kind.name as catalogue.BinaryName](a, b)),
  ),
  ...catalogue.reductions.map((kind) =>
    computes(kind, (config, [x]) =>
      reduce[kind.name as catalogue.ReducingName](x, [...catalogue.axesOf(config, x.shape)], config.keepdims),
    ),
  ),
  computes(catalogue.where, (_config, [condition, a, b]) =>
    tf.where(tf.cast(isAny(condition), 'bool'), a, b),
  ),
  computes(catalogue.pad, pad),
  computes(catalogue.constant, constant),
  ...tensorShapings,
  ...tensorResizings,
  ...tensorProducts,
];
