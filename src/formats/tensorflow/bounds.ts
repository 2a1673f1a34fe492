/** Limits on what TensorFlow's files may make us do. */

/** A checkpoint's index names variables, at about 100 bytes each: a million of them. */
export const MAX_INDEX_BYTES = 128 * 2 ** 20;

/** Variables of a checkpoint, slices included. */
export const MAX_BUNDLE_ENTRIES = 1_000_000;

/** Names of a checkpoint written out: each may share all but a byte with the one before, and so cost nothing on disk. */
export const MAX_KEY_BYTES = 256 * 2 ** 20;

/** Axes of a tensor; TensorFlow itself allows 254, its kernels eight. */
export const MAX_RANK = 32;

/** Pieces of a file that make one tensor: the rows of a slice, or numbers that a constant repeats at its end. */
export const MAX_PIECES = 65_536;

/** The object graph of a checkpoint or a Keras configuration beside a SavedModel, as one tensor or text. */
export const MAX_OBJECT_GRAPH_BYTES = 64 * 2 ** 20;

/** Objects of a checkpoint. */
export const MAX_OBJECTS = 1_000_000;

/** Objects in objects: real ones are under twenty deep, and every one keeps its whole path. */
export const MAX_OBJECT_DEPTH = 128;

/** Nodes after calls of functions are replaced by their bodies: a small file of nested calls could ask for billions. */
export const MAX_NODES = 400_000;

/** Functions that call functions; Keras nests four or five. Keeps recursion shallow. */
export const MAX_CALL_DEPTH = 64;

/** Numbers of a constant that say how something is computed (axes, paddings, an epsilon), and are read on opening. */
export const MAX_SETTING_NUMBERS = 1_024;

/** Such numbers, of all operations together: sizes that a graph works out, not data. */
export const MAX_VALUES_KEPT = 4_000_000;

/** Outputs of one operation: what a hostile file may make of a number. */
export const MAX_PARTS = 4096;
