import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { DownloadError } from '../../download/downloadError';
import { fetchFile, requireHash } from '../../download/fetchFile';
import { bytesBegun } from '../../download/part';
import type { Network } from '../../download/request';
import { requireSecure } from '../../download/secureAddress';
import type { PublishedWeights, ZooEntry } from '../architecture';
import { zooEntries } from '../registry';
import { t } from '../../l10n/translate';

/** What a file of weights may hold beside its numbers: names, and the padding of HDF5. */
const BESIDE_NUMBERS = 64 * 1024 * 1024;
/** Of a parameter: published weights are float32 at the most. */
const NUMBER_BYTES = 4;

/** Where weights come from and where they are kept. */
export interface ZooStore {
  /** See `zooFolder`. */
  readonly folder: string;
  /**
   * An address under which the files lie by the paths that they have where they are published, for whoever cannot or may
   * not go there. HTTPS, but on this very machine.
   */
  readonly mirror?: string;
  readonly network: Network;
  /** Why nothing is fetched, and what to do: the workspace is not trusted. What is cached is taken all the same. */
  readonly off?: string;
}

export interface Getting {
  readonly signal: AbortSignal;
  /** Told of bytes that are here; `whole` where the server says how many there will be. Not where the file was cached. */
  readonly onProgress?: (bytes: number, whole: number | undefined) => void;
}

/**
 * The file of published weights: the cached one where it is there and undamaged, else a download of it.
 *
 * @throws Failure `ZOO_OFF`; `ZOO_OFFLINE`, which names what is cached; `ZOO_DOWNLOAD` for what a server refuses; `ZOO_INTEGRITY` for
 * another file than was published; `URL_INSECURE`, `PROXY_ADDRESS`; the signal's reason once aborted
 */
export async function weightFile(
  entry: ZooEntry,
  published: PublishedWeights,
  store: ZooStore,
  { signal, onProgress }: Getting,
): Promise<string> {
  const place = cachePlace(store.folder, published);
  if (await isWhole(place, published, signal)) return place;
  if (store.off !== undefined) throw downloadsOff(entry, store.off);
  const url = addressOf(published, store.mirror);
  const { hash } = published;
  const longest = entry.parameters * NUMBER_BYTES + BESIDE_NUMBERS;
  try {
    await mkdir(store.folder, { recursive: true });
    await fetchFile({ url, longest, ...(hash && { hash }) }, place, {
      signal,
      network: store.network,
      ...(onProgress && { onProgress }),
    });
  } catch (error) {
    if (error instanceof DownloadError) throw await explained(entry, url, error, store);
    throw isDiskError(error) ? diskFailure(store.folder, error) : error;
  }
  return place;
}

/** @param why as `ZooStore` has it */
export function downloadsOff({ name }: ZooEntry, why: string): Failure {
  return new Failure('usage', 'ZOO_OFF', t('{0}: its weights are not cached, and {1}', name, why));
}

/** Names of entries whose weights are in the folder, with or without the top. Damage is met when they are used. */
export async function cachedNames(folder: string): Promise<ReadonlySet<string>> {
  const files = new Set(await readdir(folder).catch(() => []));
  return new Set(
    zooEntries()
      .filter(({ weights }) =>
        [weights.top, weights.noTop].some((published) => published && files.has(published.file)),
      )
      .map(({ name }) => name),
  );
}

/** What is here of one file of weights. Damage is met when it is used. */
export interface CacheState {
  readonly cached: boolean;
  /** Bytes of a download that did not come to its end. */
  readonly begun: number;
}

export async function cacheState(folder: string, published: PublishedWeights): Promise<CacheState> {
  const place = cachePlace(folder, published);
  const found = await stat(place).catch(() => undefined);
  return { cached: found?.isFile() === true, begun: await bytesBegun(place) };
}

/** @throws Failure `URL_INSECURE` */
export function addressOf({ url }: PublishedWeights, mirror?: string): string {
  if (mirror === undefined) return url;
  requireSecure(mirror);
  return `${mirror.replace(/\/+$/, '')}${new URL(url).pathname}`;
}

function cachePlace(folder: string, { file }: PublishedWeights): string {
  return path.join(folder, path.basename(file));
}

/** A damaged one is removed: the disk, or somebody who has put another file there. */
async function isWhole(place: string, published: PublishedWeights, signal: AbortSignal): Promise<boolean> {
  const found = await stat(place).catch(() => undefined);
  if (!found?.isFile()) return false;
  try {
    await requireHash(place, published, signal);
    return true;
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    await rm(place, { force: true });
    return false;
  }
}

async function explained(
  { name }: ZooEntry,
  url: string,
  error: DownloadError,
  { folder, mirror }: ZooStore,
): Promise<Failure> {
  const where = `${name}: ${url}: ${error.message}`;
  const fail = (code: string, message: string) => new Failure('work', code, message, { cause: error });
  switch (error.problem) {
    case 'offline': {
      const cached = [...(await cachedNames(folder))];
      const offer =
        cached.length === 0
          ? t('nothing is cached in {0}', folder)
          : t('cached are {0} in {1}', cached.join(', '), folder);
      return fail(
        'ZOO_OFFLINE',
        mirror === undefined
          ? t('{0}; {1}; name a mirror that can be reached, or begin with random weights', where, offer)
          : t('{0}; {1}; see that the mirror can be reached, or begin with random weights', where, offer),
      );
    }
    case 'unlike':
      return fail('ZOO_INTEGRITY', where);
    case 'cut':
      return fail('ZOO_DOWNLOAD', t('{0}; what came is kept, ask again to go on with it', where));
    case 'refused':
      return fail('ZOO_DOWNLOAD', where);
  }
}

export function isDiskError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

export function diskFailure(folder: string, cause: NodeJS.ErrnoException): Failure {
  return new Failure(
    'work',
    'ZOO_FOLDER',
    t(
      '{0}: weights cannot be kept there: {1}; make room or give it another place by MODEL_SURGERY_ZOO',
      folder,
      cause.message,
    ),
    { path: folder, cause },
  );
}
