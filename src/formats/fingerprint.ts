import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Failure } from '../core/failure';
import type { BaseFingerprint, Recipe } from '../core/surgery/recipe';
import { statFile } from './byteSource';
import { isWeightsIndex, shardFiles } from './h5/shards';
import { readJsonFile } from './jsonFile';
import { filesOfFolder, modelFolderAt } from './kerasArchive/folder';
import { savedModelFiles } from './tensorflow/savedModelFiles';
import { t } from '../l10n/translate';

export type Fingerprint = Pick<BaseFingerprint, 'sha256' | 'bytes'>;

/** As large a `model.json` as any reader takes; see `keras/bounds.ts`. */
const MAX_MODEL_JSON = 256 * 2 ** 20;

/**
 * What a model file is, whatever it is called: SHA-256 and length of its bytes. A TF.js model is its `model.json` and
 * then its shards in the order of the manifest, as one stretch of bytes, so that retrained weights make another model;
 * so is a folder of Keras's, and an index of files of weights. A SavedModel is its graph and the index of its variables,
 * which holds a checksum of each.
 *
 * @throws Failure `FILE_MISSING`, also for a shard
 */
export async function fingerprintOf(modelPath: string): Promise<Fingerprint> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const file of await filesOf(modelPath)) {
    await statFile(file);
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  }
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * Refuses a recipe that was made for another file. A recipe without a base fits every model.
 *
 * @throws Failure `RECIPE_FOR_ANOTHER_FILE`
 */
export async function checkFingerprint(recipe: Recipe, modelPath: string): Promise<void> {
  if (!recipe.base) return;
  checkFile(recipe.base, await fingerprintOf(modelPath), modelPath);
}

/**
 * Refuses a file that is not the one which a recipe was made with.
 *
 * @throws Failure `RECIPE_FOR_ANOTHER_FILE`
 */
export function checkFile(
  expected: Partial<Fingerprint> & Pick<BaseFingerprint, 'path' | 'sha256'>,
  found: Fingerprint,
  modelPath: string,
): void {
  if (found.sha256 === expected.sha256) return;
  const show = ({ sha256, bytes }: Pick<Fingerprint, 'sha256'> & Partial<Fingerprint>) =>
    t(
      '{0} with SHA-256 {1}…',
      bytes === undefined ? t('a file') : t('{0} bytes', bytes),
      sha256.slice(0, 12),
    );
  throw new Failure(
    'input',
    'RECIPE_FOR_ANOTHER_FILE',
    t(
      '{0}: found {1}, expected the file that the recipe was made for, {2}: {3}',
      modelPath,
      show(found),
      expected.path,
      show(expected),
    ),
    { path: modelPath },
  );
}

async function filesOf(modelPath: string): Promise<readonly string[]> {
  const kerasFolder = await modelFolderAt(modelPath);
  if (kerasFolder !== undefined) return filesOfFolder(kerasFolder);
  if (isWeightsIndex(modelPath)) return [modelPath, ...(await shardFiles(modelPath))];
  const savedModel = await savedModelFiles(modelPath);
  if (savedModel !== undefined) return savedModel;
  const isFolder = (await statFile(modelPath)).isDirectory();
  const file = isFolder ? path.join(modelPath, 'model.json') : modelPath;
  if (path.extname(file) !== '.json') return [file];
  return [
    file,
    ...shardsIn(await readJsonFile(file, MAX_MODEL_JSON)).map((shard) => resolveShard(file, shard)),
  ];
}

function shardsIn(model: unknown): readonly string[] {
  const manifest = field(model, 'weightsManifest');
  const groups = Array.isArray(manifest) ? manifest : [];
  return groups.flatMap((group) => {
    const paths = field(group, 'paths');
    return Array.isArray(paths) ? paths.filter((shard) => typeof shard === 'string') : [];
  });
}

/** A shard lies beside its `model.json` or below: a model's fingerprint reads no other file. */
function resolveShard(file: string, shard: string): string {
  const folder = path.dirname(path.resolve(file));
  const resolved = path.resolve(folder, shard);
  if (resolved.startsWith(folder + path.sep)) return resolved;
  throw new Failure(
    'input',
    'SHARD_OUTSIDE',
    t('{0}: found the shard "{1}", expected one in its own folder', file, shard),
    {
      path: file,
    },
  );
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
