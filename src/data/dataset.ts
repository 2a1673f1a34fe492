/** Labelled samples of one shape, in an order that never changes; an index names a sample. */
export interface Dataset {
  /** The name of each label, by label. */
  readonly classes: readonly string[];
  readonly samples: number;
  /** Of one sample, without the batch. */
  readonly shape: readonly number[];
  /** By sample. */
  readonly labels: Int32Array;
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
