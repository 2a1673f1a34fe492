import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure, type Fault } from '../../core/failure';
import { statFile } from '../byteSource';
import type { ModelFile } from '../format';
import { attachWeights } from '../keras/attachWeights';
import { MAX_CONFIG_BYTES } from '../keras/bounds';
import { isJsonRecord, parseJson } from '../keras/json';
import { parseNotes } from '../keras/notes';
import { meansOldHardSigmoid } from '../keras/oldActivations';
import { readKerasGraph } from '../keras/readGraph';
import { isGraphModel, readGraphModel } from '../tensorflow/graphModel';
import { readManifest } from './manifest';
import { readTopology } from './topology';
import { t } from '../../l10n/translate';

/** The name of the file that describes the model in its folder. */
export const MODEL_FILE = 'model.json';

/** The model.json that a path means: itself, or the one in the folder. */
export async function modelFileAt(given: string): Promise<string> {
  const stats = await statFile(given);
  return stats.isDirectory() ? path.join(given, MODEL_FILE) : given;
}

/**
 * Reads a TensorFlow.js layers model, as its `model.save` and the converter write it: structure from the topology,
 * weights as stretches of shards, which are measured and not read.
 * @throws Failure of kind `input`
 */
export async function readTfjs(given: string): Promise<ModelFile> {
  const file = await modelFileAt(given);
  const { size } = await statFile(file);
  if (size > MAX_CONFIG_BYTES) {
    throw new Failure(
      'input',
      'MODEL_TOO_LARGE',
      t('{0}: has {1} bytes, expected at most {2}', file, size, MAX_CONFIG_BYTES),
      {
        path: file,
      },
    );
  }
  const json = parseJson((await readFile(file, 'utf8')).replace(/^\ufeff/, ''), file);
  if (!isJsonRecord(json) || !('modelTopology' in json)) throw noModel(file, json);
  if (isGraphModel(json)) return readGraphModel(json, file);
  const { modelTopology: topology } = json;
  const old = meansOldHardSigmoid(isJsonRecord(topology) ? topology.keras_version : undefined);
  const structure = readKerasGraph(readTopology(topology, `${file}: modelTopology`), old);
  const report: Fault[] = [];
  const weights = await readManifest(json.weightsManifest, file, report);
  const read = attachWeights(structure, [{ weights }]);
  const own = isJsonRecord(json.userDefinedMetadata) ? json.userDefinedMetadata.modelSurgery : undefined;
  const notes = parseNotes(own === undefined ? undefined : JSON.stringify(own));
  return {
    format: 'tfjs',
    path: file,
    graph: notes.restore(read.graph),
    report: [...read.report, ...report],
    ...notes.labels,
  };
}

function noModel(file: string, json: unknown): Failure {
  const keys = isJsonRecord(json) ? Object.keys(json).slice(0, 5).join(', ') : typeof json;
  const architecture = isJsonRecord(json) && 'class_name' in json && 'config' in json;
  return new Failure(
    'input',
    'NOT_A_MODEL',
    architecture
      ? t('{0}: is a Keras architecture without weights; expected a whole model, saved with model.save', file)
      : t('{0}: is JSON ({1}), but no TensorFlow.js model: found no modelTopology', file, keys || t('empty')),
    { path: file },
  );
}
