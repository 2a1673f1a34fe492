import { count } from '../model/text';

/** Device pixels a pixel of the picture: sharp on a screen of twice the usual density, and in print. */
export const SCALE = 2;
/** The longest side of a canvas in Chromium that its GPU takes too. */
const MOST_SIDE = 16_384;
/** A canvas takes four bytes a pixel, and the page holds two while it is encoded: half a gigabyte. */
const MOST_PIXELS = 64_000_000;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Why a picture cannot be a PNG; undefined where it can. */
export function whyNotPng({ width, height }: Size): string | undefined {
  const [across, down] = [width * SCALE, height * SCALE];
  if (Math.max(across, down) <= MOST_SIDE && across * down <= MOST_PIXELS) return undefined;
  return (
    `As PNG it would have ${count(across)} × ${count(down)} pixels; the most is ${count(MOST_SIDE)} on a side and ` +
    `${count(MOST_PIXELS / 1e6)} million in all. Save it as SVG, select a part, or collapse the graph.`
  );
}

/**
 * The PNG of an SVG, in base64.
 *
 * @throws Error where the browser cannot draw it
 */
export async function toPng(svg: string, { width, height }: Size): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser gives no canvas to draw the picture on');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL('image/png');
  const start = 'data:image/png;base64,';
  // An empty `data:,` is what a canvas says that it could not allocate.
  if (!url.startsWith(start)) throw new Error('the browser has no room for a picture of this size');
  return url.slice(start.length);
}
