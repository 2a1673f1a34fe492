/** Pixels of 8 bits, row by row, channels interleaved: RGB, or grey. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** What the model's input wants of an image. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Grey becomes three equal channels; colour becomes grey by the luma of ITU-R BT.601, as PIL's mode `L`. */
export function withChannels(pixels: Pixels, channels: 1 | 3): Pixels {
  if (pixels.channels === channels) return pixels;
  const { data } = pixels;
  const count = pixels.height * pixels.width;
  const changed = new Uint8Array(count * channels);
  for (let pixel = 0; pixel < count; pixel++) {
    const at = 3 * pixel;
    if (channels === 3) {
      changed.fill(data[pixel] ?? 0, at, at + 3);
    } else {
      const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
      changed[pixel] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    }
  }
  return { ...pixels, data: changed, channels };
}
