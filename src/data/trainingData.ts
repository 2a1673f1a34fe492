import { createHash } from 'node:crypto';
import type { Dataset } from './dataset';
import type { DataNote } from './notes';

/** Some samples of a dataset. */
export interface Part {
  readonly dataset: Dataset;
  /** Indices of its samples, in the order of the dataset. */
  readonly indices: Uint32Array;
}

export interface TrainingData {
  readonly classes: readonly string[];
  /** Of the first epoch. */
  readonly train: Part;
  /** May be empty; never augmented. */
  readonly validation: Part;
  /**
   * The training samples of an epoch, from one over the whole run, as many in each. They depend on the plan's seed and
   * on the epoch alone, so that a run which is taken up again sees what it would have seen.
   */
  readonly trainAt: (epoch: number) => Part;
  /**
   * Whether a dataset's index names the same numbers whenever it is asked, in every epoch: what is computed of them may
   * be kept. False where each epoch augments anew.
   */
  readonly repeats: boolean;
  /** What people should know of the data. */
  readonly notes: readonly DataNote[];
  /** Another one when files of the training or the validation data have changed. */
  fingerprint(): Promise<string>;
}

export function trainingData(parts: Omit<TrainingData, 'fingerprint' | 'train'>): TrainingData {
  const train = parts.trainAt(1);
  return {
    ...parts,
    train,
    fingerprint: async () => {
      const { dataset } = parts.validation;
      const states = [await train.dataset.fingerprint(), await dataset.fingerprint()];
      return createHash('sha256').update(states.join()).digest('hex');
    },
  };
}
