import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../../core/failure';
import { fetchFile, type Fetching } from '../../download/fetchFile';
import { isFile, statFile } from '../../formats/byteSource';
import { readJsonFile } from '../../formats/jsonFile';
import { resolveShard } from '../../formats/tfjs/manifest';
import { MAX_MODULE_BYTES } from './unpackModule';
import { t } from '../../l10n/translate';

/** The graph of a module as JSON; its numbers are in the shards. */
const MAX_MODEL_JSON_BYTES = 256 * 2 ** 20;

/** Shards are 4 MiB each as the converter cuts them. */
const MAX_SHARDS = 4096;

const modelSchema = z.object({
  modelTopology: z.unknown(),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()) })).default([]),
});

/**
 * Fetches the shards of a TensorFlow.js model beside its `model.json`: by their names there, with what follows the question
 * mark in its own address. Those that are there already are taken.
 *
 * @param modelFile the `model.json`, fetched from `url`
 * @throws Failure `HUB_NOT_A_MODULE`, `JSON_INVALID`, `FILE_TOO_LARGE`, `SHARD_PATH`; as `fetchFile`, of the shard
 */
export async function fetchShards(
  modelFile: string,
  url: string,
  { onProgress, ...fetching }: Fetching,
  explain: (shard: string, error: unknown) => unknown,
): Promise<void> {
  const names = await shardsIn(modelFile, url);
  let done = 0;
  for (const [index, name] of names.entries()) {
    const place = resolveShard(name, modelFile);
    const address = shardAddress(url, name);
    const before = done;
    const longest = MAX_MODULE_BYTES - done;
    // Shards but the last are equally long, so that the first tells about how much there is.
    const onShard = (bytes: number, whole: number | undefined) => {
      const rest = whole === undefined ? undefined : whole * (names.length - index);
      onProgress?.(before + bytes, rest && Math.max(before + bytes, before + rest));
    };
    if (!(await isFile(place))) {
      try {
        await fetchFile({ url: address, longest }, place, { ...fetching, onProgress: onShard });
      } catch (error) {
        throw explain(address, error);
      }
    }
    done += (await statFile(place)).size;
  }
}

async function shardsIn(modelFile: string, url: string): Promise<readonly string[]> {
  const parsed = modelSchema.safeParse(await readJsonFile(modelFile, MAX_MODEL_JSON_BYTES));
  if (!parsed.success || parsed.data.modelTopology === undefined) {
    throw notAModule(url, t('JSON that describes no model'));
  }
  const names = parsed.data.weightsManifest.flatMap(({ paths }) => paths);
  if (names.length <= MAX_SHARDS) return [...new Set(names)];
  throw notAModule(url, t('a model of {0} shards', names.length));
}

export function notAModule(what: string, found: string): Failure {
  return new Failure(
    'input',
    'HUB_NOT_A_MODULE',
    t(
      '{0}: found {1}, expected a SavedModel as .tar.gz or a folder, or the model.json of a TensorFlow.js model',
      what,
      found,
    ),
  );
}

/** Each step of the path as text, so that none means anything in an address. */
function shardAddress(url: string, name: string): string {
  const { search } = new URL(url);
  const steps = name.split(/[/\\]/).map(encodeURIComponent).join('/');
  const address = new URL(`./${path.posix.normalize(steps)}`, url);
  address.search = search;
  return address.href;
}
