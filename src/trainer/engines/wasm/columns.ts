import type { backend_util } from '@tensorflow/tfjs-core';

type Geometry = backend_util.Conv2DInfo;

/** The numbers in one image's unrolled patches. */
export function columnSize(geometry: Geometry): number {
  const { filterHeight, filterWidth, inChannels, outHeight, outWidth } = geometry;
  return filterHeight * filterWidth * inChannels * outHeight * outWidth;
}

/**
 * Writes patches of `count` images from `first` on: `target[(i, j, c), (n, y, x)]` is the input that tap (i, j) of
 * output (y, x) reads in channel c, zero where that is padding. `source` is the input as `[C, N, H, W]`, so that both
 * sides are walked in order.
 */
export function fillColumns(
  target: Float32Array,
  source: Float32Array,
  geometry: Geometry,
  first: number,
  count: number,
): void {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, padInfo } = geometry;
  const { filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  let to = 0;
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const shift = j - padInfo.left;
      const begin = Math.min(outWidth, Math.max(0, Math.ceil(-shift / strideWidth)));
      const end = Math.max(begin, Math.min(outWidth, Math.floor((inWidth - 1 - shift) / strideWidth) + 1));
      for (let channel = 0; channel < inChannels; channel++) {
        for (let image = first; image < first + count; image++) {
          for (let row = 0; row < outHeight; row++) {
            const y = row * strideHeight + i - padInfo.top;
            const stop = to + outWidth;
            if (y < 0 || y >= inHeight) {
              while (to < stop) target[to++] = 0;
              continue;
            }
            let from = ((channel * batchSize + image) * inHeight + y) * inWidth + begin * strideWidth + shift;
            for (const edge = to + begin; to < edge;) target[to++] = 0;
            for (const edge = stop - outWidth + end; to < edge; from += strideWidth)
              target[to++] = source[from];
            while (to < stop) target[to++] = 0;
          }
        }
      }
    }
  }
}
