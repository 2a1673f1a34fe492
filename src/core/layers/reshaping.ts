import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { count, dataFormat, integers } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { t } from '../../l10n/translate';

const flattenSchema = configSchema({ data_format: dataFormat() });
const reshapeSchema = configSchema({
  target_shape: integers(
    t('sizes without the batch, at most one of them -1'),
    (sizes) => sizes.every((size) => size >= -1) && sizes.filter((size) => size === -1).length <= 1,
  ),
});
const permuteSchema = configSchema({
  dims: integers(t('each axis once, counted from 1 after the batch'), (dims) =>
    dims.toSorted((a, b) => a - b).every((dim, index) => dim === index + 1),
  ),
});

const repeatSchema = configSchema({ n: count() });

export type FlattenConfig = ConfigOf<typeof flattenSchema>;
export type ReshapeConfig = ConfigOf<typeof reshapeSchema>;
export type PermuteConfig = ConfigOf<typeof permuteSchema>;
export type RepeatVectorConfig = ConfigOf<typeof repeatSchema>;

const moving = { family: 'reshaping', arity: [1, 1], weights: () => [], flops: () => 0 } as const;

export const flatten: LayerKind<FlattenConfig> = {
  ...moving,
  name: 'Flatten',
  schema: flattenSchema,
  outputs: (_config, [[batch, ...sample]]) => [[batch, sizeOfKnown(sample)]],
};

export const reshape: LayerKind<ReshapeConfig> = {
  ...moving,
  name: 'Reshape',
  schema: reshapeSchema,
  outputs: ({ target_shape: target }, [input]) => [[input[0], ...fillIn(target, input)]],
};

export const permute: LayerKind<PermuteConfig> = {
  ...moving,
  name: 'Permute',
  schema: permuteSchema,
  outputs({ dims }, [input]) {
    if (input.length !== dims.length + 1) {
      throw new ShapeMismatch(
        showShape(input),
        t('{0} axes after the batch, to permute by [{1}]', dims.length, dims.join(', ')),
      );
    }
    return [[input[0], ...dims.map((dim) => input[dim])]];
  },
};

/** A vector, `n` times over as steps. */
export const repeatVector: LayerKind<RepeatVectorConfig> = {
  ...moving,
  name: 'RepeatVector',
  schema: repeatSchema,
  outputs({ n }, [input]) {
    if (input.length !== 2) throw new ShapeMismatch(showShape(input), t('a vector per sample'));
    return [[input[0], n, input[1]]];
  },
};

function sizeOfKnown(sizes: Shape): number | null {
  return sizes.reduce<number | null>(
    (product, size) => (product === null || size === null ? null : product * size),
    1,
  );
}

/** Works out the -1 of a target; it stays unknown where any size of the input is. */
function fillIn(target: readonly number[], input: Shape): Shape {
  const known = target.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const total = sizeOfKnown(input.slice(1));
  if (total === null) return target.map((size) => (size === -1 ? null : size));
  const fits = target.includes(-1) ? known > 0 && total % known === 0 : known === total;
  if (!fits) {
    const expected = target.includes(-1) ? t('a multiple of {0} numbers', known) : t('{0} numbers', known);
    throw new ShapeMismatch(
      t('{0}, which is {1} numbers', showShape(input), total),
      t('{0} per sample, to reshape to {1}', expected, showShape(target)),
    );
  }
  return target.map((size) => (size === -1 ? total / known : size));
}
