import type { Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import { badIndex, pickListed, readShardIndex, type ShardIndexKind } from '../shardIndex';
import { MAX_HEADER_BYTES, MAX_SHARDS, MAX_TENSORS } from './bounds';
import { readHeader, type SafeTensor, type SafetensorsFile } from './header';

/** How the names of files end that say which tensor is in which file. */
export const INDEX_ENDING = '.safetensors.index.json';

const INDEX: ShardIndexKind = {
  code: 'SAFETENSORS_INDEX',
  maxBytes: MAX_HEADER_BYTES,
  maxTensors: MAX_TENSORS,
  maxShards: MAX_SHARDS,
};

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
  const read = await readShardIndex(index, INDEX);
  const found = new Map<string, ReadonlyMap<string, SafeTensor>>();
  let count = 0;
  for (const [name, shard] of read.shards) {
    const { tensors } = await readHeader(shard);
    count += tensors.length;
    if (count > MAX_TENSORS)
      throw badIndex(index, INDEX, t('more than {0} tensors', MAX_TENSORS), t('fewer'));
    found.set(name, new Map(tensors.map((tensor) => [tensor.name, tensor])));
  }
  const { listed, report } = pickListed(index, read, found, INDEX);
  return { tensors: listed, metadata: {}, report };
}
