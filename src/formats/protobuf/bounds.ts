/** Limits on what a protobuf file may make us do. */

/** Fields of one message: a graph of a million nodes is ten times the largest that anybody published. */
export const MAX_FIELDS = 1_000_000;

/** Fields of one file over all messages: keeps a file of two-byte fields under the time that people wait. */
export const MAX_FIELDS_IN_FILE = 10_000_000;

/** A text that is read whole: names, keys, a function's documentation. */
export const MAX_TEXT_BYTES = 16 * 2 ** 20;

/** A packed list of numbers that is read whole: shapes, axes, small constants. Weights stay on disk. */
export const MAX_PACKED_BYTES = 64 * 2 ** 20;
