import type { Dataset } from './dataset';

export interface Batch {
  /** Row-major, the batch first. */
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly labels: Int32Array;
}

/**
 * The samples of `order` in batches, the last as short as it comes. The batch after the one in hand is being prepared
 * while the caller computes: images decode on other threads.
 */
export async function* batches(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
): AsyncGenerator<Batch> {
  let next = prepare(dataset, order.subarray(0, batchSize));
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = await next;
    const following = order.subarray(start + batchSize, start + 2 * batchSize);
    if (following.length > 0) {
      next = prepare(dataset, following);
      // Its failure is met when its turn comes; until then it is not unhandled.
      next.catch(() => undefined);
    }
    yield batch;
  }
}

async function prepare(dataset: Dataset, indices: Uint32Array): Promise<Batch> {
  const size = dataset.shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(indices.length * size);
  await dataset.fill(indices, data);
  return {
    data,
    shape: [indices.length, ...dataset.shape],
    labels: Int32Array.from(indices, (index) => dataset.labels[index] ?? 0),
  };
}
