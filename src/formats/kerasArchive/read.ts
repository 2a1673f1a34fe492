import { Failure } from '../../core/failure';
import type { ModelFile } from '../format';
import { openEntry } from '../h5/sources';
import { MAX_CONFIG_BYTES } from '../keras/bounds';
import { isJsonRecord, parseJson, type JsonRecord } from '../keras/json';
import { nestedModels } from '../keras/nestedModels';
import { parseNotes } from '../keras/notes';
import { meansOldHardSigmoid } from '../keras/oldActivations';
import { readKerasGraph } from '../keras/readGraph';
import { openZip, type ZipFile } from '../zip/zipFile';
import { attachVariables } from './attachVariables';
import { attachVocabularies } from './attachVocabularies';
import {
  CONFIG_ENTRY,
  MAX_METADATA_BYTES,
  METADATA_ENTRY,
  NOTES_KEY,
  NUMPY_WEIGHTS_ENTRY,
  WEIGHTS_ENTRY,
} from './entries';
import { variablePlaces } from './variablePaths';

/**
 * Reads a model as Keras 3 saves it: a ZIP archive of the model's configuration and an HDF5 file of weights, which are
 * looked for, not read.
 * @throws Failure of kind `input`
 */
export async function readKerasArchive(path: string): Promise<ModelFile> {
  const zip = await openZip(path);
  try {
    const config = await readJson(zip, CONFIG_ENTRY, MAX_CONFIG_BYTES);
    const places = variablePlaces(config);
    const metadata = await readMetadata(zip);
    const graph = readKerasGraph(config, meansOldHardSigmoid(metadata.keras_version ?? '3.0'));
    const structure = await attachVocabularies(graph, places, zip);
    if (!zip.entry(WEIGHTS_ENTRY)) throw withoutWeights(zip);
    const { file, dispose } = await openEntry(path, WEIGHTS_ENTRY);
    try {
      const store = { file, path, entry: WEIGHTS_ENTRY };
      const read = attachVariables(structure, places, store);
      const own = metadata[NOTES_KEY];
      const notes = parseNotes(own === undefined ? undefined : JSON.stringify(own));
      return {
        format: 'keras',
        path,
        graph: notes.restore(read.graph),
        report: read.report,
        ...notes.labels,
        ...nestedModels(read),
      };
    } finally {
      file.close();
      await dispose();
    }
  } finally {
    zip.close();
  }
}

/** Whether the archive has what Keras puts into its own. */
export async function holdsKerasModel(path: string): Promise<boolean> {
  const zip = await openZip(path);
  try {
    return zip.entry(CONFIG_ENTRY) !== undefined && zip.entry(METADATA_ENTRY) !== undefined;
  } finally {
    zip.close();
  }
}

async function readJson(zip: ZipFile, name: string, limit: number): Promise<unknown> {
  const where = `${zip.path}: ${name}`;
  const entry = zip.entry(name);
  if (!entry) {
    const found = zip.entries.slice(0, 4).map((each) => each.name);
    throw new Failure(
      'input',
      'NOT_A_MODEL',
      `${where}: is not in the archive: found ${found.length === 0 ? 'nothing' : found.join(', ')}, expected what Keras writes`,
      { path: zip.path },
    );
  }
  if (entry.size > limit) {
    const message = `${where}: found ${entry.size} bytes, expected at most ${limit}`;
    throw new Failure('input', 'MODEL_TOO_LARGE', message, { path: zip.path });
  }
  const bytes = await zip.readEntry(entry, limit);
  return parseJson(decode(bytes, where), where);
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = `${where}: found bytes that are no UTF-8, expected JSON; the file is damaged`;
    throw new Failure('input', 'MODEL_CONFIG', message, { cause });
  }
}

/** A courtesy, like the metadata that they are in: without them the model is whole. */
async function readMetadata(zip: ZipFile): Promise<JsonRecord> {
  const entry = zip.entry(METADATA_ENTRY);
  if (!entry || entry.size > MAX_METADATA_BYTES) return {};
  const metadata = await readJson(zip, METADATA_ENTRY, MAX_METADATA_BYTES);
  return isJsonRecord(metadata) ? metadata : {};
}

function withoutWeights(zip: ZipFile): Failure {
  const found = zip.entry(NUMPY_WEIGHTS_ENTRY) ? NUMPY_WEIGHTS_ENTRY : 'none';
  return new Failure(
    'input',
    'KERAS_WEIGHTS',
    `${zip.path}: found ${found} for weights, expected ${WEIGHTS_ENTRY}; load and save the model in Keras with model.save("model.keras")`,
    { path: zip.path },
  );
}
