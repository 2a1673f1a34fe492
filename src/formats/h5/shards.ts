import path from 'node:path';
import { t } from '../../l10n/translate';
import { readJsonFile } from '../jsonFile';
import { isJsonRecord } from '../keras/json';
import { badIndex, resolveShard, type ShardIndexKind } from '../shardIndex';
import { MAX_GROUP_PATH, MAX_INDEX_BYTES, MAX_INDEX_GROUPS, MAX_SHARDS } from './bounds';
import { H5File } from './h5File';
import { storeOf, type VariableStore } from './variableStore';

/** How the names of files end that say which variables are in which file: `model.weights.json`. */
const INDEX_ENDING = '.weights.json';

const INDEX: ShardIndexKind = {
  code: 'H5_INDEX',
  maxBytes: MAX_INDEX_BYTES,
  maxTensors: MAX_INDEX_GROUPS,
  maxShards: MAX_SHARDS,
};

export function isWeightsIndex(file: string): boolean {
  return file.toLowerCase().endsWith(INDEX_ENDING);
}

export interface OpenedShards {
  readonly store: VariableStore;
  close(): void;
}

/**
 * Opens all the files that Keras 3 cut a model's variables into (`save_weights(…, max_shard_size=…)`), which lie beside
 * their index. Source: `ShardedH5IOStore` in keras/src/saving/saving_lib.py.
 * @throws Failure `H5_INDEX`, `SHARD_MISSING`, `SHARD_PATH`, `FILE_MISSING`, and those of each file
 */
export async function openShards(index: string): Promise<OpenedShards> {
  const { groups, files } = await readIndex(index);
  const shards = new Map<string, Shard>();
  const close = () => shards.forEach(({ file }) => file.close());
  try {
    for (const [name, place] of files) {
      const file = await H5File.open(place);
      shards.set(name, { file, store: storeOf(file, name) });
    }
  } catch (cause) {
    close();
    throw cause;
  }
  return { store: joinShards(index, groups, shards), close };
}

/**
 * The files of an index, in the order that Keras filled them.
 * @throws Failure `H5_INDEX`, `SHARD_MISSING`, `SHARD_PATH`, `FILE_MISSING`
 */
export async function shardFiles(index: string): Promise<readonly string[]> {
  return [...(await readIndex(index)).files.values()];
}

interface ReadIndex {
  /** By the path of a group of variables, the files that have some of them. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** By name, where they are. */
  readonly files: ReadonlyMap<string, string>;
}

async function readIndex(index: string): Promise<ReadIndex> {
  const groups = readGroups(index, await readJsonFile(index, INDEX.maxBytes));
  const names = new Set([...groups.values()].flat());
  if (names.size > INDEX.maxShards) {
    throw badIndex(index, INDEX, t('{0} files', names.size), t('at most {0}', INDEX.maxShards));
  }
  const files = new Map<string, string>();
  for (const name of names) files.set(name, await resolveShard(index, name));
  return { groups, files };
}

interface Shard {
  readonly file: H5File;
  readonly store: VariableStore;
}

function readGroups(index: string, json: unknown): ReadIndex['groups'] {
  const map = isJsonRecord(json) ? json.weight_map : undefined;
  if (!isJsonRecord(map)) {
    throw badIndex(
      index,
      INDEX,
      t('no weight_map'),
      t('one: the files of each group of weights by its path'),
    );
  }
  const entries = Object.entries(map);
  if (entries.length > INDEX.maxTensors) {
    throw badIndex(index, INDEX, t('{0} groups', entries.length), t('at most {0}', INDEX.maxTensors));
  }
  return new Map(
    entries.map(([group, files]) => {
      if (group.length > MAX_GROUP_PATH) {
        throw badIndex(
          index,
          INDEX,
          t('a path of {0} characters', group.length),
          t('at most {0}', MAX_GROUP_PATH),
        );
      }
      const listed: unknown[] = Array.isArray(files) ? files : [files];
      if (listed.length > 0 && listed.every((file) => typeof file === 'string')) {
        return [withoutSlash(group), [...new Set(listed)]];
      }
      const found = JSON.stringify(files).slice(0, 60);
      throw badIndex(
        index,
        INDEX,
        t('the files {0} of "{1}"', found, group),
        t('the name of one, or a list of names'),
      );
    }),
  );
}

/** The files as one: what there is follows from the index, what it is from the file that has it. */
function joinShards(
  index: string,
  groups: ReadonlyMap<string, readonly string[]>,
  shards: ReadonlyMap<string, Shard>,
): VariableStore {
  const tree = treeOf(groups);
  const inOrder = [...shards.keys()];
  const storesOf = (group: string) => (groups.get(group) ?? []).map((name) => shards.get(name)!.store);
  const ownerOf = (dataset: string): VariableStore => {
    const [group, name] = splitLast(dataset);
    const owner = storesOf(group).find((store) => store.namesIn(group).includes(name));
    if (owner) return owner;
    const files = groups.get(group)?.join(', ') ?? t('any file');
    throw badIndex(
      index,
      INDEX,
      t('no dataset {0} in {1}', dataset, files),
      t('it there, as weight_map says'),
    );
  };
  return {
    path: index,
    name: path.basename(index),
    has: (at) => tree.has(at),
    namesIn(group) {
      const own = storesOf(group).flatMap((store) => store.namesIn(group));
      return [...new Set([...(tree.get(group)?.names ?? []), ...own])];
    },
    isGroup: (at) => tree.has(at),
    text(group, name) {
      // Keras makes a group in the file at hand, and begins a new one when the first variable does not fit any more.
      const first = groups.get(group)?.[0] ?? tree.get(splitLast(group)[0])?.first;
      const at = first === undefined ? -1 : inOrder.indexOf(first);
      for (const shard of inOrder.slice(Math.max(0, at - 1), at + 1)) {
        const { store } = shards.get(shard)!;
        const text = store.isGroup(group) ? store.text(group, name) : undefined;
        if (text !== undefined) return text;
      }
      return undefined;
    },
    header: (dataset) => ownerOf(dataset).header(dataset),
    sourceOf: (dataset) => ownerOf(dataset).sourceOf(dataset),
  };
}

interface Node {
  /** What is in the group, of groups. */
  readonly names: Set<string>;
  /** The file of the first group in it that the index names. */
  readonly first: string | undefined;
}

/** The groups of an index, and those on the way to them. */
function treeOf(groups: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, Node> {
  const tree = new Map<string, Node>();
  const nodeAt = (group: string, first: string | undefined): Node => {
    const node = tree.get(group) ?? { names: new Set(), first };
    tree.set(group, node);
    return node;
  };
  for (const [group, [first]] of groups) {
    nodeAt(group, first);
    for (let at = group; at !== '';) {
      const [parent, name] = splitLast(at);
      const { names } = nodeAt(parent, first);
      if (names.has(name)) break;
      names.add(name);
      at = parent;
    }
  }
  return tree;
}

const withoutSlash = (at: string): string => at.replace(/^\/+/, '');

function splitLast(at: string): readonly [parent: string, name: string] {
  const end = at.lastIndexOf('/');
  return [at.slice(0, Math.max(0, end)), at.slice(end + 1)];
}
