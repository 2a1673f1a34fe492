import * as tf from '@tensorflow/tfjs-core';
import type { Compile } from '../compiledRun';
import type { TensorflowBackend } from './operation';
import { record } from './recording';
import { openSession } from './session';

/** By a recording of the first run. On processors only: the addon takes what a session gives from their memory. */
export const compileRun: Compile = (inputs, compute, outputsOf) => {
  const backend = tf.backend() as unknown as TensorflowBackend;
  if (backend.isUsingGpuDevice) return { results: compute() };
  const { results, recording } = record(backend, inputs, compute, outputsOf);
  if (!recording) return { results };
  try {
    return { results, compiled: openSession(recording, backend) };
  } catch {
    // A graph that TensorFlow refuses costs time and changes no number.
    return { results };
  }
};
