import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../../core/failure';
import { download, integrityOf, requireIntegrity } from '../download';
import { installBeside, type Installed, type Installing } from '../installBeside';
import {
  DAWN_INTEGRITY,
  DAWN_PACKAGE,
  DAWN_VERSION,
  libraryOf,
  packageFolder,
  packageSchema,
  systemFolder,
} from './installation';
import { TarError, unpack } from './tarball';
import { t } from '../../../l10n/translate';

const ARCHIVE = `${DAWN_PACKAGE}-${DAWN_VERSION}.tgz`;
/** The archive holds the libraries of all systems: 49 MiB. */
const LONGEST_ARCHIVE = 128 * 1024 * 1024;

/** npm's own way to say another registry, as companies have. */
const REGISTRY = 'npm_config_registry';

/**
 * Installs the engine: Dawn for Node, from the npm registry or from what somebody has fetched already. Of its libraries
 * this system's alone is kept, 20 MB of 130.
 *
 * @param from an archive of the npm package, as `npm pack` leaves it, or its folder
 * @throws Failure, which says what lacks; the signal's reason once aborted
 */
export async function installWebgpu(from: string | undefined, installing: Installing): Promise<Installed> {
  const { tell, signal } = installing;
  const make = async (folder: string) => {
    const target = packageFolder(folder);
    if (from === undefined) {
      const archive = path.join(folder, ARCHIVE);
      tell(t('fetching {0} {1} from {2}', DAWN_PACKAGE, DAWN_VERSION, registry()));
      await download(
        {
          url: new URL(`${DAWN_PACKAGE}/-/${ARCHIVE}`, registry()).href,
          file: archive,
          integrity: DAWN_INTEGRITY,
          longest: LONGEST_ARCHIVE,
          otherwise: t(
            'where npm gets through, npm pack {0}@{1}, then model-surgery engines install webgpu --from {2}',
            DAWN_PACKAGE,
            DAWN_VERSION,
            ARCHIVE,
          ),
        },
        installing,
      );
      await unpackPackage(archive, target, signal);
      await rm(archive);
    } else {
      if ((await kindOf(from)) === 'folder') await copyPackage(from, target);
      else {
        requireIntegrity(from, await integrityOf(from, signal), DAWN_INTEGRITY);
        await unpackPackage(from, target, signal);
      }
      tell(t('took {0} {1} from {2}', DAWN_PACKAGE, DAWN_VERSION, from));
    }
    await requireLibrary(folder);
    // So that Node takes what is in the folder for a package's dependency.
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true }));
  };
  return installBeside('webgpu', make, installing);
}

function registry(): string {
  const given = process.env[REGISTRY] ?? 'https://registry.npmjs.org/';
  return given.endsWith('/') ? given : `${given}/`;
}

/** What is kept of the package: its entry, its description, its licences, and this system's library. */
function isKept(file: string): boolean {
  return /^(index\.js|package\.json|LICENSE[^/]*)$/.test(file) || file.startsWith(`dist/${systemFolder()}/`);
}

async function unpackPackage(archive: string, target: string, signal: AbortSignal): Promise<void> {
  const placeOf = (entry: string) => {
    const file = /^package\/(.+)$/.exec(entry)?.[1];
    const isInside = file !== undefined && !file.split('/').includes('..');
    return isInside && isKept(file) ? path.join(target, ...file.split('/')) : undefined;
  };
  try {
    await unpack(archive, placeOf, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TarError) throw notPackage(archive, error.message, error);
    throw error;
  }
}

async function copyPackage(from: string, target: string): Promise<void> {
  const file = path.join(from, 'package.json');
  let version: string;
  try {
    version = packageSchema.parse(JSON.parse(await readFile(file, 'utf8'))).version;
  } catch (error) {
    throw notPackage(from, t('found no package.json of the npm package {0}', DAWN_PACKAGE), error);
  }
  if (version !== DAWN_VERSION) throw notPackage(from, t('found version {0}', version));
  await cp(from, target, {
    recursive: true,
    dereference: true,
    filter: (source) => isOnWay(path.relative(from, source).split(path.sep).join('/')),
  });
}

/** Whether a file of the package is kept, or a folder leads to one that is. */
function isOnWay(relative: string): boolean {
  const library = `dist/${systemFolder()}`;
  return relative === '' || isKept(relative) || library === relative || library.startsWith(`${relative}/`);
}

async function requireLibrary(folder: string): Promise<void> {
  const library = libraryOf(folder);
  if (await stat(library).catch(() => undefined)) return;
  throw new Failure(
    'work',
    'ENGINE_SYSTEM',
    t(
      'engine webgpu: the package {0} {1} has no library for {2}, expected linux, darwin or win32 on x64 or arm64; use another engine',
      DAWN_PACKAGE,
      DAWN_VERSION,
      systemFolder(),
    ),
  );
}

async function kindOf(from: string): Promise<'folder' | 'file'> {
  const found = await stat(from).catch((cause: unknown) => {
    throw notPackage(from, t('found nothing'), cause);
  });
  return found.isDirectory() ? 'folder' : 'file';
}

function notPackage(where: string, found: string, cause?: unknown): Failure {
  const message = t(
    '{0}: {1}, expected an archive or a folder of the npm package {2} {3}',
    where,
    found,
    DAWN_PACKAGE,
    DAWN_VERSION,
  );
  return new Failure('input', 'ENGINE_PACKAGE', message, { path: where, cause });
}
