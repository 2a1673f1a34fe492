import type { Augment } from '../core/plan/trainingData';
import { after, sample, type Affine } from './affine';
import type { Pixels } from './pixels';
import { seededRandom, type Random } from './random';

/** What was drawn for one image: everything that changes it. */
export interface Augmentation {
  /** Turned over left to right, top to bottom. */
  readonly flip: readonly [horizontally: boolean, vertically: boolean];
  /** Share of each side that is kept, and how far the kept window lies from the left and the top, 0 to 1. */
  readonly crop: readonly [kept: number, right: number, down: number];
  /** Full turns against the clock. */
  readonly rotate: number;
  /** How much of the image, by side, is seen: below 1 it looks larger, above 1 smaller. */
  readonly zoom: number;
  /** Shares of the width to the right and of the height down. */
  readonly shift: readonly [right: number, down: number];
  /** Factor of the distance from the channel's mean. */
  readonly contrast: number;
  /** Share of the range 0 to 255 that is added. */
  readonly brightness: number;
}

/** What a draw of an image depends on: never on the order in which images come. */
export interface Draw {
  readonly seed: number;
  /** The epoch, or the copy. */
  readonly variant: number;
  readonly sample: number;
}

/** So that augmentation and the shuffling of an epoch, which share a seed, have nothing in common. */
const STREAM = 0x41554721;

/** Each draw uniform in its range; every one is taken whether the plan asks for it or not, so that none moves another. */
export function drawAugmentation(augment: Augment, draw: Draw): Augmentation {
  const random = seededRandom(STREAM, draw.seed, draw.variant, draw.sample);
  const { flip, crop, rotate, zoom, shift, contrast, brightness } = augment;
  const either = (random: Random, largest: number) => (2 * random() - 1) * largest;
  const [horizontally, vertically] = [random() < 0.5, random() < 0.5];
  return {
    flip: [
      horizontally && flip !== 'vertical' && flip !== undefined,
      vertically && (flip === 'vertical' || flip === 'both'),
    ],
    crop: [1 - random() * crop, random(), random()],
    rotate: either(random, rotate),
    zoom: 1 + either(random, zoom),
    shift: [either(random, shift), either(random, shift)],
    contrast: 1 + either(random, contrast),
    brightness: either(random, brightness),
  };
}

/**
 * Turns the image over, crops, turns, zooms and shifts it, in this order and in one sampling; then changes its contrast
 * and its brightness. Sources: RandomFlip, RandomRotation, RandomZoom, RandomTranslation, RandomContrast and
 * RandomBrightness of keras.layers, with their formulas and their middle of the image.
 */
export function augmented(pixels: Pixels, augmentation: Augmentation): Pixels {
  const values = sample(pixels, affineOf(augmentation, pixels));
  changeTone(values, pixels.channels, augmentation);
  return {
    ...pixels,
    data: Uint8Array.from(values, (value) => Math.round(Math.min(Math.max(value, 0), 255))),
  };
}

/** See `augmented`: an image's new pixels looked up in the old, so the last change is undone first. */
export function affineOf(
  { flip, crop, rotate, zoom, shift }: Augmentation,
  { height, width }: { readonly height: number; readonly width: number },
): Affine {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const [cos, sin] = [Math.cos(2 * Math.PI * rotate), Math.sin(2 * Math.PI * rotate)];
  const [kept, right, down] = crop;
  // The window's middle, seen from the image's.
  const [fromMiddle, fromCentre] = [(right - 0.5) * (1 - kept) * width, (down - 0.5) * (1 - kept) * height];
  const undone: readonly Affine[] = [
    [1, 0, -x - shift[0] * width, 0, 1, -y - shift[1] * height],
    [zoom, 0, 0, 0, zoom, 0],
    [cos, -sin, 0, sin, cos, 0],
    [kept, 0, fromMiddle, 0, kept, fromCentre],
    [flip[0] ? -1 : 1, 0, x, 0, flip[1] ? -1 : 1, y],
  ];
  return undone.reduce((inner, outer) => after(outer, inner));
}

function changeTone(values: Float32Array, channels: number, { contrast, brightness }: Augmentation): void {
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let at = channel; at < values.length; at += channels) sum += values[at] ?? 0;
    const mean = (sum * channels) / values.length;
    const added = mean * (1 - contrast) + 255 * brightness;
    for (let at = channel; at < values.length; at += channels) {
      values[at] = (values[at] ?? 0) * contrast + added;
    }
  }
}
