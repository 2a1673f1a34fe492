import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../../../core/failure';
import { enginesFolder } from '../enginesFolder';
import { t } from '../../../l10n/translate';

/** The npm package that brings WebGPU to Node (Dawn), and the version that everything here was tried with. */
export const DAWN_PACKAGE = 'webgpu';
export const DAWN_VERSION = '0.6.2';
/** Of that version's archive, as the npm registry has it. */
export const DAWN_INTEGRITY =
  'sha512-3L4GfmqJLvYUIEWJngEQY+2HQiUlAFkg8+P8NDDj3Xx5hHHIFO/r8JW+ynfqBj7kHN4mbnwO74uB+lrRtLhp4Q==';

const INSTALL = `model-surgery engines install webgpu`;

export const packageSchema = z.object({ name: z.literal(DAWN_PACKAGE), version: z.string() });

export interface DawnInstallation {
  readonly folder: string;
  /** Of the package. */
  readonly version: string;
}

export const webgpuFolder = (): string => path.join(enginesFolder(), 'webgpu');

/** Where in an installation the package is. */
export const packageFolder = (folder: string): string => path.join(folder, 'node_modules', DAWN_PACKAGE);

/** The folder of the package that this system's library is in; there is one a system and processor. */
export function systemFolder(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string {
  return `${platform}-${platform === 'darwin' ? 'universal' : arch}`;
}

/** The library that Node loads. */
export const libraryOf = (folder: string): string =>
  path.join(packageFolder(folder), 'dist', systemFolder(), 'dawn.node');

/** What is installed in a folder; nothing where nothing is. @throws Failure of kind `work` for a broken one */
export async function readDawn(folder = webgpuFolder()): Promise<DawnInstallation | undefined> {
  const file = path.join(packageFolder(folder), 'package.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw broken(file, error.message, error);
  });
  if (text === undefined) return undefined;
  try {
    return { folder, version: packageSchema.parse(JSON.parse(text)).version };
  } catch (error) {
    throw broken(file, t('found no description of the package {0}', DAWN_PACKAGE), error);
  }
}

export function dawnNotInstalled(): Failure {
  return new Failure(
    'work',
    'ENGINE_NOT_INSTALLED',
    t('engine webgpu is not installed (found nothing in {0}); install it: {1}', webgpuFolder(), INSTALL),
  );
}

export function broken(where: string, found: string, cause: unknown): Failure {
  const message = t('{0}: {1}; install it again: {2}', where, found, INSTALL);
  return new Failure('work', 'ENGINE_UNAVAILABLE', message, { path: where, cause });
}
