import { Failure } from '../../core/failure';
import { attachWeights, type StoredWeight, type WeightGroup } from '../keras/attachWeights';
import { MAX_CONFIG_BYTES } from '../keras/bounds';
import { parseJson } from '../keras/json';
import { nestedModels } from '../keras/nestedModels';
import { withoutCudnn } from '../keras/cudnnWeights';
import { currentModel } from '../keras/keras1/model';
import { checkOutputShapes } from '../keras/keras1/outputShapes';
import { currentWeights } from '../keras/keras1/weights';
import { meansOldHardSigmoid } from '../keras/oldActivations';
import { readKerasGraph, type KerasGraph } from '../keras/readGraph';
import { turnKernels } from '../keras/turnKernels';
import { parseNotes } from '../keras/notes';
import type { ModelFile } from '../format';
import { pause } from '../stoppable';
import { dialectOf, type Dialect } from './dialect';
import { H5File } from './h5File';
import { readWeightsOnly } from './weightsOnly';
import { t } from '../../l10n/translate';

/** Where Keras keeps the weights of a whole model, a group a layer. */
export const WEIGHTS_GROUP = 'model_weights';

/** The HDF5 library reads without waiting: after so many layers others are heard. */
const LAYERS_AT_ONCE = 50;

/** Our own attribute: what Keras has no place for. */
export const NOTES_ATTRIBUTE = 'model_surgery';

/**
 * Reads a whole model as Keras 1, 2 and 3 save it to `.h5`: the `model_config` attribute, and where in
 * `model_weights` each weight is. No weight is read.
 * @throws Failure of kind `input`
 */
export async function readH5(path: string): Promise<ModelFile> {
  const file = await H5File.open(path);
  try {
    const config = file.text('/', 'model_config');
    if (config === undefined) {
      const weights = readWeightsOnly(file);
      if (weights) return weights;
      throw new Failure(
        'input',
        'NOT_A_MODEL',
        t('{0}: is HDF5, but no Keras model: found no attribute model_config and no weights by layer', path),
        { path },
      );
    }
    if (config.length > MAX_CONFIG_BYTES) {
      throw new Failure(
        'input',
        'MODEL_TOO_LARGE',
        t(
          '{0}: model_config has {1} characters, expected at most {2}',
          path,
          config.length,
          MAX_CONFIG_BYTES,
        ),
        { path },
      );
    }
    const json = parseJson(config, `${path}: model_config`);
    const groups = await weightGroups(file);
    const old = meansOldHardSigmoid(file.text('/', 'keras_version'));
    const read = readDialect(json, groups, dialectOf(file, config, groups), old);
    const notes = parseNotes(file.text('/', NOTES_ATTRIBUTE));
    return {
      format: 'h5',
      path,
      graph: notes.restore(read.graph),
      report: read.report,
      ...nestedModels(read),
      ...notes.labels,
    };
  } finally {
    file.close();
  }
}

/** A model in today's terms, whatever version wrote it. */
function readDialect(
  json: unknown,
  groups: readonly WeightGroup[],
  { keras1, theano, guessed }: Dialect,
  oldHardSigmoid: boolean,
): KerasGraph {
  const names = groups.flatMap(({ layer }) => layer ?? []);
  const structure = keras1
    ? checkOutputShapes(json, readKerasGraph(currentModel(json, names), oldHardSigmoid))
    : readKerasGraph(json, oldHardSigmoid);
  const weights = keras1 ? currentWeights(structure, groups) : groups.map(withoutCudnn);
  const read = attachWeights(structure, weights);
  return theano ? turnKernels(read, guessed) : read;
}

async function weightGroups(file: H5File): Promise<readonly WeightGroup[]> {
  const names = file.texts(WEIGHTS_GROUP, 'layer_names');
  if (!names) {
    throw new Failure(
      'input',
      'H5_CORRUPT',
      t('{0}: found no list of layers in {1}, expected its attribute layer_names', file.path, WEIGHTS_GROUP),
      { path: file.path },
    );
  }
  const groups: WeightGroup[] = [];
  for (const layer of names) {
    if (groups.length % LAYERS_AT_ONCE === 0) await pause();
    const group = `${WEIGHTS_GROUP}/${layer}`;
    const weights = (file.texts(group, 'weight_names') ?? []).map((path): StoredWeight => {
      const dataset = `${group}/${path}`;
      return { path, ...file.header(dataset), source: { from: 'dataset', path: file.path, dataset } };
    });
    groups.push({ layer, weights });
  }
  return groups;
}
