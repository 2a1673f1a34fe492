import type { LayerConfig, Shape, WeightRef } from '../../core/graph/layerGraph';
import { Failure } from '../../core/failure';
import { kindNamed } from '../../core/layers/catalogue';
import { normalizeConfig } from '../../core/layers/config';
import { ShapeMismatch, type LayerKind, type WeightSpec } from '../../core/layers/kind';
import { t } from '../../l10n/translate';
import { reshape, type Constant } from './constants';
import type { Recognize, Weights } from './draft';
import { arithmetic } from './ops/arithmetic';
import { biases } from './ops/bias';
import { convolutions } from './ops/convolution';
import { matrixProducts } from './ops/dense';
import { dilatedConvolutions } from './ops/dilatedConvolution';
import { elementwise } from './ops/elementwise';
import { normalizations } from './ops/normalization';
import { poolings } from './ops/pooling';
import { products } from './ops/products';
import { resizings } from './ops/resizing';
import { reshapings } from './ops/reshaping';
import { slicings } from './ops/slicing';
import { transposedConvolutions } from './ops/transposedConvolution';
import { roleOf } from './weightName';

const RECOGNIZERS: ReadonlyMap<string, Recognize> = new Map(
  Object.entries({
    ...arithmetic,
    ...convolutions,
    ...dilatedConvolutions,
    ...matrixProducts,
    ...biases,
    ...transposedConvolutions,
    ...products,
    ...normalizations,
    ...elementwise,
    ...poolings,
    ...reshapings,
    ...slicings,
    ...resizings,
  }),
);

/** What makes layers of an operation; nothing for one that no kind computes. */
export function recognizerOf(op: string): Recognize | undefined {
  return RECOGNIZERS.get(op);
}

/** What a kind makes of a configuration and inputs, or why it cannot. */
export type Checked =
  | {
      readonly config: LayerConfig;
      readonly weights: readonly WeightRef[];
      readonly shapes: readonly Shape[] | undefined;
    }
  | { readonly refuse: string };

/** Holds a layer to its kind: its configuration, the weights that its inputs ask for, their numbers' places. */
export function checkLayer(
  kindName: string,
  raw: LayerConfig,
  inputs: readonly (Shape | undefined)[],
  weights: Weights = {},
): Checked {
  const kind = kindNamed(kindName);
  if (!kind) return { refuse: t('the layer kind {0} is not known', kindName) };
  try {
    const config = normalizeConfig(kind, raw);
    const known = inputs.filter((shape) => shape !== undefined);
    const specs = known.length === inputs.length ? kind.weights(config, known) : undefined;
    const shapes = known.length === inputs.length ? kind.outputs(config, known) : undefined;
    const refs = refsOf(weights, specs, kind);
    return typeof refs === 'string' ? { refuse: refs } : { config, weights: refs, shapes };
  } catch (cause) {
    if (cause instanceof ShapeMismatch) return { refuse: t('its shapes disagree: {0}', cause.message) };
    if (cause instanceof Failure) return { refuse: t('its settings cannot be used: {0}', cause.message) };
    throw cause;
  }
}

function refsOf(
  weights: Weights,
  specs: readonly WeightSpec[] | undefined,
  kind: LayerKind,
): readonly WeightRef[] | string {
  const names = specs?.map((spec) => spec.name) ?? Object.keys(weights);
  if (names.length !== Object.keys(weights).length) return t('its weights are not those of a {0}', kind.name);
  const refs: WeightRef[] = [];
  for (const [index, name] of names.entries()) {
    const constant = weights[name];
    const wanted = specs?.[index]?.shape ?? constant?.shape;
    const fitting =
      constant && wanted && sameLongAxes(constant.shape, wanted) ? reshape(constant, wanted) : undefined;
    if (!constant || !fitting) {
      const found = constant ? `[${constant.shape.join(', ')}]` : t('none');
      return t('its weight "{0}" is {1}, and not [{2}]', name, found, wanted?.join(', ') ?? '');
    }
    const ref = toRef(name, fitting);
    if (!ref) return t('the numbers of its weight "{0}" are kept in a way that cannot be read', name);
    refs.push(ref);
  }
  return refs;
}

/** Shapes that differ in axes of one alone. */
function sameLongAxes(a: readonly number[], b: readonly number[]): boolean {
  const long = (shape: readonly number[]) => shape.filter((size) => size !== 1).join();
  return long(a) === long(b);
}

export function toRef(name: string, { shape, dtype, source }: Constant): WeightRef | undefined {
  return source && { name, shape, dtype, role: roleOf(name), source };
}
