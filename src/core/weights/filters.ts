/** Filters of a convolution as pictures of one size. */
export interface FilterPictures {
  readonly width: number;
  readonly height: number;
  /** How many filters there are; the pictures may be of the first of them only. */
  readonly filters: number;
  /** Channels that each filter reads. */
  readonly channels: number;
  /** Whether a picture shows three channels as red, green and blue; else it shows one of them in grey. */
  readonly colour: boolean;
  /**
   * A picture a filter: height × width × (colour ? 3 : 1) bytes. 128 is zero; the largest magnitude over all pictures
   * is 1 or 255, so that pictures of one layer can be compared.
   */
  readonly pictures: readonly Uint8Array[];
}

/** So many pictures are looked at one by one; more are a texture. */
const MOST_PICTURES = 64;

/** Larger filters than this are not for the eye, and none are used. */
const LARGEST_SIDE = 64;

/**
 * The filters of a convolution kernel of shape (height, width, channels, filters), as Keras keeps them. A kernel of
 * three channels is shown in colour; of any other, one channel.
 *
 * @param channel which one, from zero
 * @returns nothing for a kernel of another shape, or without an extent to look at (1 × 1)
 */
export function filterPictures(
  values: Float32Array,
  shape: readonly number[],
  channel = 0,
): FilterPictures | undefined {
  const [height = 0, width = 0, channels = 0, filters = 0] = shape;
  if (shape.length !== 4 || values.length !== height * width * channels * filters) return undefined;
  if (height * width < 2 || height > LARGEST_SIDE || width > LARGEST_SIDE || filters === 0) return undefined;
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) return undefined;
  const colour = channels === 3;
  const shown = colour ? [0, 1, 2] : [channel];
  const count = Math.min(filters, MOST_PICTURES);
  const at = (pixel: number, from: number, filter: number) =>
    values[(pixel * channels + from) * filters + filter]!;

  let most = 0;
  for (let filter = 0; filter < count; filter++) {
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (const from of shown) {
        const magnitude = Math.abs(at(pixel, from, filter));
        if (Number.isFinite(magnitude) && magnitude > most) most = magnitude;
      }
    }
  }
  const pictures = Array.from({ length: count }, (_, filter) => {
    const picture = new Uint8Array(height * width * shown.length);
    for (let pixel = 0; pixel < height * width; pixel++) {
      shown.forEach((from, place) => {
        const value = most === 0 ? 0 : at(pixel, from, filter) / most;
        picture[pixel * shown.length + place] = Math.round(128 + 127 * (Number.isFinite(value) ? value : 0));
      });
    }
    return picture;
  });
  return { width, height, filters, channels, colour, pictures };
}
