import { basename, parse } from 'node:path';
import { Failure } from '../../core/failure';
import { t } from '../../l10n/translate';
import { MAX_NESTING } from '../keras/bounds';
import { splitWeightPath } from '../keras/weightNames';
import type { ModelFile } from '../format';
import { weightsOnlyFault, weightsOnlyGraph, type NamedWeight } from '../weightsOnly';
import type { H5File } from './h5File';
import { storeOf, type VariableStore } from './variableStore';

/** Groups: two a layer. One may be linked into itself, again and again. */
const MAX_GROUPS = 50_000;

/** Lists of layers, which are no layers themselves. */
const LISTS: ReadonlySet<string> = new Set(['layers', '_layer_checkpoint_dependencies', 'cells']);

/** What training left beside the weights; a model file's is not read either. */
const NOT_WEIGHTS: ReadonlySet<string> = new Set(['optimizer', 'metrics', 'loss']);

/**
 * The file of `model.save_weights`, if it is one: of Keras 1 and 2 (`layer_names` at the root), or Keras 3's
 * `.weights.h5` (groups of numbered `vars`). Headers of datasets are read, no numbers.
 * @throws Failure `H5_CORRUPT`
 */
export function readWeightsOnly(file: H5File): ModelFile | undefined {
  const layers = file.texts('/', 'layer_names');
  const weights = layers ? listedWeights(file, layers) : numberedWeights(storeOf(file, basename(file.path)));
  return !layers && weights.length === 0 ? undefined : modelOf(file.path, weights);
}

/**
 * The variables of Keras 3 that are in several files.
 * @throws Failure `H5_CORRUPT`, `NOT_A_MODEL` where there are none
 */
export function readStoreOnly(store: VariableStore): ModelFile {
  const weights = numberedWeights(store);
  if (weights.length > 0) return modelOf(store.path, weights);
  const message = t(
    '{0}: found no weights by layer, expected those that save_weights of Keras writes',
    store.path,
  );
  throw new Failure('input', 'NOT_A_MODEL', message, { path: store.path });
}

function modelOf(path: string, weights: readonly NamedWeight[]): ModelFile {
  return {
    format: 'h5',
    path,
    graph: weightsOnlyGraph(parse(path).name, weights, '/'),
    report: [weightsOnlyFault()],
    weightsOnly: true,
  };
}

/** A layer's weights are led by its name, unless it is a model: then by those of its own layers. */
function listedWeights(file: H5File, layers: readonly string[]): readonly NamedWeight[] {
  return layers.flatMap((layer) =>
    (file.texts(layer, 'weight_names') ?? []).map((written): NamedWeight => {
      const dataset = `${layer}/${written}`;
      const names = splitWeightPath(written);
      const path = (names[0] === layer && names.length > 1 ? names : [layer, ...names]).join('/');
      return { path, ...file.header(dataset), source: { from: 'dataset', path: file.path, dataset } };
    }),
  );
}

/** `layers/conv2d_1/vars/0`, where `vars` says what the layer is called. */
function numberedWeights(store: VariableStore): readonly NamedWeight[] {
  const weights: NamedWeight[] = [];
  let visited = 0;
  const visit = (group: string, names: readonly string[], depth: number): void => {
    const inside = store.namesIn(group);
    if (++visited > MAX_GROUPS || depth > MAX_NESTING) throw endless(store);
    const at = (name: string) => (group === '' ? name : `${group}/${name}`);
    const own = depth > 0 ? store.text(at('vars'), 'name') : undefined;
    const path = own === undefined ? names : [...names.slice(0, -1), own];
    for (const name of inside) {
      if (depth === 0 && NOT_WEIGHTS.has(name)) continue;
      if (name === 'vars') {
        for (const number of store.namesIn(at(name))) {
          const dataset = `${at(name)}/${number}`;
          const header = store.header(dataset);
          weights.push({ path: [...path, number].join('/'), ...header, source: store.sourceOf(dataset) });
        }
      } else if (store.isGroup(at(name))) {
        visit(at(name), LISTS.has(name) ? path : [...path, name], depth + 1);
      }
    }
  };
  visit('', [], 0);
  return weights;
}

function endless({ path }: VariableStore): Failure {
  const message = t(
    '{0}: found groups without end, expected at most {1}, {2} deep',
    path,
    MAX_GROUPS,
    MAX_NESTING,
  );
  return new Failure('input', 'H5_CORRUPT', message, { path });
}
