import { describe, expect, it } from 'vitest';
import { affineOf, augmented, drawAugmentation, type Augmentation } from '../../../src/data/augment';
import type { Pixels } from '../../../src/data/pixels';
import { augmentSchema } from '../../../src/core/plan/trainingData';

const nothing: Augmentation = {
  flip: [false, false],
  crop: [1, 0, 0],
  rotate: 0,
  zoom: 1,
  shift: [0, 0],
  contrast: 1,
  brightness: 0,
};

const grey = (width: number, ...data: readonly number[]): Pixels => ({
  data: Uint8Array.from(data),
  height: data.length / width,
  width,
  channels: 1,
});

const image = grey(3, 10, 20, 30, 40, 50, 60);

describe('an augmented image', () => {
  it.each<[string, Partial<Augmentation>, readonly number[]]>([
    ['is the same where nothing changes', {}, [10, 20, 30, 40, 50, 60]],
    ['is turned over left to right', { flip: [true, false] }, [30, 20, 10, 60, 50, 40]],
    ['is turned over top to bottom', { flip: [false, true] }, [40, 50, 60, 10, 20, 30]],
    ['is turned by a half', { rotate: 0.5 }, [60, 50, 40, 30, 20, 10]],
    ['moves to the right, mirrored at the edge', { shift: [1 / 3, 0] }, [10, 10, 20, 40, 40, 50]],
    ['moves up', { shift: [0, -0.5] }, [40, 50, 60, 40, 50, 60]],
    ['is brighter, up to white', { brightness: 0.8 }, [214, 224, 234, 244, 254, 255]],
    ['has no contrast left but its mean', { contrast: 0 }, [35, 35, 35, 35, 35, 35]],
    ['has twice the contrast, down to black', { contrast: 2 }, [0, 5, 25, 45, 65, 85]],
  ])('%s', (_, changes, expected) => {
    expect([...augmented(image, { ...nothing, ...changes }).data]).toEqual(expected);
  });

  it('is turned against the clock by a quarter', () => {
    const square = grey(2, 1, 2, 3, 4);
    expect([...augmented(square, { ...nothing, rotate: 0.25 }).data]).toEqual([2, 4, 1, 3]);
  });

  it('shows the window that a crop keeps, stretched', () => {
    const wide = grey(4, 0, 40, 80, 120);
    // The right half: its first sample lies a quarter of a pixel before the middle of pixel 2.
    expect([...augmented(wide, { ...nothing, crop: [0.5, 1, 1] }).data]).toEqual([70, 90, 110, 120]);
    expect([...augmented(wide, { ...nothing, crop: [0.5, 0, 0] }).data]).toEqual([0, 10, 30, 50]);
  });

  it('keeps the channels of colour apart', () => {
    const colors: Pixels = { data: Uint8Array.of(1, 2, 3, 101, 102, 103), height: 1, width: 2, channels: 3 };
    expect([...augmented(colors, { ...nothing, flip: [true, false] }).data]).toEqual([
      101, 102, 103, 1, 2, 3,
    ]);
    expect([...augmented(colors, { ...nothing, contrast: 0 }).data]).toEqual([51, 52, 53, 51, 52, 53]);
  });

  it('turns about its middle without bending where it is not square', () => {
    const [a, b, , d, e] = affineOf({ ...nothing, rotate: 0.1 }, { height: 20, width: 60 });
    expect(a * a + d * d).toBeCloseTo(1, 12);
    expect(a * b + d * e).toBeCloseTo(0, 12);
  });
});

describe('a draw', () => {
  const all = augmentSchema.parse({
    flip: 'both',
    rotate: 0.1,
    zoom: 0.2,
    shift: 0.3,
    brightness: 0.4,
    contrast: 0.5,
    crop: 0.6,
  });
  const draws = Array.from({ length: 4000 }, (_, sample) =>
    drawAugmentation(all, { seed: 7, variant: 3, sample }),
  );

  it.each<[string, (draw: Augmentation) => number, number, number]>([
    ['rotate', ({ rotate }) => rotate, -0.1, 0.1],
    ['zoom', ({ zoom }) => zoom, 0.8, 1.2],
    ['shift to the right', ({ shift }) => shift[0], -0.3, 0.3],
    ['shift down', ({ shift }) => shift[1], -0.3, 0.3],
    ['brightness', ({ brightness }) => brightness, -0.4, 0.4],
    ['contrast', ({ contrast }) => contrast, 0.5, 1.5],
    ['crop', ({ crop }) => crop[0], 0.4, 1],
    ['place of the crop', ({ crop }) => crop[1], 0, 1],
    ['flips to the side', ({ flip }) => Number(flip[0]), 0, 1],
    ['flips upside down', ({ flip }) => Number(flip[1]), 0, 1],
  ])('of %s has the mean and the bounds of its range', (name, of, least, most) => {
    const values = draws.map(of);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(least);
    expect(Math.max(...values)).toBeLessThanOrEqual(most);
    // Five standard errors of a uniform draw, and of a coin: the seed is fixed, so this is no lottery.
    const deviation = (most - least) * (name.startsWith('flips') ? 1 / 2 : 1 / Math.sqrt(12));
    expect(Math.abs(mean - (least + most) / 2)).toBeLessThan((5 * deviation) / Math.sqrt(values.length));
    if (name.startsWith('flips')) return;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.sqrt(variance) / deviation).toBeCloseTo(1, 1);
  });

  it('depends on the seed, the epoch and the sample, and on nothing else', () => {
    const draw = { seed: 7, variant: 3, sample: 5 };
    expect(drawAugmentation(all, draw)).toEqual(draws[5]);
    for (const other of [{ seed: 8 }, { variant: 4 }, { sample: 6 }]) {
      expect(drawAugmentation(all, { ...draw, ...other })).not.toEqual(draws[5]);
    }
  });

  it('of one change is the same whatever else is asked for', () => {
    const alone = drawAugmentation(augmentSchema.parse({ brightness: 0.4 }), {
      seed: 7,
      variant: 3,
      sample: 5,
    });
    expect(alone).toMatchObject({
      brightness: draws[5]?.brightness,
      flip: [false, false],
      rotate: 0,
      zoom: 1,
    });
  });

  it('flips in the directions that are named alone', () => {
    for (const [flip, index] of [
      ['horizontal', 0],
      ['vertical', 1],
    ] as const) {
      const flips = draws.map((_, sample) =>
        drawAugmentation(augmentSchema.parse({ flip }), { seed: 7, variant: 3, sample }),
      );
      expect(flips.some((draw) => draw.flip[index])).toBe(true);
      expect(flips.some((draw) => draw.flip[1 - index])).toBe(false);
    }
  });
});
