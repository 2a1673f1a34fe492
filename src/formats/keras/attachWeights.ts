import { Failure, type Fault } from '../../core/failure';
import { inferShapes, shapeOf, type Inference } from '../../core/graph/infer';
import type { DType, Layer, LayerGraph, WeightRef, WeightSource } from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import { innerLayers } from '../../core/layers/wrapping';
import { ShapeMismatch, type WeightSpec } from '../../core/layers/kind';
import { listFew } from '../listFew';
import type { KerasGraph } from './readGraph';
import { endsLike, splitWeightPath } from './weightNames';
import { t } from '../../l10n/translate';

/** A weight as a file has it. */
export interface StoredWeight {
  /** As written, `conv/kernel:0`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly source: WeightSource;
}

/**
 * Weights that were stored together, in the file's order: those of one outermost layer in an `.h5` (which may be a model
 * of many), all of them in a TensorFlow.js model.
 */
export interface WeightGroup {
  /** The outermost layer; every layer where left out. */
  readonly layer?: string;
  readonly weights: readonly StoredWeight[];
}

/** A layer with the weights that its kind and inputs ask for; `undefined` where nobody can say. */
interface Claim {
  readonly layer: Layer;
  readonly path: readonly string[];
  readonly specs: readonly WeightSpec[] | undefined;
}

/**
 * Finds each layer's weights in a file: by the layer's and the weight's name, and where names do not decide (layers
 * renamed after they were built, equal names in two nested models) by order within an outermost layer, as Keras does.
 * @throws Failure `WEIGHT_MISSING`, `WEIGHT_SHAPE` naming the layer, what was found and what was expected
 */
export function attachWeights(read: KerasGraph, groups: readonly WeightGroup[]): KerasGraph {
  const inference = inferShapes(read.graph);
  const claims = read.graph.layers.map((layer) => ({
    layer,
    path: read.paths.get(layer.id) ?? [layer.name],
    specs: specsOf(layer, inference),
  }));
  const byGroup = new Map<string | undefined, { claims: Claim[]; group?: WeightGroup }>();
  for (const group of groups) byGroup.set(group.layer, { claims: [], group });
  const nowhere: Claim[] = [];
  for (const claim of claims) {
    const place = byGroup.get(claim.path[0]) ?? byGroup.get(undefined);
    (place?.claims ?? nowhere).push(claim);
  }
  const attached = new Map<Layer, readonly WeightRef[]>();
  const report: Fault[] = [];
  for (const { claims, group } of [...byGroup.values(), { claims: nowhere, group: undefined }]) {
    const found = matchGroup(claims, group);
    for (const [layer, weights] of found) attached.set(layer, weights);
    report.push(...unusedIn(group, found));
  }
  const layers = read.graph.layers.map((layer): Layer => {
    const weights = attached.get(layer) ?? [];
    return weights.length === 0 ? layer : { ...layer, weights };
  });
  const graph: LayerGraph = { ...read.graph, layers };
  return { ...read, graph, report: [...read.report, ...report] };
}

/** The weights that a layer's kind asks for on its inputs; undefined where nobody can say. */
export function specsOf(layer: Layer, inference: Inference): readonly WeightSpec[] | undefined {
  const kind = layer.opaque === undefined ? kindNamed(layer.kind) : undefined;
  const inputs = layer.calls[0]?.inputs.map((tensor) => shapeOf(inference, tensor));
  if (!kind || !inputs?.every((shape) => shape !== undefined)) return undefined;
  if (inputs.length < kind.arity[0]) return undefined;
  try {
    return kind.weights(layer.config, inputs);
  } catch (cause) {
    if (cause instanceof ShapeMismatch) return undefined;
    throw cause;
  }
}

function matchGroup(
  claims: readonly Claim[],
  group: WeightGroup | undefined,
): ReadonlyMap<Layer, readonly WeightRef[]> {
  const stored = group?.weights ?? [];
  const alone = claims.length === 1 ? stored : undefined;
  const index = indexByLayer(stored);
  const byName = claims.map((claim) => matchByName(claim, index, alone));
  const used = byName.flatMap((match) => match?.map(({ weight }) => weight) ?? []);
  const decided = byName.every((match) => match) && new Set(used).size === used.length;
  const ordered = group?.layer !== undefined;
  const matches = decided ? byName : ordered ? matchByOrder(claims, stored) : undefined;
  if (!matches) throw missing(claims, byName, stored);
  return new Map(
    claims.map(({ layer }, index) => [
      layer,
      (matches[index] ?? []).map(({ weight, spec }) => toRef(layer, weight, spec)),
    ]),
  );
}

interface Matched {
  readonly weight: StoredWeight;
  readonly spec?: WeightSpec;
}

/** Weights by each name on the way to them: `block/conv/kernel` under `block` and `conv`. */
function indexByLayer(stored: readonly StoredWeight[]): ReadonlyMap<string, readonly StoredWeight[]> {
  const index = new Map<string, StoredWeight[]>();
  for (const weight of stored) {
    for (const name of new Set(splitWeightPath(weight.path).slice(0, -1))) {
      const list = index.get(name);
      if (list) list.push(weight);
      else index.set(name, [weight]);
    }
  }
  return index;
}

/**
 * @param alone all that was stored, where the layer is the only one that it can belong to
 * @returns undefined where a weight is missing or several could be meant
 */
function matchByName(
  { layer, path, specs }: Claim,
  index: ReadonlyMap<string, readonly StoredWeight[]>,
  alone: readonly StoredWeight[] | undefined,
): readonly Matched[] | undefined {
  const own = path.at(-1)!;
  const below = index.get(own) ?? [];
  if (!specs) return (alone ?? narrow(below, path)).map((weight) => ({ weight }));
  const { family } = kindNamed(layer.kind) ?? {};
  const holdsParts = family === 'recurrent' || family === 'attention' || innerLayers(layer.config).length > 0;
  const matches: Matched[] = [];
  for (const spec of specs) {
    const isNamed = (weight: StoredWeight) => endsLike(splitWeightPath(weight.path), layer.kind, spec.name);
    const isOwn = ({ path: whole }: StoredWeight) => holdsParts || splitWeightPath(whole).at(-2) === own;
    const named = below.filter((weight) => isOwn(weight) && isNamed(weight));
    const candidates = named.length === 0 && alone ? alone.filter(isNamed) : narrow(named, path);
    if (candidates.length !== 1) return undefined;
    matches.push({ weight: candidates[0]!, spec });
  }
  return matches;
}

/** Of weights of equally named layers, those whose path has most of the models that the layer is in. */
function narrow(candidates: readonly StoredWeight[], path: readonly string[]): readonly StoredWeight[] {
  if (candidates.length < 2) return candidates;
  const shared = candidates.map((weight) => {
    const segments = splitWeightPath(weight.path);
    return path.filter((name) => segments.includes(name)).length;
  });
  const most = Math.max(...shared);
  return candidates.filter((_, index) => shared[index] === most);
}

/** Keras's order: what trains, layer by layer, then what does not. Only where counts and shapes agree throughout. */
function matchByOrder(
  claims: readonly Claim[],
  stored: readonly StoredWeight[],
): readonly (readonly Matched[])[] | undefined {
  if (claims.some((claim) => !claim.specs)) return undefined;
  const slots = claims.flatMap(({ layer, specs }, claim) =>
    specs!.map((spec) => ({ claim, spec, trains: layer.trainable && spec.role === 'parameter' })),
  );
  const ordered = [...slots.filter((slot) => slot.trains), ...slots.filter((slot) => !slot.trains)];
  const agrees = ordered.every(
    ({ spec }, index) => stored[index] && sameShape(stored[index].shape, spec.shape),
  );
  if (!agrees || ordered.length !== stored.length) return undefined;
  const weightOf = new Map(ordered.map((slot, index) => [slot, stored[index]!]));
  const matches = claims.map((): Matched[] => []);
  for (const slot of slots) matches[slot.claim]!.push({ weight: weightOf.get(slot)!, spec: slot.spec });
  return matches;
}

function toRef(layer: Layer, weight: StoredWeight, spec: WeightSpec | undefined): WeightRef {
  const { shape, dtype, source } = weight;
  if (!spec) {
    const name = splitWeightPath(weight.path).at(-1)!;
    return { name, shape, dtype, source, role: name.startsWith('moving_') ? 'statistic' : 'parameter' };
  }
  if (!sameShape(shape, spec.shape)) {
    throw new Failure(
      'input',
      'WEIGHT_SHAPE',
      t(
        'layer "{0}", weight "{1}": found shape [{2}], expected [{3}]',
        layer.name,
        spec.name,
        shape.join(', '),
        spec.shape.join(', '),
      ),
      { layer: layer.name },
    );
  }
  return { name: spec.name, shape, dtype, source, role: spec.role };
}

function missing(
  claims: readonly Claim[],
  byName: readonly (readonly Matched[] | undefined)[],
  stored: readonly StoredWeight[],
): Failure {
  const { layer, specs } = claims[byName.findIndex((match) => !match)] ?? claims[0]!;
  const names = stored.map((weight) => weight.path);
  const found =
    names.length === 0 ? t('none') : `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
  return new Failure(
    'input',
    'WEIGHT_MISSING',
    t(
      'layer "{0}" ({1}): expected the weights {2}; found {3}',
      layer.name,
      layer.kind,
      specs?.map((spec) => spec.name).join(', ') ?? '',
      found,
    ),
    { layer: layer.name },
  );
}

function unusedIn(group: WeightGroup | undefined, found: ReadonlyMap<Layer, readonly WeightRef[]>): Fault[] {
  const used = new Set([...found.values()].flatMap((weights) => weights.map((weight) => weight.source)));
  const unused = (group?.weights ?? []).filter((weight) => !used.has(weight.source));
  if (unused.length === 0) return [];
  const listed = unused.map((weight) => `"${weight.path}"`);
  return [
    {
      severity: 'warning',
      code: 'WEIGHT_UNUSED',
      ...(group?.layer === undefined ? {} : { layer: group.layer }),
      message: t('the file has weights that no layer asks for: {0}', listFew(listed, 3)),
    },
  ];
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
