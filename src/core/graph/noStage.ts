/** The stage of a layer that is on no spatial resolution: an input of vectors, a dense head. */
export const NO_STAGE = -1;
