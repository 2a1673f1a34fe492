import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { axis, count, field, integers, isRecord } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { resolveAxis } from './normalization';
import { t } from '../../l10n/translate';

/** Operations that put the numbers of tensors into other places. Axes are counted with the batch, which is axis 0. */

/** What is taken along an axis: one place, and the axis is dropped; or a stretch. */
export type Stretch = {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;
};

const transposeSchema = configSchema({ axes: integers(t('each axis once'), isOrder) });
const axisSchema = configSchema({ axis: axis() });
const squeezeSchema = configSchema({ axis: integers(t('an axis or a list of them')) });
const tileSchema = configSchema({
  repeats: integers(t('how often along each axis'), (times) => times.every((one) => one >= 1)),
});
const takeSchema = configSchema({ indices: integers(t('places along the axis')), axis: axis() });
const getItemSchema = configSchema({
  /** By axis, from the first; axes that are not named are kept whole. */
  key: field<readonly (number | Stretch)[]>(t('a place or { start, stop, step } by axis'), readKey),
});
const splitSchema = configSchema({
  /** Of the parts along the axis, in order. */
  sizes: integers(t('sizes of at least 0'), (sizes) => sizes.length > 0 && sizes.every((size) => size >= 0)),
  axis: axis(),
});
const unstackSchema = configSchema({ num: count(), axis: axis() });
const reshapeSchema = configSchema({
  shape: integers(
    t('sizes with the batch, at most one of them -1'),
    (sizes) => sizes.every((size) => size >= -1) && sizes.filter((size) => size === -1).length <= 1,
  ),
});

export type TransposeConfig = ConfigOf<typeof transposeSchema>;
export type AxisConfig = ConfigOf<typeof axisSchema>;
export type SqueezeConfig = ConfigOf<typeof squeezeSchema>;
export type TileConfig = ConfigOf<typeof tileSchema>;
export type TakeConfig = ConfigOf<typeof takeSchema>;
export type GetItemConfig = ConfigOf<typeof getItemSchema>;
export type SplitConfig = ConfigOf<typeof splitSchema>;
export type UnstackConfig = ConfigOf<typeof unstackSchema>;
export type TensorReshapeConfig = ConfigOf<typeof reshapeSchema>;

const moving = { family: 'operation', arity: [1, 1], weights: () => [], flops: () => 0 } as const;

/** The same numbers under another shape, samples mixed: `Reshape` keeps them apart. */
export const tensorReshape: LayerKind<TensorReshapeConfig> = {
  ...moving,
  name: 'TensorReshape',
  schema: reshapeSchema,
  outputs({ shape }, [input]) {
    const total = product(input);
    const known = shape.reduce((all, size) => (size === -1 ? all : all * size), 1);
    if (total !== null && (shape.includes(-1) ? known === 0 || total % known !== 0 : total !== known)) {
      throw new ShapeMismatch(
        t('{0}, which is {1} numbers', showShape(input), total),
        t('a shape of {0} numbers', known),
      );
    }
    return [shape.map((size) => (size === -1 ? (total === null ? null : total / known) : size))];
  },
};

export const transpose: LayerKind<TransposeConfig> = {
  ...moving,
  name: 'Transpose',
  schema: transposeSchema,
  outputs({ axes }, [input]) {
    if (axes.length !== input.length) {
      throw new ShapeMismatch(
        showShape(input),
        t('{0} axes, to bring into the order [{1}]', axes.length, axes.join(', ')),
      );
    }
    return [axes.map((one) => input[one])];
  },
};

export const expandDims: LayerKind<AxisConfig> = {
  ...moving,
  name: 'ExpandDims',
  schema: axisSchema,
  outputs({ axis: at }, [input]) {
    const from = at < 0 ? at + input.length + 1 : at;
    if (from < 0 || from > input.length)
      throw new ShapeMismatch(showShape(input), t('room for an axis {0}', at));
    return [[...input.slice(0, from), 1, ...input.slice(from)]];
  },
};

/** Drops axes of one. */
export const squeeze: LayerKind<SqueezeConfig> = {
  ...moving,
  name: 'Squeeze',
  schema: squeezeSchema,
  outputs({ axis: axes }, [input]) {
    const dropped = new Set(axes.map((one) => resolveAxis(input, one)));
    if (input.some((size, at) => dropped.has(at) && size !== 1)) {
      throw new ShapeMismatch(showShape(input), t('sizes of 1 on the axes [{0}]', axes.join(', ')));
    }
    return [input.filter((_, at) => !dropped.has(at))];
  },
};

export const tile: LayerKind<TileConfig> = {
  ...moving,
  name: 'Tile',
  schema: tileSchema,
  outputs({ repeats }, [input]) {
    if (repeats.length !== input.length)
      throw new ShapeMismatch(showShape(input), t('{0} axes', repeats.length));
    return [input.map((size, at) => (size === null ? null : size * repeats[at]))];
  },
};

