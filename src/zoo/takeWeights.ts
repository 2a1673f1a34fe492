import { Failure } from '../core/failure';
import type { Layer, LayerGraph, WeightRef } from '../core/graph/layerGraph';
import { warmStart } from '../core/surgery/warmStart';
import { kerasOrder } from '../formats/keras/kerasOrder';
import type { ModelFile } from '../formats/format';
import type { ZooEntry } from './architecture';
import { readByPixel, withCurrentNames } from './stateDict';
import { t } from '../l10n/translate';

/**
 * The graph with a published file's weights: each of them, or none.
 * @throws Failure `ZOO_WEIGHTS` where the file's weights are not those of the graph
 */
export function takeWeights(entry: ZooEntry, graph: LayerGraph, file: ModelFile): LayerGraph {
  return entry.source === 'keras' ? takeInOrder(entry, graph, file) : takeByName(entry, graph, file);
}

/**
 * As Keras reads its weights-only `.h5` files: layer by layer in the order of `model.layers`, whatever their names, since
 * names that Keras makes up (`conv2d_94`) were other ones when the file was written. Source: load_weights_from_hdf5_group in
 * keras/src/legacy/saving/legacy_h5_format.py.
 */
function takeInOrder(entry: ZooEntry, graph: LayerGraph, file: ModelFile): LayerGraph {
  const wanted = kerasOrder(graph).filter((layer) => layer.weights.length > 0);
  const given = file.graph.layers.filter((layer) => layer.weights.length > 0);
  if (wanted.length !== given.length) {
    throw misfit(entry, file, t('found {0} layers with weights, expected {1}', given.length, wanted.length));
  }
  const taken = new Map<Layer, Layer>();
  for (const [at, layer] of wanted.entries()) {
    const source = given[at]!;
    const [found, expected] = [shapesOf(source), shapesOf(layer)];
    if (found !== expected) {
      throw misfit(
        entry,
        file,
        t('"{0}" has weights of {1}, expected {2} of "{3}"', source.name, found, expected, layer.name),
      );
    }
    taken.set(layer, {
      ...layer,
      weights: layer.weights.map((weight, i) => from(weight, source.weights[i]!)),
    });
  }
  return { ...graph, layers: graph.layers.map((layer) => taken.get(layer) ?? layer) };
}

const from = (weight: WeightRef, { dtype, source }: WeightRef): WeightRef => ({ ...weight, dtype, source });

const shapesOf = ({ weights }: Layer) => weights.map(({ shape }) => `[${shape.join(', ')}]`).join(' ');

/**
 * Takes a state dict by the names of its modules, transposed; what the graph has no place for (a top that is left out) stays
 * unread.
 */
function takeByName(entry: ZooEntry, graph: LayerGraph, file: ModelFile): LayerGraph {
  const donors = new Map([[file.path, withCurrentNames(file.graph)]]);
  const { graph: taken, report } = warmStart(graph, { op: 'warmStart', from: file.path }, donors);
  const [first] = report.unmatched;
  if (!first) return readByPixel(taken);
  throw misfit(entry, file, t('no weight for "{0}/{1}" ({2})', first.layer, first.weight, first.why));
}

function misfit(entry: ZooEntry, { path }: ModelFile, what: string): Failure {
  return new Failure(
    'input',
    'ZOO_WEIGHTS',
    t('{0}: these are not the published weights of {1}: {2}', path, entry.name, what),
    { path },
  );
}
