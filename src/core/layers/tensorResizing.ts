import { configSchema, type ConfigOf } from './config';
import { count, flag, word } from './fields';
import type { LayerKind } from './kind';
import { joinSpatial, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';

const schema = configSchema({
  height: count(),
  width: count(),
  interpolation: word('nearest', 'bilinear').default('bilinear'),
  align_corners: flag().default(false),
});

export type ResizeByEdgesConfig = ConfigOf<typeof schema>;

/**
 * Images of another size as TensorFlow 1 makes them: pixels are where their upper left edges are, or their centres span
 * the same from corner to corner. `Resizing` has their centres at halves.
 */
export const resizeByEdges: LayerKind<ResizeByEdgesConfig> = {
  name: 'ResizeByEdges',
  family: 'operation',
  schema,
  arity: [1, 1],
  weights: () => [],
  outputs: ({ height, width }, [input]) => [
    joinSpatial({ ...splitSpatial(input, 2, 'channels_last'), space: [height, width] }, 'channels_last'),
  ],
  flops: ({ interpolation }, _inputs, [output]) => (interpolation === 'nearest' ? 0 : 8 * sampleSize(output)),
};
