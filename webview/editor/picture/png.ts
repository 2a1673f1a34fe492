import { SCALE, type Size } from '../../ui/toPng';
import { count } from '../model/text';

/** The longest side of a canvas in Chromium that its GPU takes too. */
const MOST_SIDE = 16_384;
/** A canvas takes four bytes a pixel, and the page holds two while it is encoded: half a gigabyte. */
const MOST_PIXELS = 64_000_000;

/** Why a picture cannot be a PNG; undefined where it can. */
export function whyNotPng({ width, height }: Size): string | undefined {
  const [across, down] = [width * SCALE, height * SCALE];
  if (Math.max(across, down) <= MOST_SIDE && across * down <= MOST_PIXELS) return undefined;
  return (
    `As PNG it would have ${count(across)} × ${count(down)} pixels; the most is ${count(MOST_SIDE)} on a side and ` +
    `${count(MOST_PIXELS / 1e6)} million in all. Save it as SVG, select a part, or collapse the graph.`
  );
}
