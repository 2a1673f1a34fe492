import { t } from '../../src/l10n/translate';
/** Device pixels a pixel of the picture: sharp on a screen of twice the usual density, and in print. */
export const SCALE = 2;

export interface Size {
  readonly width: number;
  readonly height: number;
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
  if (!context) throw new Error(t('the browser gives no canvas to draw the picture on'));
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const url = canvas.toDataURL('image/png');
  const start = 'data:image/png;base64,';
  // An empty `data:,` is what a canvas says that it could not allocate.
  if (!url.startsWith(start)) throw new Error(t('the browser has no room for a picture of this size'));
  return url.slice(start.length);
}
