import path from 'node:path';
import { Failure } from '../../core/failure';
import type { ModelFile } from '../format';
import { H5File } from '../h5/h5File';
import { openShards } from '../h5/shards';
import { openEntry } from '../h5/sources';
import { storeOf, type VariableStore } from '../h5/variableStore';
import { MAX_CONFIG_BYTES } from '../keras/bounds';
import { isJsonRecord, parseJson, type JsonRecord } from '../keras/json';
import { nestedModels } from '../keras/nestedModels';
import { parseNotes } from '../keras/notes';
import { meansOldHardSigmoid } from '../keras/oldActivations';
import { readKerasGraph } from '../keras/readGraph';
import { openZip } from '../zip/zipFile';
import { attachVariables } from './attachVariables';
import { attachVocabularies } from './attachVocabularies';
import {
  CONFIG_ENTRY,
  MAX_METADATA_BYTES,
  METADATA_ENTRY,
  NOTES_KEY,
  NUMPY_WEIGHTS_ENTRY,
  SHARDED_WEIGHTS_ENTRY,
  WEIGHTS_ENTRY,
} from './entries';
import { partsOfArchive, partsOfFolder, type ModelParts } from './parts';
import { variablePlaces } from './variablePaths';
import { t } from '../../l10n/translate';

/**
 * Reads a model as Keras 3 saves it: a ZIP archive of the model's configuration and an HDF5 file of weights, which are
 * looked for, not read.
 * @throws Failure of kind `input`
 */
export async function readKerasArchive(file: string): Promise<ModelFile> {
  const zip = await openZip(file);
  try {
    return await readParts(partsOfArchive(zip), file, async () => {
      if (!zip.entry(WEIGHTS_ENTRY)) return undefined;
      const { file: weights, dispose } = await openEntry(file, WEIGHTS_ENTRY);
      const store = storeOf(weights, WEIGHTS_ENTRY, { path: file, entry: WEIGHTS_ENTRY });
      return { store, close: closing(weights, dispose) };
    });
  } finally {
    zip.close();
  }
}

/**
 * Reads what an archive unpacks to, where the weights may be in several files too.
 * @param folder see `modelFolderAt`
 * @throws Failure of kind `input`
 */
export async function readKerasFolder(folder: string): Promise<ModelFile> {
  const parts = partsOfFolder(folder);
  return readParts(parts, path.join(folder, CONFIG_ENTRY), async () => {
    if (await parts.find(WEIGHTS_ENTRY)) {
      const weights = await H5File.open(path.join(folder, WEIGHTS_ENTRY));
      return { store: storeOf(weights, WEIGHTS_ENTRY), close: closing(weights) };
    }
    if (!(await parts.find(SHARDED_WEIGHTS_ENTRY))) return undefined;
    const { store, close } = await openShards(path.join(folder, SHARDED_WEIGHTS_ENTRY));
    return { store, close: () => Promise.resolve(close()) };
  });
}

interface OpenedStore {
  readonly store: VariableStore;
  close(): Promise<void>;
}

const closing = (file: H5File, dispose?: () => Promise<void>) => async () => {
  file.close();
  await dispose?.();
};

/**
 * @param file that the model goes by
 * @param openWeights gives nothing where there are none
 */
async function readParts(
  parts: ModelParts,
  file: string,
  openWeights: () => Promise<OpenedStore | undefined>,
): Promise<ModelFile> {
  const config = await readJson(parts, CONFIG_ENTRY, MAX_CONFIG_BYTES);
  const places = variablePlaces(config);
  const metadata = await readMetadata(parts);
  const graph = readKerasGraph(config, meansOldHardSigmoid(metadata.keras_version ?? '3.0'));
  const structure = await attachVocabularies(graph, places, parts);
  const weights = await openWeights();
  if (!weights) throw await withoutWeights(parts);
  try {
    const read = attachVariables(structure, places, weights.store);
    const own = metadata[NOTES_KEY];
    const notes = parseNotes(own === undefined ? undefined : JSON.stringify(own));
    return {
      format: 'keras',
      path: file,
      graph: notes.restore(read.graph),
      report: read.report,
      ...notes.labels,
      ...nestedModels(read),
    };
  } finally {
    await weights.close();
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

async function readJson(parts: ModelParts, name: string, limit: number): Promise<unknown> {
  const where = `${parts.path}: ${name}`;
  const part = await parts.find(name);
  if (!part) {
    const found = (await parts.names()).slice(0, 4).join(', ');
    throw new Failure(
      'input',
      'NOT_A_MODEL',
      t(
        '{0}: is not there: found {1}, expected what Keras writes',
        where,
        found === '' ? t('nothing') : found,
      ),
      { path: parts.path },
    );
  }
  if (part.size > limit) {
    const message = t('{0}: found {1} bytes, expected at most {2}', where, part.size, limit);
    throw new Failure('input', 'MODEL_TOO_LARGE', message, { path: parts.path });
  }
  return parseJson(decode(await part.read(), where), where);
}

function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const message = t('{0}: found bytes that are no UTF-8, expected JSON; the file is damaged', where);
    throw new Failure('input', 'MODEL_CONFIG', message, { cause });
  }
}

/** A courtesy, like the metadata that they are in: without them the model is whole. */
async function readMetadata(parts: ModelParts): Promise<JsonRecord> {
  const part = await parts.find(METADATA_ENTRY);
  if (!part || part.size > MAX_METADATA_BYTES) return {};
  const metadata = await readJson(parts, METADATA_ENTRY, MAX_METADATA_BYTES);
  return isJsonRecord(metadata) ? metadata : {};
}

async function withoutWeights(parts: ModelParts): Promise<Failure> {
  const found = (await parts.find(NUMPY_WEIGHTS_ENTRY)) ? NUMPY_WEIGHTS_ENTRY : t('none');
  return new Failure(
    'input',
    'KERAS_WEIGHTS',
    t(
      '{0}: found {1} for weights, expected {2}; load and save the model in Keras with model.save("model.keras")',
      parts.path,
      found,
      WEIGHTS_ENTRY,
    ),
    { path: parts.path },
  );
}
