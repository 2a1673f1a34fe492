import path from 'node:path';
import { Failure, type Fault } from '../core/failure';
import { statFile } from './byteSource';
import { readJsonFile } from './jsonFile';
import { isJsonRecord } from './keras/json';
import { t } from '../l10n/translate';
import { listFew } from './listFew';

/** What a kind of index may ask for, and how its failures begin. */
export interface ShardIndexKind {
  /** `SAFETENSORS_INDEX`. */
  readonly code: string;
  readonly maxBytes: number;
  readonly maxTensors: number;
  readonly maxShards: number;
}

/** What each tensor of a model that was cut into several files is in, as Hugging Face's libraries write it. */
export interface ShardIndex {
  /** By the tensor's name, the file's name. */
  readonly files: ReadonlyMap<string, string>;
  /** Files by name, where they are. */
  readonly shards: ReadonlyMap<string, string>;
}

/**
 * Reads an index and finds its files, which lie beside it.
 * @throws Failure of the kind's code, `SHARD_MISSING`, `SHARD_PATH`
 */
export async function readShardIndex(index: string, kind: ShardIndexKind): Promise<ShardIndex> {
  const files = readWeightMap(index, await readJsonFile(index, kind.maxBytes), kind);
  const names = new Set(files.values());
  if (names.size > kind.maxShards) {
    throw badIndex(index, kind, t('{0} files', names.size), t('at most {0}', kind.maxShards));
  }
  const shards = new Map<string, string>();
  for (const name of names) shards.set(name, await resolveShard(index, name));
  return { files, shards };
}

/**
 * The tensors that the index names, in its order, of all that its files hold.
 * @param found by the file's name, its tensors by theirs
 * @throws Failure of the kind's code where one is not there
 */
export function pickListed<T>(
  index: string,
  { files }: ShardIndex,
  found: ReadonlyMap<string, ReadonlyMap<string, T>>,
  kind: ShardIndexKind,
): { readonly listed: readonly T[]; readonly report: readonly Fault[] } {
  const listed = [...files].map(([name, file]) => {
    const tensor = found.get(file)?.get(name);
    if (tensor !== undefined) return tensor;
    throw badIndex(index, kind, t('no tensor "{0}" in {1}', name, file), t('it there, as weight_map says'));
  });
  const unlisted = [...found].flatMap(([file, tensors]) =>
    [...tensors.keys()].filter((name) => files.get(name) !== file),
  );
  return { listed, report: unlisted.length === 0 ? [] : [unlistedFault(unlisted)] };
}

export function badIndex(index: string, { code }: ShardIndexKind, found: string, expected: string): Failure {
  return new Failure('input', code, t('{0}: found {1}, expected {2}', index, found, expected), {
    path: index,
  });
}

function readWeightMap(index: string, json: unknown, kind: ShardIndexKind): ReadonlyMap<string, string> {
  const map = isJsonRecord(json) ? json.weight_map : undefined;
  if (!isJsonRecord(map)) {
    throw badIndex(index, kind, t('no weight_map'), t('one: the file of each tensor by its name'));
  }
  const entries = Object.entries(map);
  if (entries.length > kind.maxTensors) {
    throw badIndex(index, kind, t('{0} tensors', entries.length), t('at most {0}', kind.maxTensors));
  }
  return new Map(
    entries.map(([name, file]) => {
      if (typeof file === 'string') return [name, file];
      throw badIndex(
        index,
        kind,
        t('the file {0} of "{1}"', JSON.stringify(file).slice(0, 60), name),
        t('its name'),
      );
    }),
  );
}

/** Shards lie beside their index; a path to anywhere else is somebody's trick. */
export async function resolveShard(index: string, name: string): Promise<string> {
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new Failure(
      'input',
      'SHARD_PATH',
      t(
        "{0}: the shard {1} lies outside the index's folder; expected the name of a file in it",
        index,
        JSON.stringify(name.slice(0, 200)),
      ),
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
  const quoted = names.map((name) => `"${name}"`);
  return {
    severity: 'warning',
    code: 'WEIGHT_UNUSED',
    message: t('the files have tensors that the index does not name: {0}', listFew(quoted, 3)),
  };
}

function missing(index: string, name: string, shard: string, cause?: unknown): Failure {
  const message = t('{0}: the shard {1} is missing; expected a file at {2}', index, name, shard);
  return new Failure('input', 'SHARD_MISSING', message, { path: shard, cause });
}
