import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { field } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { resolveAxis } from './normalization';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const mergeSchema = configSchema({});
const concatenateSchema = configSchema({
  axis: field<number>(t('an axis other than that of the batch, 0'), (raw) =>
    typeof raw === 'number' && Number.isInteger(raw) && raw !== 0 ? raw : undefined,
  ).default(-1),
});

export type MergeConfig = ConfigOf<typeof mergeSchema>;
export type ConcatenateConfig = ConfigOf<typeof concatenateSchema>;

/** Combines tensors number by number; axes of one are stretched. */
function merge(name: string, most = Infinity): LayerKind<MergeConfig> {
  return {
    name,
    family: 'merging',
    schema: mergeSchema,
    arity: [most === 2 ? 2 : 1, most],
    weights: () => [],
    outputs: (_config, inputs) => [broadcast(inputs)],
    flops: (_config, inputs, [output]) => Math.max(0, inputs.length - 1) * sampleSize(output),
  };
}

export const add = merge('Add');
export const subtract = merge('Subtract', 2);
export const multiply = merge('Multiply');
export const average = merge('Average');
export const maximum = merge('Maximum');
export const minimum = merge('Minimum');

export const concatenate: LayerKind<ConcatenateConfig> = {
  name: 'Concatenate',
  family: 'merging',
  schema: concatenateSchema,
  arity: [1, Infinity],
  weights: () => [],
  outputs(config, inputs) {
    const [first] = inputs;
    const axis = resolveAxis(first, config.axis);
    const alike = inputs.every(
      (input) =>
        input.length === first.length && input.every((size, at) => at === axis || agree(size, first[at])),
    );
    if (!alike) {
      throw new ShapeMismatch(
        showAll(inputs),
        t('the same sizes on every axis but {0}, along which they are joined', axis),
      );
    }
    const joined = inputs.reduce<number | null>((sum, input) => {
      const size = input[axis];
      return sum === null || size === null ? null : sum + size;
    }, 0);
    return [first.map((size, at) => (at === axis ? joined : size))];
  },
  flops: () => 0,
};

/**
 * The shape of an elementwise operation: aligned at the last axis, with the batch apart, and an unknown size stays
 * unknown. Source: keras.layers.merging.base_merge, _compute_elemwise_op_output_shape.
 */
function broadcast(inputs: readonly Shape[]): Shape {
  const mismatch = () =>
    new ShapeMismatch(showAll(inputs), t('shapes that are equal, or 1 where they differ'));
  if (inputs.every((input) => input.length === 0)) return [];
  const sample = inputs
    .map((input) => input.slice(1))
    .reduce((one, other) => {
      const [longer, shorter] = one.length < other.length ? [other, one] : [one, other];
      const lead = longer.length - shorter.length;
      return longer.map((size, at) => {
        if (at < lead) return size;
        const met = shorter[at - lead];
        if (size === null || met === null) return null;
        if (size !== met && size !== 1 && met !== 1) throw mismatch();
        return size === 1 ? met : size;
      });
    });
  // A batch of one is stretched to any other: constants have one.
  const batches = new Set(inputs.map(([batch]) => batch).filter((batch) => batch !== 1));
  const known = [...batches].filter((batch) => batch !== null);
  if (known.length > 1) throw mismatch();
  return [known[0] ?? (batches.has(null) ? null : 1), ...sample];
}

const agree = (a: number | null, b: number | null): boolean => a === null || b === null || a === b;

const showAll = (shapes: readonly Shape[]): string => shapes.map(showShape).join(t(' and '));
