import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { env } from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { Failure } from '../../../core/failure';
import { registerTrainingKernels } from './kernels';
import { t } from '../../../l10n/translate';

const BINARY = 'tfjs-backend-wasm-simd.wasm';

let prepared = false;

/** Says where the WebAssembly binaries are and adds the training kernels. Does so once. */
export function prepareWasm(): void {
  if (prepared) return;
  setWasmPaths(binaryFolder() + path.sep);
  // Its threads need a worker that a bundle does not carry.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  registerTrainingKernels();
  prepared = true;
}

/** `wasm/` beside the bundle or above its chunks; from source, the package's own folder. */
function binaryFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  for (const folder of [here, path.dirname(here)]) {
    const candidate = path.join(folder, 'wasm');
    if (existsSync(path.join(candidate, BINARY))) return candidate;
  }
  try {
    return path.dirname(
      createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-wasm/dist/${BINARY}`),
    );
  } catch (cause) {
    const message = t(
      'no {0} in {1}, nor the package that holds it; install the extension again',
      BINARY,
      path.join(here, 'wasm'),
    );
    throw new Failure('work', 'ENGINE_UNAVAILABLE', message, { cause });
  }
}
