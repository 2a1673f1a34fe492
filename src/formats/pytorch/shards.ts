import type { Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import { badIndex, pickListed, readShardIndex, type ShardIndexKind } from '../shardIndex';
import type { NamedModule, NamedWeight } from '../weightsOnly';
import { MAX_INDEX_BYTES, MAX_INDEX_TENSORS, MAX_SHARDS } from './bounds';

/** How the names of files end that say which tensor is in which file. */
export const INDEX_ENDING = '.bin.index.json';

const INDEX: ShardIndexKind = {
  code: 'PYTORCH_INDEX',
  maxBytes: MAX_INDEX_BYTES,
  maxTensors: MAX_INDEX_TENSORS,
  maxShards: MAX_SHARDS,
};

/** What is taken of one file. */
export interface ReadWeights {
  readonly weights: readonly NamedWeight[];
  readonly modules: readonly NamedModule[];
  readonly report: readonly Fault[];
}

export function isPytorchIndex(file: string): boolean {
  return file.toLowerCase().endsWith(INDEX_ENDING);
}

/**
 * Reads all the files of a model that was cut into several.
 * @throws Failure `PYTORCH_INDEX`, `SHARD_MISSING`, `SHARD_PATH`, and those of each file
 */
export async function readShards(
  index: string,
  read: (file: string) => Promise<ReadWeights>,
): Promise<ReadWeights> {
  const listing = await readShardIndex(index, INDEX);
  const found = new Map<string, ReadonlyMap<string, NamedWeight>>();
  const faults: Fault[] = [];
  let count = 0;
  for (const [name, shard] of listing.shards) {
    const { weights, report } = await read(shard);
    count += weights.length;
    if (count > MAX_INDEX_TENSORS) {
      throw badIndex(index, INDEX, t('more than {0} tensors', MAX_INDEX_TENSORS), t('fewer'));
    }
    faults.push(...report);
    found.set(name, new Map(weights.map((weight) => [weight.path, weight])));
  }
  const { listed, report } = pickListed(index, listing, found, INDEX);
  return { weights: listed, modules: [], report: [...faults, ...report] };
}
