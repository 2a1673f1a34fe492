import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const repository = path.resolve(import.meta.dirname, '../..');

/** The Python that has Keras, which `npm run setup` puts into `.cache/python`. */
export function pythonPath(): string {
  const python = process.env.MODEL_SURGERY_PYTHON ?? path.join(repository, '.cache/python/bin/python');
  if (existsSync(python)) return python;
  throw new Error(`no Python with Keras at ${python}: run "npm run setup -- --python"`);
}

/** Runs a script of real Keras and returns what it printed; its stderr is in the error when it fails. */
export async function runPython(script: string, args: readonly string[] = []): Promise<string> {
  const { stdout } = await run(pythonPath(), [script, ...args], {
    cwd: repository,
    maxBuffer: 256 * 1024 * 1024,
    env: {
      ...process.env,
      KERAS_BACKEND: 'tensorflow',
      TF_CPP_MIN_LOG_LEVEL: '3',
      TF_ENABLE_ONEDNN_OPTS: '0',
      CUDA_VISIBLE_DEVICES: '-1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  return stdout;
}
