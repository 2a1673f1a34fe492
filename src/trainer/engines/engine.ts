import * as tf from '@tensorflow/tfjs-core';
import type { Plan } from '../../core/plan/plan';
import { Failure } from '../../core/failure';
import { registerGradients } from './gradients/register';

export interface Engine {
  readonly name: 'wasm' | 'cpu';
  /** What it runs on, for people: `WebAssembly SIMD`. */
  readonly device: string;
}

/**
 * Makes an engine the one that computes. `auto` is the embedded default, `wasm`; `cpu` is plain JavaScript, for tests.
 *
 * @throws Failure of kind `work` (`ENGINE_UNAVAILABLE`) when it does not start
 */
export async function openEngine(name: Plan['engine']): Promise<Engine> {
  const engine = name === 'cpu' ? await openCpu() : await openWasm();
  registerGradients();
  return engine;
}

async function openCpu(): Promise<Engine> {
  await import('@tensorflow/tfjs-backend-cpu');
  await useBackend('cpu');
  return { name: 'cpu', device: 'JavaScript' };
}

async function openWasm(): Promise<Engine> {
  const { prepareWasm } = await import('./wasm/prepare');
  prepareWasm();
  await useBackend('wasm');
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { name: 'wasm', device: simd === true ? 'WebAssembly SIMD' : 'WebAssembly' };
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
  throw new Failure('work', 'ENGINE_UNAVAILABLE', `engine ${name} did not start here${reason}`, { cause });
}
