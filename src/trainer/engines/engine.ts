import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { EngineName } from '../../core/plan/plan';
import { Failure } from '../../core/failure';
import { registerGradients } from './gradients/register';
import type { EngineFound } from '../../protocol/engines';
import { t } from '../../l10n/translate';

/** Where an engine is installed that does not come with the program. */
export interface Installed {
  readonly folder: string;
}

/**
 * Makes an engine the one that computes. `cpu` is plain JavaScript, for tests.
 *
 * @param installation the one to load; the user's own where left out
 * @throws Failure of kind `work` (`ENGINE_UNAVAILABLE`) when it does not start
 */
export async function openEngine(name: EngineName, installation?: Installed): Promise<EngineFound> {
  const engine = await open[name](installation);
  registerGradients();
  return engine;
}

const open: Readonly<Record<EngineName, (installation?: Installed) => Promise<EngineFound>>> = {
  tensorflow: openTensorflow,
  webgpu: openWebgpu,
  wasm: openWasm,
  cpu: openCpu,
};

async function openTensorflow(given?: Installed): Promise<EngineFound> {
  const { readInstallation, notInstalled } = await import('./tensorflow/installation');
  const { registerDilatedDepthwise } = await import('./tensorflow/depthwise');
  const { loadTensorflow, describeTensorflow } = await import('./tensorflow/open');
  const installation = await readInstallation(given?.folder);
  if (!installation) throw notInstalled();
  loadTensorflow(installation);
  registerDilatedDepthwise();
  await useBackend('tensorflow');
  const { onGpu, version } = describeTensorflow();
  return {
    name: 'tensorflow',
    device: `TensorFlow ${version} on ${onGpu ? 'GPU' : 'CPU'}`,
    onGpu,
    libraries: { TensorFlow: version, 'TensorFlow.js': tf.version_core },
  };
}

async function openWebgpu(given?: Installed): Promise<EngineFound> {
  const { readDawn, dawnNotInstalled } = await import('./webgpu/installation');
  const { loadWebgpu, endOnDeviceErrors } = await import('./webgpu/open');
  const installation = await readDawn(given?.folder);
  if (!installation) throw dawnNotInstalled();
  const { name, onGpu } = await loadWebgpu(installation);
  await useBackend('webgpu');
  endOnDeviceErrors();
  return {
    name: 'webgpu',
    device: `WebGPU on ${name}`,
    onGpu,
    libraries: { Dawn: installation.version, 'TensorFlow.js': tf.version_core },
  };
}

const EMBEDDED = { onGpu: false, libraries: { 'TensorFlow.js': tf.version_core } };

async function openCpu(): Promise<EngineFound> {
  await import('@tensorflow/tfjs-backend-cpu');
  await useBackend('cpu');
  return { name: 'cpu', device: 'JavaScript', ...EMBEDDED };
}

async function openWasm(): Promise<EngineFound> {
  const { prepareWasm } = await import('./wasm/prepare');
  prepareWasm();
  await useBackend('wasm');
  const { refuseFullHeap } = await import('./wasm/heapLimit');
  refuseFullHeap(tf.backend() as BackendWasm);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { name: 'wasm', device: simd === true ? 'WebAssembly SIMD' : 'WebAssembly', ...EMBEDDED };
}

async function useBackend(name: string): Promise<void> {
  let cause: unknown;
  try {
    // `false` is how tfjs says no; `getBackend()` would name the failed one all the same.
    if (await tf.setBackend(name)) return;
  } catch (error) {
    cause = error;
  }
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Failure('work', 'ENGINE_UNAVAILABLE', t('engine {0} did not start here{1}', name, reason), {
    cause,
  });
}
