/** Limits on what an archive may make us do. */

/**
 * Files in one archive. A PyTorch checkpoint has one a tensor, and the largest published have some ten thousand. 100,000
 * tensors, with what PyTorch writes beside them, open with 350 MB of memory; at 160,000 it would be 500 MB.
 */
export const MAX_ENTRIES = 100_100;

/** How much is read at once where reading goes on: directories, and the headers of small entries that lie in a row. */
export const NEXT_WINDOW_BYTES = 64 * 2 ** 10;

/** How much is read where reading has jumped, as from one large entry's header to the next: a page of the disk. */
export const FAR_WINDOW_BYTES = 4 * 2 ** 10;

/** How much of an entry's own bytes is read at once. */
export const CHUNK_BYTES = 256 * 2 ** 10;

/** Deflate cannot do better than 1032 to 1 (a 258-byte match in two bits), so an entry that claims to is lying. */
export const MAX_DEFLATE_RATIO = 1_032;

/** What deflate's own framing may add to that, so that tiny entries are not called liars. */
export const DEFLATE_SLACK_BYTES = 4_096;

/** An entry that is taken out to disk and grows more than this is a trap, as it is to Keras: real weights hardly shrink. */
export const MAX_EXTRACTED_RATIO = 100;

/** Below this size growing is harmless. */
export const EXTRACTED_FLOOR_BYTES = 256 * 2 ** 20;
