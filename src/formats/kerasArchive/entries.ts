/** What a `.keras` archive holds. Source: keras/src/saving/saving_lib.py. */
export const CONFIG_ENTRY = 'config.json';
export const METADATA_ENTRY = 'metadata.json';
export const WEIGHTS_ENTRY = 'model.weights.h5';

/** In a folder, an index of weights that were cut into several files. */
export const SHARDED_WEIGHTS_ENTRY = 'model.weights.json';

/** Written by nobody unless asked to; Keras 3 itself cannot read it any more. */
export const NUMPY_WEIGHTS_ENTRY = 'model.weights.npz';

/** A version and a date; Keras writes 64 bytes, we add groups and labels. */
export const MAX_METADATA_BYTES = 64 * 2 ** 20;

/** Our own key of the metadata: what Keras has no place for. */
export const NOTES_KEY = 'model_surgery';
