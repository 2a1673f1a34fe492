import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { field, flag } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { stretched } from './tensorOperations';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const matmulSchema = configSchema({
  transpose_a: flag().default(false),
  transpose_b: flag().default(false),
});
const einsumSchema = configSchema({
  subscripts: field<string>(
    t('like "abc,cd->abd": two tensors, a letter an axis, none twice in one'),
    (raw) => (typeof raw === 'string' && termsOf(raw) ? raw.replaceAll(' ', '') : undefined),
  ),
});

export type MatmulConfig = ConfigOf<typeof matmulSchema>;
export type EinsumConfig = ConfigOf<typeof einsumSchema>;

/** Axes by letter, of what goes in and of what comes out. */
export interface EinsumTerms {
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

/** Products of matrices, which are the last two axes; the axes before them are stretched. */
export const matmul: LayerKind<MatmulConfig> = {
  name: 'Matmul',
  family: 'operation',
  schema: matmulSchema,
  arity: [2, 2],
  weights: () => [],
  outputs(config, [a, b]) {
    const [rows, inner] = lastTwo(a, config.transpose_a);
    const [same, columns] = lastTwo(b, config.transpose_b);
    if (a.length < 2 || b.length < 2 || (inner !== same && inner !== null && same !== null)) {
      const found = t('{0} and {1}', showShape(a), showShape(b));
      throw new ShapeMismatch(found, t('matrices of which one has as many columns as the other has rows'));
    }
    return [[...stretched([a.slice(0, -2), b.slice(0, -2)]), rows ?? null, columns ?? null]];
  },
  flops: (config, [a], [output]) => 2 * sampleSize(output) * (lastTwo(a, config.transpose_a)[1] ?? 1),
};

const lastTwo = (shape: Shape, turned: boolean): Shape =>
  turned ? shape.slice(-2).reverse() : shape.slice(-2);

/** Sums of products of two tensors, in Einstein's notation. */
export const einsum: LayerKind<EinsumConfig> = {
  name: 'Einsum',
  family: 'operation',
  schema: einsumSchema,
  arity: [2, 2],
  weights: () => [],
  outputs(config, [a, b]) {
    const sizes = sizesByLetter(config, a, b);
    return [[...termsOf(config.subscripts)!.out].map((letter) => sizes.get(letter) ?? null)];
  },
  flops(config, [a, b]) {
    const [, ...sample] = [...sizesByLetter(config, a, b).values()];
    return 2 * sampleSize([null, ...sample]);
  },
};

function sizesByLetter({ subscripts }: EinsumConfig, a: Shape, b: Shape): ReadonlyMap<string, number | null> {
  const terms = termsOf(subscripts)!;
  const sizes = new Map<string, number | null>();
  for (const [letters, shape] of [[terms.a, a] as const, [terms.b, b] as const]) {
    const fits =
      letters.length === shape.length &&
      [...letters].every((letter, axis) => {
        const known = sizes.get(letter) ?? null;
        const size = shape[axis];
        sizes.set(letter, known ?? size);
        return known === null || size === null || known === size;
      });
    if (!fits)
      throw new ShapeMismatch(
        t('{0} and {1}', showShape(a), showShape(b)),
        t('shapes that fit {0}', subscripts),
      );
  }
  return sizes;
}

/** The parts of `abc,cd->abd`; nothing for more tensors than two, letters twice in one, and axes that are not named. */
export function termsOf(subscripts: string): EinsumTerms | undefined {
  const [, a, b, out] = /^([A-Za-z]*),([A-Za-z]*)->([A-Za-z]*)$/.exec(subscripts.replaceAll(' ', '')) ?? [];
  if (a === undefined || b === undefined || out === undefined) return undefined;
  const once = [a, b, out].every((letters) => new Set(letters).size === letters.length);
  return once && [...out].every((letter) => a.includes(letter) || b.includes(letter))
    ? { a, b, out }
    : undefined;
}
