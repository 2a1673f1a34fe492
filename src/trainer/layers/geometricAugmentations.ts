import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/augmentation';
import { rangeOf } from '../../core/layers/imageFields';
import { between, drawEach } from './distributions';
import { elasticTaps } from './elastic';
import { homography } from './homography';
import { choose, drawChosen, perImage, randomly, type BatchShape } from './imageTransform';
import { project, warp, type Projection } from './warp';

/** Images flipped, turned, moved and bent. Sources: keras.layers.RandomFlip and its neighbours. */

const samplingOf = ({ interpolation, fill_mode, fill_value }: catalogue.FillConfig) => ({
  interpolation,
  fillMode: fill_mode,
  fillValue: fill_value,
});

export const flip = randomly(
  catalogue.randomFlip,
  // One draw decides for both directions, as in Keras.
  (_config, [count], random) => drawEach(count, () => random.uniform() <= 0.5),
  (x, flipped, { mode }) => {
    const axes = mode === 'horizontal' ? [2] : mode === 'vertical' ? [1] : [1, 2];
    const share = perImage(flipped.map(Number));
    return tf.add(tf.mul(tf.reverse(x, axes), share), tf.mul(x, tf.sub(1, share)));
  },
);

/** Drawn: degrees, an image. */
export const rotation = randomly(
  catalogue.randomRotation,
  ({ factor }, [count], random) => drawEach(count, () => between(factor, random) * 360),
  (x, angles, config) =>
    warp(
      x,
      project(
        x.shape,
        angles.map((degrees) => turn(degrees, x.shape)),
        samplingOf(config),
      ),
    ),
);

/** About the middle of the image. */
function turn(degrees: number, [, height, width]: BatchShape): Projection {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [cos, -sin, x - x * cos + y * sin, sin, cos, y - x * sin - y * cos, 0, 0];
}

/** Drawn: pixels to the right and down, an image. */
export const translation = randomly(
  catalogue.randomTranslation,
  ({ height_factor: down, width_factor: right }, [count, height, width], random) =>
    drawEach(count, () => {
      const rows = between(rangeOf(down), random) * height;
      return [between(rangeOf(right), random) * width, rows] as const;
    }),
  (x, moves, config) =>
    warp(
      x,
      project(
        x.shape,
        moves.map(([right, down]) => [1, 0, -right, 0, 1, -down, 0, 0]),
        samplingOf(config),
      ),
    ),
);

/** Drawn: factors of width and height, an image. */
export const zoom = randomly(
  catalogue.randomZoom,
  ({ height_factor: tall, width_factor: wide }, [count], random) =>
    drawEach(count, () => {
      const height = 1 + between(rangeOf(tall), random);
      return [wide === null ? height : 1 + between(rangeOf(wide), random), height] as const;
    }),
  (x, zooms, config) => {
    const [, height, width] = x.shape;
    const projections = zooms.map(([wide, tall]) => {
      const [right, down] = [((width - 1) / 2) * (1 - wide), ((height - 1) / 2) * (1 - tall)];
      return [wide, 0, right, 0, tall, down, 0, 0];
    });
    return warp(x, project(x.shape, projections, samplingOf(config)));
  },
);

/** Drawn: rows' shift by column and columns' by row, an image. */
export const shear = randomly(
  catalogue.randomShear,
  ({ x_factor: alongX, y_factor: alongY }, [count], random) =>
    drawEach(count, () => {
      const sign = random.uniform() > 0.5 ? -1 : 1;
      const down = between(rangeOf(alongY), random) * sign;
      return [between(rangeOf(alongX), random) * sign, down] as const;
    }),
  (x, shears, config) =>
    warp(
      x,
      project(
        x.shape,
        shears.map(([right, down]) => [1, right, 0, down, 1, 0, 0, 0]),
        samplingOf(config),
      ),
    ),
);

type Corners = readonly (readonly [x: number, y: number])[];

/** Drawn: which images, and where their corners go. */
export const perspective = randomly(
  catalogue.randomPerspective,
  ({ factor, scale }, [count, height, width], random) => {
    const chosen = drawChosen(count, () => between(factor, random), random);
    const move = () => 1 + between([-0.5 * scale, 0.5 * scale], random);
    const corners = drawEach(count, () =>
      cornersOf(height, width).map(([x, y]) => [x * move(), y * move()] as const),
    );
    return { chosen, corners };
  },
  (x, { chosen, corners }, { interpolation, fill_value: fillValue }) => {
    const [, height, width] = x.shape;
    const projections = corners.map((moved) => homography(cornersOf(height, width), moved));
    const sampling = { interpolation, fillMode: 'constant', fillValue } as const;
    return choose(chosen, warp(x, project(x.shape, projections, sampling)), x);
  },
);

const cornersOf = (height: number, width: number): Corners => [
  [0, 0],
  [width - 1, 0],
  [0, height - 1],
  [width - 1, height - 1],
];

/** Drawn: which images, how strongly, and noise, standard normal, `[2, N, H, W]`. */
export const elasticTransform = randomly(
  catalogue.randomElasticTransform,
  ({ factor, scale }, [count, height, width], random) => {
    const chosen = drawChosen(count, () => between(factor, random), random);
    const strength = between(scale, random);
    const noise = new Float32Array(2 * count * height * width).map(() => random.normal());
    return { chosen, strength, noise };
  },
  (x, { chosen, strength, noise }, config) => {
    if (strength === 0 || config.factor[1] === 0) return x;
    const taps = elasticTaps(x.shape, noise, { ...samplingOf(config), factor: strength });
    return tf.clipByValue(choose(chosen, warp(x, taps), x), ...config.value_range);
  },
);

export const geometricTransforms = [
  flip,
  rotation,
  translation,
  zoom,
  shear,
  perspective,
  elasticTransform,
] as const;
