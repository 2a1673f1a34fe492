import { configSchema, type ConfigOf } from './config';
import { dataFormat, sizes } from './fields';
import type { LayerKind } from './kind';
import { joinSpatial, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';

const schemaOf = (rank: number) => configSchema({ output_size: sizes(rank), data_format: dataFormat() });

export type AdaptivePoolingConfig = ConfigOf<ReturnType<typeof schemaOf>>;

/** Pools to a size that is given: windows as even as they come, which overlap where the sizes do not divide. */
function adaptivePooling(what: 'Max' | 'Average', rank: number): LayerKind<AdaptivePoolingConfig> {
  return {
    name: `Adaptive${what}Pooling${rank}D`,
    family: 'pooling',
    schema: schemaOf(rank),
    arity: [1, 1],
    weights: () => [],
    outputs({ output_size: space, data_format: format }, [input]) {
      return [joinSpatial({ ...splitSpatial(input, rank, format), space }, format)];
    },
    /** Each number of the input goes into about one window. */
    flops: (_config, [input]) => sampleSize(input),
  };
}

/**
 * The numbers of an axis that one number of the pooled axis is made of, the end left out.
 * Source: keras.src.backend.tensorflow.nn, _compute_static_gather_indices, and PyTorch's AdaptiveAvgPool2d.
 */
export function adaptiveWindow(size: number, pooled: number, index: number): readonly [number, number] {
  return [Math.floor((index * size) / pooled), Math.ceil(((index + 1) * size) / pooled)];
}

export const adaptiveMaxPooling1d = adaptivePooling('Max', 1);
export const adaptiveMaxPooling2d = adaptivePooling('Max', 2);
export const adaptiveMaxPooling3d = adaptivePooling('Max', 3);
export const adaptiveAveragePooling1d = adaptivePooling('Average', 1);
export const adaptiveAveragePooling2d = adaptivePooling('Average', 2);
export const adaptiveAveragePooling3d = adaptivePooling('Average', 3);
