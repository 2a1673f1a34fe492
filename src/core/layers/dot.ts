import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { field, flag } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { resolveAxis } from './normalization';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const schema = configSchema({
  /** One axis of both inputs, or one of each. */
  axes: field<number | readonly [number, number]>(t('an axis, or a pair of them'), (raw) => {
    if (Number.isInteger(raw)) return raw as number;
    const pair: readonly unknown[] = Array.isArray(raw) ? raw : [];
    const [a, b] = pair.filter((one): one is number => Number.isInteger(one));
    return pair.length === 2 && a !== undefined && b !== undefined ? [a, b] : undefined;
  }),
  normalize: flag().default(false),
});

export type DotConfig = ConfigOf<typeof schema>;

/** Sums products along an axis of each of two tensors; every other axis of both stays. */
export const dot: LayerKind<DotConfig> = {
  name: 'Dot',
  family: 'merging',
  schema,
  arity: [2, 2],
  weights: () => [],
  outputs(config, [a, b]) {
    const [ofA, ofB] = contractedAxes(config, a, b);
    const rest = [...a.filter((_, at) => at !== ofA), ...b.slice(1).filter((_, at) => at + 1 !== ofB)];
    return [rest.length === 1 ? [...rest, 1] : rest];
  },
  flops(config, [a, b], [output]) {
    const [ofA] = contractedAxes(config, a, b);
    return 2 * sampleSize(output) * (a[ofA] ?? 1);
  },
};

/** The axes that are summed over, from the front. */
export function contractedAxes({ axes }: DotConfig, a: Shape, b: Shape): readonly [number, number] {
  const [ofA, ofB] = typeof axes === 'number' ? [axes, axes] : axes;
  const resolved = [resolveAxis(a, ofA), resolveAxis(b, ofB)] as const;
  const found = t('{0} and {1}', showShape(a), showShape(b));
  if (resolved.includes(0)) throw new ShapeMismatch(found, t('axes other than that of the batch, 0'));
  if (a[resolved[0]] !== b[resolved[1]]) {
    throw new ShapeMismatch(
      found,
      t('one size on axis {0} of the first and axis {1} of the second', ofA, ofB),
    );
  }
  return resolved;
}
