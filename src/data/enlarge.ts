import type { Pixels } from './pixels';

/** Where a new sample lies among the old ones: between two of them, so far from the first. */
interface Between {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/**
 * Stretches to a larger size bilinearly, with the centres of pixels half a pixel from their edges, as TensorFlow and PIL
 * do. libvips places an enlarged image up to half a pixel aside, so it only ever shrinks here.
 */
export function enlarge(pixels: Pixels, height: number, width: number): Pixels {
  if (pixels.height === height && pixels.width === width) return pixels;
  const rows = placesOf(pixels.height, height);
  const columns = placesOf(pixels.width, width);
  const { data, channels } = pixels;
  const result = new Uint8Array(height * width * channels);
  let to = 0;
  for (const row of rows) {
    const upper = row.first * pixels.width;
    const lower = row.second * pixels.width;
    for (const { first, second, share } of columns) {
      const [a, b] = [(upper + first) * channels, (upper + second) * channels];
      const [c, d] = [(lower + first) * channels, (lower + second) * channels];
      for (let channel = 0; channel < channels; channel++) {
        const above = mix(data[a + channel] ?? 0, data[b + channel] ?? 0, share);
        const below = mix(data[c + channel] ?? 0, data[d + channel] ?? 0, share);
        result[to++] = Math.round(mix(above, below, row.share));
      }
    }
  }
  return { data: result, height, width, channels };
}

function placesOf(from: number, to: number): readonly Between[] {
  return Array.from({ length: to }, (_, index) => {
    const place = Math.min(Math.max(((index + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.floor(place);
    return { first, second: Math.min(first + 1, from - 1), share: place - first };
  });
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
