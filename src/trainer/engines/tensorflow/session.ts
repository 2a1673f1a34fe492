import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import type { CompiledRun } from '../compiledRun';
import { foldRecording } from './foldRecording';
import type { TensorflowBackend } from './operation';
import type { Recording } from './recording';
import { savedModelOf } from './savedModel';

const TAG = 'serve';

/**
 * A recording as a graph that TensorFlow runs at once. It joins convolutions, biases and rectifiers, computes in place,
 * and frees what is used up.
 *
 * @throws Error in TensorFlow's words where it does not take the graph
 */
export function openSession(recording: Recording, backend: TensorflowBackend): CompiledRun {
  const { binding } = backend;
  const folder = mkdtempSync(path.join(tmpdir(), 'model-surgery-graph-'));
  let session: number;
  try {
    const model = savedModelOf(foldRecording(recording, backend), TAG, binding);
    writeFileSync(path.join(folder, 'saved_model.pb'), model);
    session = binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const inputNames = recording.placeholders.map(({ name }) => `${name}:0`).join(',');
  const outputNames = recording.outputs.map(({ node, output }) => `${node}:${output}`).join(',');
  return {
    run: (inputs: readonly tf.Tensor[]) =>
      binding
        .runSavedModel(session, backend.getInputTensorIds(inputs), inputNames, outputNames)
        .map((metadata) => backend.createOutputTensor(metadata)),
    dispose: () => binding.deleteSavedModel(session),
  };
}
