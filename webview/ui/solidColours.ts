import { computedColours } from './computedColours';

/**
 * Colours of the theme as `#rrggbb`, as every reader of SVG knows them: a browser computes `color-mix` to a notation that
 * few do, so each is painted over the background and read again.
 *
 * @param sources CSS colours by what they are for: `var(--edge)`
 */
export function solidColours<Name extends string>(
  sources: Readonly<Record<Name, string>>,
  background: string,
): Record<Name, string> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const { background: under } = computedColours({ background });
  const hex = (colour: string) => {
    if (!context) return colour;
    for (const layer of [under, colour]) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  const colours = Object.fromEntries(
    Object.entries<string>(computedColours(sources)).map(([name, colour]) => [name, hex(colour)]),
  );
  return colours as Record<Name, string>;
}
