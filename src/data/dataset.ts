/** What samples should come out as where that is not one class each: one-hot, several labels at once, or values. */
export interface Targets {
  /** Numbers a sample. */
  readonly size: number;
  /** By sample, row-major. */
  readonly values: Float32Array;
}

/**
 * What the samples of a batch should come out as: the number of its class for each (`Int32Array`), or as many numbers for
 * each as the model has units, row-major (`Float32Array`).
 */
export type Answers = Int32Array | Float32Array;

/** Labelled samples of one shape, in an order that never changes; an index names a sample. */
export interface Dataset {
  /** The name of each label, by label. */
  readonly classes: readonly string[];
  readonly samples: number;
  /** Of one sample, without the batch. */
  readonly shape: readonly number[];
  /** By sample. */
  readonly labels: Int32Array;
  /** Where a class is not all there is to a sample: what it is held to in place of the label. */
  readonly targets?: Targets | undefined;
  /** Those that the samples come from, absolute. */
  readonly files: readonly string[];
  /**
   * Writes the samples of these indices one after another into `into`, as the model is to see them.
   * @throws Failure of kind `input` when a sample cannot be read
   */
  fill(indices: Uint32Array, into: Float32Array): Promise<void>;
  /** See `fingerprintOf`: another one when the files that the samples come from have changed. */
  fingerprint(): Promise<string>;
}

/** What these samples should come out as, one after another. */
export function answersAt({ labels, targets }: Dataset, indices: Uint32Array): Answers {
  if (!targets) return Int32Array.from(indices, (index) => labels[index] ?? 0);
  const { size, values } = targets;
  const answers = new Float32Array(indices.length * size);
  indices.forEach((index, row) => answers.set(values.subarray(index * size, (index + 1) * size), row * size));
  return answers;
}
