import { setImmediate as turn } from 'node:timers/promises';
import { batches, type Batch } from '../../data/batches';
import type { Dataset } from '../../data/dataset';
import type { Tensorlike } from '../batch';
import type { Forward } from './forward';
import { toRecords, type Layout } from './layout';

/** Samples at a time: enough that a runtime's threads are busy, few enough for large images. */
const BATCH = 16;

/** Takes records in the order of the samples. */
export type Sink = (records: Float32Array, layout: Layout) => Promise<void>;

/** What is computed, and who hears of it. */
export interface Computation {
  readonly dataset: Dataset;
  /** Of the samples that are wanted. */
  readonly indices: Uint32Array;
  readonly forward: Forward;
  /** Sees the first batch and what came of it, before anything is kept; throws where that is wrong. */
  readonly check: (batch: Batch, outputs: readonly Tensorlike[]) => Promise<void>;
  readonly sink: Sink;
  /** Told how many samples more are done. */
  readonly progress: (added: number) => void;
  readonly stop: AbortSignal;
}

/**
 * Runs every sample once.
 * @returns false where it was stopped
 * @throws Failure of kind `input` for a sample that cannot be read, and what the others throw
 */
export async function computeFeatures(computation: Computation): Promise<boolean> {
  const { dataset, indices, forward, check, sink, progress, stop } = computation;
  let layout: Layout | undefined;
  for await (const batch of batches(dataset, indices, BATCH)) {
    // Messages and signals get in first: an engine may compute on this thread.
    await turn();
    if (stop.aborted) return false;
    const outputs = await forward.run([batch]);
    if (!layout) {
      await check(batch, outputs);
      layout = { samples: indices.length, shapes: outputs.map(({ shape }) => shape.slice(1)) };
    }
    await sink(toRecords(outputs, layout), layout);
    progress(batch.shape[0] ?? 0);
  }
  return true;
}
