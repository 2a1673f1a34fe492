import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { field, flag, integers, nullable, number } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { resolveAxis } from './normalization';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

/**
 * Operations on raw tensors, as graphs have them that were not written in layers. They are named as Keras's operations
 * are (`keras.ops`) where it has them. Axes are counted with the batch, which is axis 0.
 */

const noSchema = configSchema({});

export type NoConfig = ConfigOf<typeof noSchema>;

/** Of one tensor, number by number. */
export const UNARY = [
  'Absolute',
  'Ceil',
  'Cos',
  'Erf',
  'Expm1',
  'Floor',
  'Log',
  'Log1p',
  'LogicalNot',
  'Reciprocal',
  'Round',
  'Rsqrt',
  'Sign',
  'Sin',
  'Sqrt',
  'Square',
  'Trunc',
] as const;

/** Of two tensors, aligned at the last axis, axes of one stretched; what compares gives 1 for true and 0 for false. */
export const BINARY = [
  'Divide',
  'Equal',
  'FloorDivide',
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'LogicalAnd',
  'LogicalOr',
  'Mod',
  'NotEqual',
  'Power',
] as const;

/** Over some axes. */
export const REDUCING = ['Max', 'Mean', 'Min', 'Prod', 'Sum'] as const;

export type UnaryName = (typeof UNARY)[number];
export type BinaryName = (typeof BINARY)[number];
export type ReducingName = (typeof REDUCING)[number];

const reducingSchema = configSchema({
  /** All of them where left out. */
  axis: nullable(integers(t('an axis, a list of them, or null'))),
  keepdims: flag().default(false),
});
const padSchema = configSchema({
  /** By axis, `[before, after]`. */
  pad_width: field<readonly (readonly [number, number])[]>(t('[before, after] by axis'), (raw) => {
    const pairs: readonly unknown[] = Array.isArray(raw) ? raw : [];
    const isCount = (one: unknown) => Number.isSafeInteger(one) && (one as number) >= 0;
    const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && pair.every(isCount);
    return pairs.length > 0 && pairs.every(isPair) ? (pairs as [number, number][]) : undefined;
  }),
  mode: field<'constant' | 'reflect' | 'symmetric'>(t('constant, reflect or symmetric'), (raw) =>
    raw === 'constant' || raw === 'reflect' || raw === 'symmetric' ? raw : undefined,
  ).default('constant'),
  constant_values: number().default(0),
});
const constantSchema = configSchema({
  shape: integers('sizes', (sizes) => sizes.every((size) => size >= 0)),
  /** Its numbers in row-major order, where they are no weight. */
  value: nullable(
    field<readonly number[]>(t('a list of numbers'), (raw) =>
      Array.isArray(raw) && raw.every((one) => typeof one === 'number') ? (raw as number[]) : undefined,
    ),
  ),
});

export type ReducingConfig = ConfigOf<typeof reducingSchema>;
export type PadConfig = ConfigOf<typeof padSchema>;
export type ConstantConfig = ConfigOf<typeof constantSchema>;

export const unaries = UNARY.map((name) =>
  elementwise<NoConfig>({ name, family: 'operation', schema: noSchema }, 1),
);

export const binaries = BINARY.map((name): LayerKind<NoConfig> => ({
  name,
  family: 'operation',
  schema: noSchema,
  arity: [2, 2],
  weights: () => [],
  outputs: (_config, inputs) => [stretched(inputs)],
  flops: (_config, _inputs, [output]) => sampleSize(output),
}));

/** The second where the first is not 0, the third elsewhere. */
export const where: LayerKind<NoConfig> = {
  name: 'Where',
  family: 'operation',
  schema: noSchema,
  arity: [3, 3],
  weights: () => [],
  outputs: (_config, inputs) => [stretched(inputs)],
  flops: (_config, _inputs, [output]) => sampleSize(output),
};

export const reductions = REDUCING.map((name): LayerKind<ReducingConfig> => ({
  name,
  family: 'operation',
  schema: reducingSchema,
  arity: [1, 1],
  weights: () => [],
  outputs(config, [input]) {
    const axes = new Set(axesOf(config, input));
    if (config.keepdims) return [input.map((size, axis) => (axes.has(axis) ? 1 : size))];
    return [input.filter((_, axis) => !axes.has(axis))];
  },
  flops: (_config, [input]) => sampleSize(input),
}));

/** More of a tensor on each side: a number, or what is near the border, mirrored with it (symmetric) or without. */
export const pad: LayerKind<PadConfig> = {
  name: 'Pad',
  family: 'operation',
  schema: padSchema,
  arity: [1, 1],
  weights: () => [],
  outputs({ pad_width: margins, mode }, [input]) {
    const most = (size: number) => (mode === 'symmetric' ? size : size - 1);
    const fits = margins.every((pair, axis) => {
      const size = input[axis] ?? null;
      return mode === 'constant' || size === null || Math.max(...pair) <= most(size);
    });
    if (margins.length !== input.length || !fits) {
      const by = JSON.stringify(margins);
      throw new ShapeMismatch(
        showShape(input),
        mode === 'constant'
          ? t('{0} axes, to pad by {1}', margins.length, by)
          : t('{0} axes, each longer than its margins, to pad by {1}', margins.length, by),
      );
    }
    return [input.map((size, axis) => (size === null ? null : size + margins[axis][0] + margins[axis][1]))];
  },
  flops: () => 0,
};

/**
 * Numbers that no input changes. Given a tensor, they are repeated for each sample of it, and must be of one.
 */
export const constant: LayerKind<ConstantConfig> = {
  name: 'Constant',
  family: 'operation',
  schema: constantSchema,
  arity: [0, 1],
  weights: ({ shape, value }) =>
    value === null
      ? [{ name: 'value', shape, role: 'parameter', initializer: { kind: 'Zeros', config: {} } }]
      : [],
  outputs({ shape, value }, [samples]) {
    const size = shape.reduce((product, one) => product * one, 1);
    if (value !== null && value.length !== size) {
      throw new ShapeMismatch(
        t('{0} numbers', value.length),
        t('{0}, for the shape {1}', size, showShape(shape)),
      );
    }
    const like = samples as Shape | undefined;
    if (!like) return [shape];
    if (shape[0] !== 1 || like.length === 0) {
      throw new ShapeMismatch(
        t('{0} for {1}', showShape(shape), showShape(like)),
        t('numbers of one sample, and samples'),
      );
    }
    return [[like[0], ...shape.slice(1)]];
  },
  flops: () => 0,
};

/** The axes that are reduced, from the front. */
export function axesOf({ axis }: ReducingConfig, input: Shape): readonly number[] {
  return axis === null ? input.map((_, at) => at) : axis.map((one) => resolveAxis(input, one));
}

/** The shape that tensors have together, aligned at the last axis; unknown sizes give way to known ones above one. */
export function stretched(inputs: readonly Shape[]): Shape {
  const rank = Math.max(...inputs.map((input) => input.length));
  return Array.from({ length: rank }, (_, at) => {
    const met = inputs.flatMap((input) => {
      const size = input[at - rank + input.length];
      return size === undefined || size === 1 ? [] : [size];
    });
    const known = new Set(met.filter((size) => size !== null));
    if (known.size > 1) {
      throw new ShapeMismatch(
        inputs.map(showShape).join(t(' and ')),
        t('sizes that are equal, or 1 where they differ'),
      );
    }
    return known.values().next().value ?? (met.length > 0 ? null : 1);
  });
}