/** Some places along an axis, in any order. */
export const take: LayerKind<TakeConfig> = {
  ...moving,
  name: 'Take',
  schema: takeSchema,
  outputs({ indices, axis: one }, [input]) {
    const at = resolveAxis(input, one);
    const size = input[at];
    if (size !== null && indices.some((index) => index >= size || index < -size)) {
      throw new ShapeMismatch(
        showShape(input),
        t('places inside axis {0}, for [{1}]', one, indices.join(', ')),
      );
    }
    return [input.map((length, axis) => (axis === at ? indices.length : length))];
  },
};

/** A part of a tensor, as an index of NumPy says. */
export const getItem: LayerKind<GetItemConfig> = {
  ...moving,
  name: 'GetItem',
  schema: getItemSchema,
  outputs({ key }, [input]) {
    if (key.length > input.length)
      throw new ShapeMismatch(showShape(input), t('at least {0} axes', key.length));
    return [
      input.flatMap((size, at) => {
        const one = key[at];
        if (one === undefined) return [size];
        if (typeof one !== 'number')
          return [isWhole(one) ? size : size === null ? null : placesOf(one, size).count];
        if (size !== null && (one >= size || one < -size)) {
          throw new ShapeMismatch(showShape(input), t('a place {0} on axis {1}', one, at));
        }
        return [];
      }),
    ];
  },
};

/** Tensors of one shape along a new axis. */
export const stack: LayerKind<AxisConfig> = {
  ...moving,
  name: 'Stack',
  schema: axisSchema,
  arity: [1, Infinity],
  outputs({ axis: at }, inputs) {
    const [first] = inputs;
    const alike = inputs.every(
      (input) =>
        input.length === first.length &&
        input.every((size, axis) => size === null || first[axis] === null || size === first[axis]),
    );
    if (!alike) throw new ShapeMismatch(inputs.map(showShape).join(t(' and ')), t('tensors of one shape'));
    const from = at < 0 ? at + first.length + 1 : at;
    if (from < 0 || from > first.length)
      throw new ShapeMismatch(showShape(first), t('room for an axis {0}', at));
    return [[...first.slice(0, from), inputs.length, ...first.slice(from)]];
  },
};

/** Parts along an axis, an output each. */
export const split: LayerKind<SplitConfig> = {
  ...moving,
  name: 'Split',
  schema: splitSchema,
  outputs({ sizes, axis: one }, [input]) {
    const at = resolveAxis(input, one);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (input[at] !== null && input[at] !== total) {
      throw new ShapeMismatch(
        showShape(input),
        t('{0} on axis {1}, to split into {2}', total, one, sizes.join(' + ')),
      );
    }
    return sizes.map((size) => input.map((length, axis) => (axis === at ? size : length)));
  },
};

/** Each place along an axis, an output each, the axis dropped. */
export const unstack: LayerKind<UnstackConfig> = {
  ...moving,
  name: 'Unstack',
  schema: unstackSchema,
  outputs({ num, axis: one }, [input]) {
    const at = resolveAxis(input, one);
    if (input[at] !== null && input[at] !== num)
      throw new ShapeMismatch(showShape(input), t('{0} on axis {1}', num, one));
    return Array.from({ length: num }, () => input.filter((_, axis) => axis !== at));
  },
};

/** Where a stretch begins along an axis of that size, and how many places it takes, as Python has it. */
export function placesOf(
  { start, stop, step }: Stretch,
  size: number,
): { start: number; count: number; step: number } {
  const by = step ?? 1;
  const clamp = (at: number, least: number, most: number) =>
    Math.min(most, Math.max(least, at < 0 ? at + size : at));
  const [from, to] =
    by > 0
      ? [start === null ? 0 : clamp(start, 0, size), stop === null ? size : clamp(stop, 0, size)]
      : [
          start === null ? size - 1 : clamp(start, -1, size - 1),
          stop === null ? -1 : clamp(stop, -1, size - 1),
        ];
  return { start: from, count: Math.max(0, Math.ceil((to - from) / by)), step: by };
}

function isWhole({ start, stop, step }: Stretch): boolean {
  return (start === null || start === 0) && stop === null && (step === null || step === 1);
}

function isOrder(axes: readonly number[]): boolean {
  return axes.toSorted((a, b) => a - b).every((one, index) => one === index);
}

function readKey(raw: unknown): readonly (number | Stretch)[] | undefined {
  const isPlace = (one: unknown): one is number | null => one === null || Number.isSafeInteger(one);
  const read = (Array.isArray(raw) ? (raw as unknown[]) : []).map((one) => {
    if (typeof one === 'number') return Number.isSafeInteger(one) ? one : undefined;
    const { start = null, stop = null, step = null } = isRecord(one) ? one : { start: NaN };
    return isPlace(start) && isPlace(stop) && isPlace(step) && step !== 0 ? { start, stop, step } : undefined;
  });
  return read.length > 0 && read.every((one) => one !== undefined) ? read : undefined;
}

const product = (sizes: Shape): number | null =>
  sizes.reduce<number | null>((all, size) => (all === null || size === null ? null : all * size), 1);
