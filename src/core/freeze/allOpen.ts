import type { FreezeRule } from './rule';

/** All layers learn, whatever the model's file or earlier rules say. */
export const ALL_OPEN: FreezeRule = { match: { all: true }, trainable: true };
