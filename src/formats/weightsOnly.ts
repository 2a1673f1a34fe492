import type { Fault } from '../core/failure';
import type {
  DType,
  Layer,
  LayerConfig,
  LayerGraph,
  WeightRef,
  WeightSource,
} from '../core/graph/layerGraph';
import { t } from '../l10n/translate';

/** A weight by its whole name in a file that says nothing of what it is for. */
export interface NamedWeight {
  /** `layer1.0.conv1.weight`. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly source: WeightSource;
  /** Told by the name where left out. */
  readonly role?: WeightRef['role'];
  /** Frozen by who saved it; trainable where left out. */
  readonly trainable?: boolean;
}

/** What a file says of a module itself, its weights apart. */
export interface NamedModule {
  readonly path: string;
  readonly kind: string;
  readonly config?: LayerConfig;
  /** Why it cannot be computed, where there is more to say. */
  readonly opaque?: string;
}

/** The kind of a layer of which nothing is known but its weights. */
export const WEIGHTS_KIND = 'Weights';

const OPAQUE = t('the file has its weights and not what it computes');

/** Names of what follows the data and is never trained, in PyTorch and in TensorFlow. */
const STATISTICS: ReadonlySet<string> = new Set([
  ...['running_mean', 'running_var', 'num_batches_tracked'],
  ...['moving_mean', 'moving_variance'],
]);

/**
 * The graph of a file that holds weights and no architecture: a layer a module, in the file's order, with the module's
 * path as its name and the path's parents as its group. Nothing is connected.
 * @param separator between the names of a path
 * @param modules what the file says of some of them; one without weights gets a layer too
 */
export function weightsOnlyGraph(
  name: string,
  weights: readonly NamedWeight[],
  separator: string,
  modules: readonly NamedModule[] = [],
): LayerGraph {
  const said = new Map(modules.map((module) => [module.path, module]));
  const byLayer = new Map<string, NamedWeight[]>(modules.map((module) => [module.path, []]));
  for (const weight of weights) {
    const layer = layerPath(weight.path, separator);
    const list = byLayer.get(layer);
    if (list) list.push(weight);
    else byLayer.set(layer, [weight]);
  }
  const layers = [...byLayer].map(([path, own], index): Layer => {
    const module = said.get(path);
    const refs = toRefs(own, separator);
    return {
      id: `weights-${index}`,
      name: path,
      kind: module?.kind ?? kindByWeights(refs),
      config: module?.config ?? {},
      calls: [],
      weights: refs,
      trainable: own.length === 0 || own.some((weight) => weight.trainable !== false),
      group: path.split(separator).slice(0, -1),
      opaque: module?.opaque ?? OPAQUE,
    };
  });
  return { name, layers, inputs: [], outputs: [] };
}

/** The finding that every such file gets. */
export function weightsOnlyFault(): Fault {
  return {
    severity: 'warning',
    code: 'WEIGHTS_ONLY',
    message: t(
      'the file holds weights and no architecture: its layers are not connected; they can be looked at and taken into another model',
    ),
  };
}

/** The module that a weight is of; one that stands alone is a layer of its own name. */
function layerPath(path: string, separator: string): string {
  const end = path.lastIndexOf(separator);
  return end > 0 ? path.slice(0, end) : path;
}

function toRefs(weights: readonly NamedWeight[], separator: string): readonly WeightRef[] {
  const taken = new Set<string>();
  return weights.map(({ path, shape, dtype, source, role }) => {
    const own =
      path.lastIndexOf(separator) > 0 ? path.slice(path.lastIndexOf(separator) + separator.length) : path;
    // "a" and "a.a" are both "a" in the layer "a".
    let name = own;
    while (taken.has(name)) name += '_';
    taken.add(name);
    return { name, shape, dtype, source, role: role ?? (STATISTICS.has(own) ? 'statistic' : 'parameter') };
  });
}

/** Running statistics of channels are kept by what, when used, is a batch normalization whatever its class. */
function kindByWeights(weights: readonly WeightRef[]): string {
  const shapeOf = (name: string) => weights.find((weight) => weight.name === name)?.shape;
  const [mean, variance] = [shapeOf('running_mean'), shapeOf('running_var')];
  const alike = mean?.length === 1 && variance?.length === 1 && mean[0] === variance[0];
  return alike ? 'BatchNormalization' : WEIGHTS_KIND;
}
