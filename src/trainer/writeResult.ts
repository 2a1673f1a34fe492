import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import type { FormatName, ModelToWrite } from '../formats/format';
import { writeModel } from '../formats/registry';
import { RUN_FILES } from '../runs/runFolder';

export interface WrittenResult {
  /** Relative to the run folder, the best to open first. */
  readonly files: readonly string[];
  /** What could not be written in the form that it is usually written in, and why. */
  readonly notes: readonly Failure[];
}

/** A run that was stopped has a model already when it is gone on with. */
const OVER_THAT_OF_A_STOP = { force: true };

/**
 * Writes the model that a run made into its folder: as a TensorFlow.js model and as `.h5`, or, where it has operations that
 * Keras has not, as safetensors, which holds every model.
 */
export async function writeResult(result: ModelToWrite, runFolder: string): Promise<WrittenResult> {
  const folder = path.join(runFolder, RUN_FILES.model);
  const notes: Failure[] = [];
  const attempt = async (target: string, format: FormatName): Promise<boolean> => {
    try {
      await writeModel(result, target, format, OVER_THAT_OF_A_STOP);
      return true;
    } catch (cause) {
      if (!(cause instanceof Failure) || cause.code !== 'FORMAT_LAYER') throw cause;
      notes.push(cause);
      return false;
    }
  };
  // The folder first: it is written beside and renamed, and takes the others in afterwards.
  const inTfjs = await attempt(folder, 'tfjs');
  await mkdir(folder, { recursive: true });
  const inKeras = await attempt(path.join(folder, 'model.h5'), 'h5');
  if (!inKeras)
    await writeModel(result, path.join(folder, 'model.safetensors'), 'safetensors', OVER_THAT_OF_A_STOP);
  const names = [inKeras ? 'model.h5' : 'model.safetensors', ...(inTfjs ? ['model.json'] : [])];
  return { files: names.map((name) => `${RUN_FILES.model}/${name}`), notes };
}
