/** Limits on what a safetensors header may make us do. */

/**
 * The library takes 100 MB. A tensor's entry has some hundred bytes and a model's configuration 15 MB at 10,000 layers,
 * so that a third of that is enough, and parsing it stays below 500 MB whatever it holds.
 */
export const MAX_HEADER_BYTES = 32 * 2 ** 20;

/** Tensors of one file, and of all shards together. */
export const MAX_TENSORS = 200_000;

/** Names and values in a header: a tensor has fewer than ten. */
export const MAX_VALUES = 10 * MAX_TENSORS;

/** Texts in the metadata; a tensor's entry has three fields. */
export const MAX_FIELDS = 10_000;

/** A header is an object of objects with lists of numbers. */
export const MAX_DEPTH = 3;

/** Dimensions of a tensor; more than any framework has. */
export const MAX_RANK = 64;

/** The published models of the most files have two hundred. */
export const MAX_SHARDS = 10_000;
