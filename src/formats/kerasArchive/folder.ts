import path from 'node:path';
import { isFile, statFile } from '../byteSource';
import { shardFiles } from '../h5/shards';
import { CONFIG_ENTRY, METADATA_ENTRY, SHARDED_WEIGHTS_ENTRY, WEIGHTS_ENTRY } from './entries';

/**
 * The folder of a model that Keras 3 saved without packing it (`model.save(folder, zipped=False)`), or that was unpacked.
 * `config.json` is a name that many give to many things: the files that Keras puts beside it tell.
 * @param given the folder, or its `config.json` or `metadata.json`
 */
export async function modelFolderAt(given: string): Promise<string | undefined> {
  const named = [CONFIG_ENTRY, METADATA_ENTRY].includes(path.basename(given));
  const stats = await statFile(given);
  const folder = stats.isDirectory() ? given : stats.isFile() && named ? path.dirname(given) : undefined;
  if (folder === undefined) return undefined;
  if (!(await hasFile(folder, CONFIG_ENTRY))) return undefined;
  const beside = [METADATA_ENTRY, WEIGHTS_ENTRY, SHARDED_WEIGHTS_ENTRY].map((name) => hasFile(folder, name));
  return (await Promise.all(beside)).includes(true) ? folder : undefined;
}

/**
 * The files that make a model of such a folder what it is; its metadata say when it was saved.
 * @throws Failure `H5_INDEX`, `SHARD_MISSING`, `SHARD_PATH`
 */
export async function filesOfFolder(folder: string): Promise<readonly string[]> {
  const at = (name: string) => path.join(folder, name);
  if (await hasFile(folder, WEIGHTS_ENTRY)) return [at(CONFIG_ENTRY), at(WEIGHTS_ENTRY)];
  if (!(await hasFile(folder, SHARDED_WEIGHTS_ENTRY))) return [at(CONFIG_ENTRY)];
  return [at(CONFIG_ENTRY), at(SHARDED_WEIGHTS_ENTRY), ...(await shardFiles(at(SHARDED_WEIGHTS_ENTRY)))];
}

function hasFile(folder: string, name: string): Promise<boolean> {
  return isFile(path.join(folder, name));
}
