/** Limits on what a model's configuration may ask for, so that a hostile file cannot take the process down. */

/** The largest published Keras models write 2 MB; a graph of 10,000 layers 15 MB. */
export const MAX_CONFIG_BYTES = 256 * 2 ** 20;

/** Models in models; real ones have three or four levels. Keeps recursion shallow. */
export const MAX_NESTING = 64;

/** Layers after flattening. */
export const MAX_LAYERS = 100_000;

/**
 * Calls after flattening: a shared model of ten calls in a shared model of ten calls multiplies, so that a small file
 * could ask for billions.
 */
export const MAX_CALLS = 400_000;
