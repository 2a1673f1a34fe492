import type { Plan } from '../core/plan/plan';
import { batches } from '../data/batches';
import type { Dataset } from '../data/dataset';
import type { TrainingData } from '../data/openData';
import { seededRandom } from '../data/random';
import { shuffled } from '../data/shuffle';
import type { Answers, StepInputs } from './executor';
import type { Features } from './features/wanted';

/** What a step takes. */
export interface StepBatch {
  readonly inputs: StepInputs;
  readonly labels: Answers;
}

/** Where a phase's batches come from: decoded samples, or what stands for them. */
export interface BatchSource {
  /** To train on in an epoch. */
  readonly samples: number;
  /**
   * The batches of an epoch: the same for the same epoch, in whatever process and however often it is asked.
   *
   * @param epoch from one, over the whole run
   * @param from the first batch that is wanted, from zero
   */
  train(epoch: number, from: number): AsyncIterable<StepBatch>;
  validate(): AsyncIterable<StepBatch>;
}

/** @param features in place of the samples that they were made of */
export function batchSource(
  plan: Plan,
  { train, trainAt, validation }: TrainingData,
  features?: Features,
): BatchSource {
  const { batchSize, seed } = plan;
  const batchesOf = (dataset: Dataset, order: Uint32Array) =>
    features?.has(dataset)
      ? features.batches(dataset, order, batchSize)
      : batchesOfSamples(dataset, order, batchSize);
  return {
    samples: train.indices.length,
    train(epoch, from) {
      const { dataset, indices } = trainAt(epoch);
      const order = plan.shuffle ? shuffled(indices, seededRandom(seed, epoch)) : indices;
      return batchesOf(dataset, order.subarray(from * batchSize));
    },
    validate: () => batchesOf(validation.dataset, validation.indices),
  };
}

async function* batchesOfSamples(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
): AsyncGenerator<StepBatch> {
  for await (const batch of batches(dataset, order, batchSize))
    yield { inputs: [batch], labels: batch.labels };
}
