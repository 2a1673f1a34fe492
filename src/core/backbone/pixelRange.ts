import type { Layer, LayerGraph } from '../graph/layerGraph';

/** `scale x + offset`. */
type Affine = readonly [scale: number, offset: number];

/** From the input to the first layer that is learnt: scaling, shifting, augmentation. */
const MOST_STEPS = 16;

/**
 * Whether a model itself scales pixels that are from 0 to 1, as modules of TensorFlow Hub do (`2 x - 1`): what it does to
 * its input before anything else, in `Rescaling` layers, makes numbers of a range of at least one of them, and zero of one
 * of them. A model of pixels from 0 to 255 divides them by a large number, or takes a large one away.
 */
export function takesUnitPixels({ layers, inputs }: LayerGraph): boolean {
  const [input, ...others] = inputs;
  if (!input || others.length > 0) return false;
  let from = input.layer;
  /** A number a channel, or one for all; undefined before anything is scaled. */
  let so: readonly Affine[] | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const [reader, ...more] = layers.filter(({ calls }) =>
      calls.some((call) => call.inputs.some(({ layer }) => layer === from)),
    );
    if (!reader || more.length > 0) break;
    from = reader.id;
    if (keepsPixels(reader)) continue;
    const step = affineOf(reader);
    if (!step) break;
    so = so ? after(so, step) : step;
  }
  return so?.every(([scale, offset]) => scale >= 1 && isInUnit(-offset / scale)) ?? false;
}

const isInUnit = (pixel: number) => pixel >= 0 && pixel <= 1;

/** Augmentation and other sizes: pixels are of the same range behind them. */
function keepsPixels({ kind }: Layer): boolean {
  return kind.startsWith('Random') || kind === 'Resizing' || kind === 'CenterCrop';
}

function affineOf({ kind, config }: Layer): readonly Affine[] | undefined {
  if (kind !== 'Rescaling') return undefined;
  const [scales, offsets] = [numbersIn(config.scale), numbersIn(config.offset)];
  return together(scales, offsets, (scale, offset) => [scale, offset]);
}

function numbersIn(value: unknown): readonly number[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'number');
}

function after(first: readonly Affine[], second: readonly Affine[]): readonly Affine[] | undefined {
  return together(first, second, ([scale, offset], [times, plus]) => [scale * times, offset * times + plus]);
}

/** Channel by channel, one number standing for all; undefined for two numbers of channels. */
function together<T>(
  a: readonly T[],
  b: readonly T[],
  make: (a: T, b: T) => Affine,
): readonly Affine[] | undefined {
  const count = Math.max(a.length, b.length);
  if (count === 0 || [a, b].some(({ length }) => length !== 1 && length !== count)) return undefined;
  return Array.from({ length: count }, (_, at) => make(a[at] ?? a[0]!, b[at] ?? b[0]!));
}
