import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { Failure } from '../../../core/failure';
import { enginesFolder } from '../enginesFolder';
import { t } from '../../../l10n/translate';

/** The npm package whose addon and kernels the engine is, and the version that everything here was tried with. */
export const ADDON_PACKAGE = '@tensorflow/tfjs-node-gpu';
export const ADDON_VERSION = '4.22.0';

/** Written last, so that a folder that holds it is whole. */
export const INSTALLATION_FILE = 'engine.json';

/** Where in an installation the addon is that Node loads. */
export const ADDON_FILE = path.join('node_modules', ADDON_PACKAGE, 'lib', 'napi-v8', 'tfjs_binding.node');

export const installationSchema = z.strictObject({
  version: z.literal(1),
  /** `download`: the library that the package's own script fetches; else the Python package it was built against. */
  source: z.enum(['download', 'python']),
  /** The folder that TensorFlow's shared libraries are loaded from. */
  libraries: z.string(),
  /** The file of it that changes when TensorFlow is updated. */
  library: z.string(),
});

export interface Installation extends z.infer<typeof installationSchema> {
  readonly folder: string;
}

export const tensorflowFolder = (): string => path.join(enginesFolder(), 'tensorflow');

/** What is installed in a folder; nothing where nothing is. @throws Failure of kind `work` for a broken one */
export async function readInstallation(folder = tensorflowFolder()): Promise<Installation | undefined> {
  const file = path.join(folder, INSTALLATION_FILE);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw broken(file, error.message, error);
  });
  if (text === undefined) return undefined;
  try {
    return { ...installationSchema.parse(JSON.parse(text)), folder };
  } catch (error) {
    throw broken(file, t('found no description of an engine of this version'), error);
  }
}

export function notInstalled(): Failure {
  return new Failure(
    'work',
    'ENGINE_NOT_INSTALLED',
    t(
      'engine tensorflow is not installed (found nothing in {0}); install it: model-surgery engines install tensorflow --tensorflow PYTHON',
      tensorflowFolder(),
    ),
  );
}

function broken(file: string, found: string, cause: unknown): Failure {
  const message = t('{0}: {1}; install it again: model-surgery engines install tensorflow', file, found);
  return new Failure('work', 'ENGINE_UNAVAILABLE', message, { path: file, cause });
}
