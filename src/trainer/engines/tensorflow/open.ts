import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../../../core/failure';
import { registerCompiler } from '../compiledRun';
import { compileRun } from './compile';
import { registerFusedKernels } from './fused';
import { ADDON_PACKAGE, type Installation } from './installation';
import type { TensorflowBackend } from './operation';
import { t } from '../../../l10n/translate';

export interface OpenTensorflow {
  readonly onGpu: boolean;
  /** TensorFlow's version: `2.21.0`. */
  readonly version: string;
}

/**
 * Loads the addon into this process. It registers itself with the one engine that all copies of tfjs-core in a process
 * share, so its kernels serve the bundled copy too; ours are added to them.
 *
 * @throws Failure of kind `work` (`ENGINE_UNAVAILABLE`) where it does not load
 */
export function loadTensorflow(installation: Installation): void {
  setEnvironment();
  restoreOldUtil();
  const require = createRequire(path.join(installation.folder, 'package.json'));
  try {
    require(ADDON_PACKAGE);
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new Failure(
      'work',
      'ENGINE_UNAVAILABLE',
      t(
        'engine tensorflow did not load: {0}; install it again: model-surgery engines install tensorflow',
        reason,
      ),
      { path: installation.folder, cause },
    );
  }
  registerFusedKernels();
  registerCompiler('tensorflow', compileRun);
}

/** What the loaded backend, which has to be the current one, computes on. */
export function describeTensorflow(): OpenTensorflow {
  const backend = tf.backend() as unknown as TensorflowBackend;
  return { onGpu: backend.isUsingGpuDevice, version: backend.binding.TF_Version };
}

function setEnvironment(): void {
  const { env } = process;
  // Else it takes nearly all memory of the card at once, also that of other processes.
  env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  // The addon takes the last card that it sees, CUDA lists the fastest first.
  env.CUDA_VISIBLE_DEVICES ??= '0';
  // Warnings and errors; what TensorFlow is compiled with is nobody's concern.
  env.TF_CPP_MIN_LOG_LEVEL ??= '1';
}

/** Node 23 took these away; the addon's package calls them. */
function restoreOldUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  old.isArray ??= Array.isArray;
}
