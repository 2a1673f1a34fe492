/** Interleaved pixels, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
}

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
export function enlarge(pixels: Pixels, height: number, width: number, channels: number): Uint8Array {
  if (pixels.height === height && pixels.width === width) return pixels.data;
  const rows = placesOf(pixels.height, height);
  const columns = placesOf(pixels.width, width);
  const { data } = pixels;
  const result = new Uint8Array(height * width * channels);
  let to = 0;
  for (const row of rows) {
    const upper = row.first * pixels.width;
    const lower = row.second * pixels.width;
    for (const column of columns) {
      for (let channel = 0; channel < channels; channel++) {
        const at = (line: number, place: number) => data[(line + place) * channels + channel] ?? 0;
        const above = mix(at(upper, column.first), at(upper, column.second), column.share);
        const below = mix(at(lower, column.first), at(lower, column.second), column.share);
        result[to++] = Math.round(mix(above, below, row.share));
      }
    }
  }
  return result;
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
