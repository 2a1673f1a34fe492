import { Failure, type Fault } from '../../core/failure';
import { inferShapes } from '../../core/graph/infer';
import type { Layer, WeightRef } from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import { ShapeMismatch, type WeightSpec } from '../../core/layers/kind';
import type { VariableStore } from '../h5/variableStore';
import { specsOf } from '../keras/attachWeights';
import { MAX_NESTING } from '../keras/bounds';
import type { KerasGraph } from '../keras/readGraph';
import { placeKey, type VariablePlace } from './variablePaths';
import { variableCopies, variablePathsOf } from './variables';
import { t } from '../../l10n/translate';

/** Groups and datasets of one layer: a group may be linked into itself, again and again. */
const MAX_LISTED = 20_000;

/** What Keras 2.12 called the list of a model's layers. */
const OLD_LIST = '_layer_checkpoint_dependencies';

/**
 * Says of each layer where its weights are in `model.weights.h5`. Headers of datasets are read, no numbers.
 * @throws Failure `WEIGHT_MISSING`, `WEIGHT_SHAPE` naming the layer, what was found and what was expected
 */
export function attachVariables(
  read: KerasGraph,
  places: ReadonlyMap<string, VariablePlace>,
  store: VariableStore,
): KerasGraph {
  const inference = inferShapes(read.graph);
  const report: Fault[] = [];
  const old = store.has(OLD_LIST);
  const layers = read.graph.layers.map((layer): Layer => {
    const place = places.get(placeKey(read.paths.get(layer.id) ?? [layer.name]));
    if (!place) return layer;
    const group = old ? place.group.replaceAll('layers', OLD_LIST) : place.group;
    const specs = specsOf(layer, inference) ?? specsAsBuilt(layer, place);
    const weights = specs ? known(layer, specs, group, store, report) : listed(group, store);
    return weights.length === 0 ? layer : { ...layer, weights };
  });
  return { ...read, graph: { ...read.graph, layers }, report: [...read.report, ...report] };
}

/** The weights of a layer whose inputs cannot be computed, from the shapes that the file says it was built for. */
function specsAsBuilt(layer: Layer, { inputs }: VariablePlace): readonly WeightSpec[] | undefined {
  const kind = layer.opaque === undefined ? kindNamed(layer.kind) : undefined;
  if (!kind || !inputs || inputs.length < kind.arity[0]) return undefined;
  try {
    return kind.weights(layer.config, inputs);
  } catch (cause) {
    if (cause instanceof ShapeMismatch) return undefined;
    throw cause;
  }
}

function known(
  layer: Layer,
  specs: readonly WeightSpec[],
  group: string,
  store: VariableStore,
  report: Fault[],
): readonly WeightRef[] {
  const places = variablePathsOf(
    layer.kind,
    layer.config,
    specs.map((spec) => spec.name),
  );
  const present = namesByFolder(store, group, places);
  const missing = places.filter((place) => !present.has(place));
  if (missing.length > 0) {
    const found = present.size === 0 ? t('none') : [...present].slice(0, 6).join(', ');
    throw new Failure(
      'input',
      'WEIGHT_MISSING',
      t(
        'layer "{0}" ({1}): expected the weights {2} in {3} of {4}; found {5}',
        layer.name,
        layer.kind,
        places.join(', '),
        group,
        store.name,
        found,
      ),
      { layer: layer.name },
    );
  }
  const copies = variableCopies(
    layer.kind,
    layer.config,
    specs.map((spec) => spec.name),
  ).map(({ place }) => place);
  const unused = [...present].filter((place) => !places.includes(place) && !copies.includes(place));
  if (unused.length > 0) {
    report.push({
      severity: 'warning',
      code: 'WEIGHT_UNUSED',
      layer: layer.name,
      message: t('the file has weights that the layer does not ask for: {0}', unused.slice(0, 3).join(', ')),
    });
  }
  return specs.map((spec, index): WeightRef => {
    const dataset = `${group}/${places[index]!}`;
    const { shape, dtype } = store.header(dataset);
    if (shape.join() !== spec.shape.join()) {
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
    return {
      name: spec.name,
      shape,
      dtype,
      role: spec.role,
      source: store.sourceOf(dataset),
    };
  });
}

/** The datasets in the folders that a layer's weights are expected in. */
function namesByFolder(store: VariableStore, group: string, places: readonly string[]): ReadonlySet<string> {
  const folders =
    places.length === 0 ? ['vars'] : places.map((place) => place.slice(0, place.lastIndexOf('/')));
  return new Set(
    [...new Set(folders)].flatMap((folder) =>
      store.namesIn(`${group}/${folder}`).map((name) => `${folder}/${name}`),
    ),
  );
}

/** Everything that is kept for a layer of which nobody knows what it needs: `0`, `cell/1`. */
function listed(group: string, store: VariableStore): readonly WeightRef[] {
  const found: WeightRef[] = [];
  let visited = 0;
  const visit = (folder: string, depth: number): void => {
    for (const name of store.namesIn(folder === '' ? group : `${group}/${folder}`)) {
      const inside = folder === '' ? name : `${folder}/${name}`;
      const dataset = `${group}/${inside}`;
      if (++visited > MAX_LISTED || depth > MAX_NESTING) throw endless(group, store);
      if (store.isGroup(dataset)) visit(inside, depth + 1);
      else {
        const own = inside.replace(/(^|\/)vars\//, '$1');
        const source = store.sourceOf(dataset);
        found.push({ name: own, ...store.header(dataset), role: 'parameter', source });
      }
    }
  };
  visit('', 0);
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function endless(group: string, { path, name }: VariableStore): Failure {
  return new Failure(
    'input',
    'H5_CORRUPT',
    t(
      '{0}: {1} of {2}: found groups without end, expected at most {3} weights, {4} deep',
      path,
      group,
      name,
      MAX_LISTED,
      MAX_NESTING,
    ),
    { path },
  );
}
