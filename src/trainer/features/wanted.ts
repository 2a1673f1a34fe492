import { createHash } from 'node:crypto';
import type { Plan } from '../../core/plan/plan';
import type { Batch } from '../../data/batches';
import { answersAt, type Dataset } from '../../data/dataset';
import type { TrainingData } from '../../data/openData';
import type { Crossing, CrossingBatch } from '../program/crossing';
import { toTensors } from './layout';
import type { Rows } from './rows';

/** Samples of a dataset that a run comes back to. */
export interface Wanted {
  readonly dataset: Dataset;
  /** Ascending, each once. */
  readonly indices: Uint32Array;
  /** Of the indices. */
  readonly digest: string;
}

/** The features of those samples: row `placeOf[index]` is of sample `index`. */
export interface KeptSamples {
  readonly dataset: Dataset;
  readonly placeOf: Int32Array;
  readonly rows: Rows;
}

/** Every sample that comes again: those of validation, and those of training unless each epoch draws them anew. */
export function samplesToKeep(plan: Plan, data: TrainingData): readonly Wanted[] {
  const used = new Map<Dataset, Set<number>>();
  const use = ({ dataset, indices }: { readonly dataset: Dataset; readonly indices: Uint32Array }) => {
    const own = used.get(dataset) ?? new Set<number>();
    for (const index of indices) own.add(index);
    used.set(dataset, own);
  };
  if (data.repeats) {
    const epochs = plan.phases.reduce((sum, phase) => sum + phase.epochs, 0);
    let before = -1;
    // Copies come in turn: an epoch that brings nothing new is the first of the next round.
    for (let epoch = 1, count = 0; epoch <= epochs && count > before; epoch++) {
      before = count;
      const part = data.trainAt(epoch);
      use(part);
      count = used.get(part.dataset)?.size ?? 0;
    }
  }
  if (data.validation.indices.length > 0) use(data.validation);
  return [...used].map(([dataset, set]) => {
    const indices = Uint32Array.from(set).sort();
    const digest = createHash('sha256').update(new Uint8Array(indices.buffer)).digest('base64');
    return { dataset, indices, digest };
  });
}

export function keptFor({ dataset, indices }: Wanted, rows: Rows): KeptSamples {
  const placeOf = new Int32Array(dataset.samples);
  indices.forEach((index, place) => (placeOf[index] = place));
  return { dataset, placeOf, rows };
}

/** What the prefix of a phase makes of the samples. */
export class Features {
  constructor(
    private readonly crossing: Crossing,
    private readonly kept: readonly KeptSamples[],
  ) {}

  /** Whether batches of the dataset can be had. */
  has(dataset: Dataset): boolean {
    return this.kept.some((one) => one.dataset === dataset);
  }

  /** The samples of `order` in batches, the last as short as it comes, as `batches` has them of the dataset. */
  async *batches(
    dataset: Dataset,
    order: Uint32Array,
    batchSize: number,
  ): AsyncGenerator<{ readonly inputs: CrossingBatch; readonly labels: Batch['labels'] }> {
    const found = this.kept.find((one) => one.dataset === dataset);
    if (!found) throw new Error('a dataset without features was asked for');
    const { placeOf, rows } = found;
    for (let start = 0; start < order.length; start += batchSize) {
      const indices = order.subarray(start, start + batchSize);
      const records = await rows.read(indices.map((index) => placeOf[index]));
      yield {
        inputs: { crossing: this.crossing, tensors: toTensors(records, rows.layout) },
        labels: answersAt(dataset, indices),
      };
    }
  }
}
