import type { Metadata } from 'sharp';
import { t } from '../l10n/translate';

/** The most that a JPEG can have; of a wider picture each row in work takes memory. */
const LONGEST_SIDE = 65_535;

/** A smaller claim is harmless, whatever the file's size. */
const FLOOR_PIXELS = 2 ** 24;

/** An empty page of one bit a pixel, deflated, has 8,256; what claims more is a trap, or has lost its end. */
const MOST_PIXELS_A_BYTE = 10_000;

/**
 * Why an image must not be decoded: decoders take memory for what its header claims before they look whether it is there.
 * @param bytes of its file
 */
export function wildClaim({ width, height }: Metadata, bytes: number): string | undefined {
  if (Math.max(width, height) > LONGEST_SIDE)
    return t('it claims {0} × {1} pixels, at most {2} a side are decoded', width, height, LONGEST_SIDE);
  const pixels = width * height;
  if (pixels <= FLOOR_PIXELS || pixels <= MOST_PIXELS_A_BYTE * bytes) return undefined;
  return t('it claims {0} × {1} pixels in a file of {2} bytes', width, height, bytes);
}
