import type { Random } from '../../../src/data/random';

/**
 * Damages the content of one file.
 * @returns the damaged content, another array than the one given; undefined where the content is not what this mutator
 * understands
 */
export type Mutator = (bytes: Uint8Array, random: Random) => Uint8Array | undefined;

/** The most that a mutated file may have: damage is to be small, so that what a reader makes of it is its own doing. */
export const LARGEST_FILE = 2 ** 20;
