import { configSchema, type ConfigOf } from './config';
import { dataFormat, flag, sizes, word } from './fields';
import type { LayerKind } from './kind';
import { coarsening, joinSpatial, positions, slide, splitSpatial } from './spatial';
import { sampleSize } from './weightSpec';

function poolingSchema(rank: number) {
  return configSchema(
    {
      pool_size: sizes(rank).default(Array.from({ length: rank }, () => 2)),
      /** As `pool_size` where left out. */
      strides: sizes(rank),
      padding: word('valid', 'same').default('valid'),
      data_format: dataFormat(),
    },
    {
      renamed: { pool_length: 'pool_size', stride: 'strides', border_mode: 'padding' },
      prepare: (raw) => {
        const strides = raw.strides ?? raw.stride ?? raw.pool_size ?? raw.pool_length ?? 2;
        return raw.strides === strides ? raw : { ...raw, strides };
      },
    },
  );
}
const globalSchema = configSchema({ data_format: dataFormat(), keepdims: flag().default(false) });

export type PoolingConfig = ConfigOf<ReturnType<typeof poolingSchema>>;
export type GlobalPoolingConfig = ConfigOf<typeof globalSchema>;

function pooling(what: 'Max' | 'Average', rank: number): LayerKind<PoolingConfig> {
  return {
    name: `${what}Pooling${rank}D`,
    family: 'pooling',
    schema: poolingSchema(rank),
    arity: [1, 1],
    weights: () => [],
    outputs({ pool_size: size, strides, padding, data_format: format }, [input]) {
      const image = splitSpatial(input, rank, format);
      return [
        joinSpatial({ ...image, space: slide(input, image.space, { size, strides, padding }) }, format),
      ];
    },
    flops: (config, _inputs, [output]) => positions(config.pool_size) * sampleSize(output),
    stride: (config) => coarsening(config.strides),
  };
}

/** One number a channel: a vector per sample, unless `keepdims` leaves axes of one. */
function globalPooling(what: 'Max' | 'Average', rank: number): LayerKind<GlobalPoolingConfig> {
  return {
    name: `Global${what}Pooling${rank}D`,
    family: 'pooling',
    schema: globalSchema,
    arity: [1, 1],
    weights: () => [],
    outputs({ data_format: format, keepdims }, [input]) {
      const { batch, space, channels } = splitSpatial(input, rank, format);
      if (!keepdims) return [[batch, channels]];
      return [joinSpatial({ batch, space: space.map(() => 1), channels }, format)];
    },
    flops: (_config, [input]) => sampleSize(input),
  };
}

export const maxPooling1d = pooling('Max', 1);
export const maxPooling2d = pooling('Max', 2);
export const maxPooling3d = pooling('Max', 3);
export const averagePooling1d = pooling('Average', 1);
export const averagePooling2d = pooling('Average', 2);
export const averagePooling3d = pooling('Average', 3);
export const globalMaxPooling1d = globalPooling('Max', 1);
export const globalMaxPooling2d = globalPooling('Max', 2);
export const globalMaxPooling3d = globalPooling('Max', 3);
export const globalAveragePooling1d = globalPooling('Average', 1);
export const globalAveragePooling2d = globalPooling('Average', 2);
export const globalAveragePooling3d = globalPooling('Average', 3);
