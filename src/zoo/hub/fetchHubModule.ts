import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { DownloadError } from '../../download/downloadError';
import { fetchFile } from '../../download/fetchFile';
import { readHead, statFile } from '../../formats/byteSource';
import { isTarHead, TAR_HEAD_BYTES } from '../../formats/tar/tarEntries';
import { requireSecure } from '../../download/secureAddress';
import { diskFailure, isDiskError, type Getting, type ZooStore } from '../download/weightFile';
import { fetchShards, notAModule } from './fetchShards';
import { hubAddress } from './hubAddress';
import { isModuleFolder, moduleAt, type HubModule } from './hubModule';
import { readHubNote, writeHubNote } from './hubNote';
import { MAX_MODULE_BYTES, unpackModule } from './unpackModule';
import { t } from '../../l10n/translate';

/** Modules lie in folders of their own, beside the zoo's files of weights. */
const MODULES = 'hub';

/** Folders between an archive's top and the module in it. */
const MAX_WRAPPING = 3;

/**
 * A module as a folder: the one that was fetched before, else a download of it. What an address stands for, an archive or a
 * `model.json` with shards beside it, is told by what comes. A download that breaks is gone on with the next time.
 *
 * @param address of TensorFlow Hub, of a model's version at Kaggle, or of any `model.json` or `.tar.gz`; HTTPS, but on this
 * very machine. TensorFlow Hub's and Kaggle's files are asked of the store's mirror where there is one.
 * @throws Failure `URL_INSECURE`, `HUB_ADDRESS`, `HUB_OFF`, `HUB_OFFLINE`, `HUB_DOWNLOAD`, `HUB_ARCHIVE`, `HUB_NOT_A_MODULE`,
 * `SHARD_PATH`, `ZOO_FOLDER`, `PROXY_ADDRESS`; the signal's reason once aborted
 */
export async function fetchHubModule(address: string, store: ZooStore, getting: Getting): Promise<HubModule> {
  const { url, name, published } = hubAddress(address);
  const mark = createHash('sha256').update(url).digest('hex').slice(0, MARK_DIGITS);
  const folder = path.join(store.folder, MODULES, `${name}-${mark}`);
  if (await readHubNote(folder)) return moduleAt(folder);
  if (store.off !== undefined) {
    throw new Failure('usage', 'HUB_OFF', t('{0}: the module is not cached, and {1}', address, store.off));
  }
  const from = published ? mirrored(url, store.mirror) : url;
  // Of one process: another one that fetches the same module has a part of its own for each file.
  const incoming = `${folder}.incoming`;
  try {
    const made = await fetchInto(incoming, from, store, getting);
    await writeHubNote(made, { name, address: url });
    await rm(folder, { recursive: true, force: true });
    await rename(made, folder);
    await rm(incoming, { recursive: true, force: true });
  } catch (error) {
    getting.signal.throwIfAborted();
    // Another process was faster.
    if (await readHubNote(folder)) return moduleAt(folder);
    if (error instanceof Failure && error.kind === 'input') {
      await rm(incoming, { recursive: true, force: true });
    }
    throw isDiskError(error) ? diskFailure(store.folder, error) : error;
  }
  return moduleAt(folder);
}

/** The same path and question at the mirror. @throws Failure `URL_INSECURE` */
function mirrored(url: string, mirror: string | undefined): string {
  if (mirror === undefined) return url;
  requireSecure(mirror);
  const { pathname, search } = new URL(url);
  return `${mirror.replace(/\/+$/, '')}${pathname}${search}`;
}

/** Of a hash, so many digits tell the modules of one user apart. */
const MARK_DIGITS = 12;

/** @returns the folder in which the module is whole */
async function fetchInto(
  incoming: string,
  url: string,
  { network }: ZooStore,
  { signal, onProgress }: Getting,
): Promise<string> {
  await mkdir(incoming, { recursive: true });
  const fetching = { signal, network, ...(onProgress && { onProgress }) };
  const graph = path.join(incoming, 'graph');
  const modelFile = path.join(graph, 'model.json');
  if (!(await exists(modelFile))) {
    const file = path.join(incoming, 'download');
    try {
      if (!(await exists(file))) await fetchFile({ url, longest: MAX_MODULE_BYTES }, file, fetching);
    } catch (error) {
      throw explained(url, error);
    }
    const head = await readHead(file, TAR_HEAD_BYTES);
    const pressed = head[0] === 0x1f && head[1] === 0x8b;
    if (pressed || isTarHead(head)) {
      const unpacked = path.join(incoming, 'unpacked');
      await rm(unpacked, { recursive: true, force: true });
      await unpackModule({ path: file, pressed }, unpacked, path.join(incoming, 'tar'), signal);
      return moduleIn(unpacked, url);
    }
    if (!new TextDecoder().decode(head).trimStart().startsWith('{')) {
      throw notAModule(url, describe(head));
    }
    await mkdir(graph, { recursive: true });
    await rename(file, modelFile);
  }
  await fetchShards(modelFile, url, fetching, explained);
  return graph;
}

function describe(head: Uint8Array): string {
  const isPage = /^\s*<(!doctype|html|\?xml)/i.test(new TextDecoder().decode(head));
  return isPage ? t('a page for people') : head.length === 0 ? t('an empty file') : t('another kind of file');
}

/** The folder of an archive that is the module: its top, or the only folder there is on the way. */
async function moduleIn(top: string, url: string): Promise<string> {
  let folder = top;
  for (let depth = 0; depth <= MAX_WRAPPING; depth++) {
    if (await isModuleFolder(folder)) return folder;
    const inside = await readdir(folder, { withFileTypes: true });
    const [only, ...others] = inside.filter((entry) => entry.isDirectory());
    if (!only || others.length > 0) break;
    folder = path.join(folder, only.name);
  }
  const held = (await readdir(folder)).slice(0, 5).join(', ') || t('nothing');
  throw notAModule(url, t('an archive of {0}', held));
}

function explained(url: string, error: unknown): unknown {
  if (!(error instanceof DownloadError)) return error;
  const where = `${url}: ${error.message}`;
  const fail = (code: string, message: string) => new Failure('work', code, message, { cause: error });
  switch (error.problem) {
    case 'offline':
      return fail(
        'HUB_OFFLINE',
        t(
          '{0}; the module is not cached: fetch it where the server can be reached and open its folder, or name a mirror',
          where,
        ),
      );
    case 'cut':
      return fail('HUB_DOWNLOAD', t('{0}; what came is kept, ask again to go on with it', where));
    case 'unlike':
      return fail('HUB_DOWNLOAD', where);
    case 'refused':
      return fail(
        'HUB_DOWNLOAD',
        t('{0}; where it wants somebody to sign in, download it in a browser and open its folder', where),
      );
  }
}

const exists = (file: string): Promise<boolean> =>
  statFile(file).then(
    () => true,
    () => false,
  );
