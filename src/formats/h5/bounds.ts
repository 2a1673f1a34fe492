/** Limits on what an HDF5 file may make us do. */

/** Names of layers, or of weights in a layer. */
export const MAX_NAMES = 1_000_000;

/** Pieces that Keras cuts a list of names into, each up to 64 KB. */
export const MAX_NAME_CHUNKS = 10_000;

/** One attribute, without the texts it refers to; HDF5 itself allows 64 KB in most files. */
export const MAX_ATTRIBUTE_BYTES = 256 * 2 ** 20;

/** A dataset may be compressed; one that claims to be larger than this times the file is a trap, as in Keras. */
export const MAX_EXPANSION = 1_000;

/** Below this size a claim is harmless whatever the file's size. */
export const EXPANSION_FLOOR_BYTES = 64 * 2 ** 20;

/** What is copied out of HDF5's memory at once: that memory grows and never shrinks. */
export const READ_CHUNK_BYTES = 32 * 2 ** 20;

/**
 * HDF5 takes memory for what a file claims before it looks whether that is there: for one call, no more than so many times
 * the file, which is enough for numbers that are read, converted and handed out.
 */
export const MAX_GROWTH = 4;

/** Small files may take as much: a part that is compressed, and its copies. */
export const GROWTH_FLOOR_BYTES = 128 * 2 ** 20;

/** An index of files: a hundred bytes a group. */
export const MAX_INDEX_BYTES = 64 * 2 ** 20;

/** Groups that an index names: one a layer and one a layer inside it. */
export const MAX_INDEX_GROUPS = 200_000;

/** All are open at once, and systems give a process 1,024; Keras's own models come in files of 10 GB. */
export const MAX_SHARDS = 256;

/** Of a group in an index: models as deeply nested as they may be, their layers named at length. */
export const MAX_GROUP_PATH = 8_192;
