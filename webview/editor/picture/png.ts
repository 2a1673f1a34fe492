import { SCALE, type Size } from '../../ui/toPng';
import { count } from '../model/text';
import { t } from '../../../src/l10n/translate';

/** The longest side of a canvas in Chromium that its GPU takes too. */
const MOST_SIDE = 16_384;
/** A canvas takes four bytes a pixel, and the page holds two while it is encoded: half a gigabyte. */
const MOST_PIXELS = 64_000_000;

/** Why a picture cannot be a PNG; undefined where it can. */
export function whyNotPng({ width, height }: Size): string | undefined {
  const [across, down] = [width * SCALE, height * SCALE];
  if (Math.max(across, down) <= MOST_SIDE && across * down <= MOST_PIXELS) return undefined;
  return t(
    'As PNG it would have {0} × {1} pixels; the most is {2} on a side and {3} million in all. Save it as SVG, select a part, or collapse the graph.',
    count(across),
    count(down),
    count(MOST_SIDE),
    count(MOST_PIXELS / 1e6),
  );
}
