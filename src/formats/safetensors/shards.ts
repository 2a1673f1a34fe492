import path from 'node:path';
import { Failure, type Fault } from '../../core/failure';
import { statFile } from '../byteSource';
import { readJsonFile } from '../jsonFile';
import { isJsonRecord } from '../keras/json';
import { MAX_HEADER_BYTES, MAX_SHARDS, MAX_TENSORS } from './bounds';
import { readHeader, type SafeTensor, type SafetensorsFile } from './header';

/** How the names of files end that say which tensor is in which file. */
export const INDEX_ENDING = '.safetensors.index.json';

export function isIndex(file: string): boolean {
  return file.toLowerCase().endsWith(INDEX_ENDING);
}

/**
 * Reads the headers of all the files of a model that was cut into several.
 * @throws Failure `SAFETENSORS_INDEX`, `SHARD_MISSING`, `SHARD_PATH`, and those of each file
 */
export async function readShards(
  index: string,
): Promise<SafetensorsFile & { readonly report: readonly Fault[] }> {
  const files = readWeightMap(index, await readJsonFile(index, MAX_HEADER_BYTES));
  const shards = new Map<string, ReadonlyMap<string, SafeTensor>>();
  let count = 0;
  for (const file of new Set(files.values())) {
    if (shards.size === MAX_SHARDS) throw badIndex(index, `more than ${MAX_SHARDS} files`, 'fewer');
    const { tensors } = await readHeader(await resolveShard(index, file));
    count += tensors.length;
    if (count > MAX_TENSORS) throw badIndex(index, `more than ${MAX_TENSORS} tensors`, 'fewer');
    shards.set(file, new Map(tensors.map((tensor) => [tensor.name, tensor])));
  }
  const tensors = [...files].map(([name, file]) => {
    const tensor = shards.get(file)?.get(name);
    if (tensor) return tensor;
    throw badIndex(index, `no tensor "${name}" in ${file}`, 'it there, as weight_map says');
  });
  const unlisted = [...shards].flatMap(([file, found]) =>
    [...found.keys()].filter((name) => files.get(name) !== file),
  );
  return { tensors, metadata: {}, report: unlisted.length === 0 ? [] : [unlistedFault(unlisted)] };
}

function readWeightMap(index: string, json: unknown): ReadonlyMap<string, string> {
  const map = isJsonRecord(json) ? json.weight_map : undefined;
  if (!isJsonRecord(map)) throw badIndex(index, 'no weight_map', 'one: the file of each tensor by its name');
  const entries = Object.entries(map);
  if (entries.length > MAX_TENSORS)
    throw badIndex(index, `${entries.length} tensors`, `at most ${MAX_TENSORS}`);
  return new Map(
    entries.map(([name, file]) => {
      if (typeof file === 'string') return [name, file];
      throw badIndex(index, `the file ${JSON.stringify(file).slice(0, 60)} of "${name}"`, 'its name');
    }),
  );
}

/** Shards lie beside their index; a path to anywhere else is somebody's trick. */
async function resolveShard(index: string, name: string): Promise<string> {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new Failure(
      'input',
      'SHARD_PATH',
      `${index}: the shard ${JSON.stringify(name.slice(0, 200))} lies outside the index's folder; expected the name of a file in it`,
      { path: index },
    );
  }
  const shard = path.join(path.dirname(index), name);
  const stats = await statFile(shard).catch((cause: unknown) => {
    throw missing(index, name, shard, cause);
  });
  if (!stats.isFile()) throw missing(index, name, shard);
  return shard;
}

function unlistedFault(names: readonly string[]): Fault {
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return {
    severity: 'warning',
    code: 'WEIGHT_UNUSED',
    message: `the files have tensors that the index does not name: ${names
      .slice(0, 3)
      .map((name) => `"${name}"`)
      .join(', ')}${rest}`,
  };
}

function missing(index: string, name: string, shard: string, cause?: unknown): Failure {
  const message = `${index}: the shard ${name} is missing; expected a file at ${shard}`;
  return new Failure('input', 'SHARD_MISSING', message, { path: shard, cause });
}

function badIndex(index: string, found: string, expected: string): Failure {
  return new Failure('input', 'SAFETENSORS_INDEX', `${index}: found ${found}, expected ${expected}`, {
    path: index,
  });
}
