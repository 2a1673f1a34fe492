import type { Augment, Preprocess } from '../core/plan/trainingData';
import { augmented, drawAugmentation } from './augment';
import { enlarge } from './enlarge';
import type { ImageSize, Pixels } from './pixels';
import { pixelWriter, type PixelWriter } from './preprocess';

/** How decoded pixels become what the model sees; plain data, so that a worker thread can be told. */
export interface Finishing {
  readonly size: ImageSize;
  readonly preprocess: Preprocess;
  readonly augment?: Augment;
  /** Of the augmentation. */
  readonly seed: number;
}

/** A decoded sample, and which draw of the augmentation it gets, if any. */
export interface Unfinished {
  readonly pixels: Pixels;
  readonly sample: number;
  readonly variant?: number;
}

/** Writes one sample into `into` from `offset` on. */
export type Finisher = (sample: Unfinished, into: Float32Array, offset: number) => void;

/** @throws Failure of kind `input` when the preprocessing does not fit the channels */
export function finisherOf({ size, preprocess, augment, seed }: Finishing): Finisher {
  const write: PixelWriter = pixelWriter(preprocess, size.channels);
  return ({ pixels, sample, variant }, into, offset) => {
    const whole = enlarge(pixels, size.height, size.width);
    const seen =
      augment && variant !== undefined
        ? augmented(whole, drawAugmentation(augment, { seed, variant, sample }))
        : whole;
    write(seen.data, into, offset);
  };
}

/** Whether it is no more than looking numbers up: not worth another thread. */
export function isLight({ size }: Finishing, { pixels, variant }: Unfinished): boolean {
  return variant === undefined && pixels.height === size.height && pixels.width === size.width;
}
