/** Limits on what a PyTorch file may make us do. */

/**
 * 100,000 tensors with names of 60 characters take 14.9 MB in an archive and more than 16 MB in a legacy file, which
 * opens with 410 MB of memory in all. What other bytes may make us build is bounded by the memory that it asks for.
 */
export const MAX_PICKLE_BYTES = 24 * 2 ** 20;

/** How much of a tar's member is read at once: pickles of a few hundred bytes, each with numbers behind it. */
export const TAR_WINDOW_BYTES = 2 ** 16;

/** An index of Hugging Face's: a hundred bytes a tensor. */
export const MAX_INDEX_BYTES = 32 * 2 ** 20;

/** Tensors that an index names. */
export const MAX_INDEX_TENSORS = 200_000;

/** The published models of the most files have two hundred. */
export const MAX_SHARDS = 1_000;

/** How much of a legacy file is read first: its pickles lie at the start and nothing says where they end. */
export const FIRST_PICKLE_BYTES = 2 ** 20;

/** What a pickle may build, in bytes of our memory as measured; a tensor takes some 1,500. */
export const MAX_PICKLE_MEMORY = 300 * 2 ** 20;

/** Values waiting on the pickle's stack; a list is filled a thousand at a time. */
export const MAX_STACK = 4_000_000;

/** Bytes, or digits, of one whole number: PyTorch's own longest has ten bytes, a random generator's state 2,500. */
export const MAX_LONG_BYTES = 4_096;

/** Characters of the dotted name of a class. */
export const MAX_NAME = 1_024;

/** One line of a textual opcode: the dotted name of a class, or a number. */
export const MAX_LINE_BYTES = 4_096;

/** Dimensions of a tensor; PyTorch has the same limit. */
export const MAX_RANK = 64;

/** Numbers that a view which repeats what is stored may have: a gigabyte as float32. */
export const MAX_VIEW_NUMBERS = 2 ** 28;

/** How deep a checkpoint is searched for the dictionary that holds the weights; real ones have three levels. */
export const MAX_SEARCH_DEPTH = 6;

/** Dictionaries looked at in that search. */
export const MAX_SEARCHED = 100_000;

/** Modules in modules. */
export const MAX_MODULE_DEPTH = 64;

/** Modules and tensors of one model; a module that is used in many places counts in each. */
export const MAX_MODEL_PARTS = 300_000;
