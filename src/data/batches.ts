import { answersAt, type Answers, type Dataset } from './dataset';

export interface Batch {
  /** Row-major, the batch first. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly labels: Answers;
}

/** Batches that are prepared while the engine computes: enough that a slow file or a crowded disk is not felt. */
const MOST_AHEAD = 8;

/** What batches that wait may take of memory: eight of 32 images of 224×224×3. */
const AHEAD_BYTES = 160 * 2 ** 20;

/**
 * The samples of `order` in batches, the last as short as it comes. Those after the one in hand are being prepared while
 * the caller computes: images decode on other threads.
 */
export async function* batches(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
): AsyncGenerator<Batch> {
  const sampleSize = dataset.shape.reduce((product, length) => product * length, 1);
  const ahead = Math.min(Math.max(Math.floor(AHEAD_BYTES / (4 * sampleSize * batchSize)), 1), MOST_AHEAD);
  const waiting: Promise<Batch>[] = [];
  let begun = 0;
  for (let start = 0; start < order.length; start += batchSize) {
    for (; begun < order.length && begun <= start + ahead * batchSize; begun += batchSize) {
      const batch = prepare(dataset, order.subarray(begun, begun + batchSize));
      // Its failure is met when its turn comes; until then it is not unhandled.
      batch.catch(() => undefined);
      waiting.push(batch);
    }
    const next = await waiting.shift();
    if (next) yield next;
  }
}

async function prepare(dataset: Dataset, indices: Uint32Array): Promise<Batch> {
  const size = dataset.shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(indices.length * size);
  await dataset.fill(indices, data);
  return {
    data,
    shape: [indices.length, ...dataset.shape],
    labels: answersAt(dataset, indices),
  };
}
