import type * as tf from '@tensorflow/tfjs-core';

/** A run that an engine has made into one thing: the same tensors from inputs of the same shapes. */
export interface CompiledRun {
  /** @returns tensors of the caller's */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/**
 * Runs `compute` once as it is, and makes a compiled run of what it did.
 *
 * @param inputs what may be another tensor of the same shape at each run; everything else stays as it is now
 * @returns no compiled run where that cannot be
 */
export type Compile = <Results>(
  inputs: readonly tf.Tensor[],
  compute: () => Results,
  outputsOf: (results: Results) => readonly tf.Tensor[],
) => { readonly results: Results; readonly compiled?: CompiledRun };

const compilers = new Map<string, Compile>();

export function registerCompiler(backend: string, compile: Compile): void {
  compilers.set(backend, compile);
}

/** The way in which a backend compiles; nothing where it does not. */
export function compilerOf(backend: string): Compile | undefined {
  return compilers.get(backend);
}
