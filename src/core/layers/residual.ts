import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { count, number } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { add } from './merging';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

/** The classes of its own with which keras.applications scales the branches of residual blocks. */

const layerScaleSchema = configSchema({ init_values: number(), projection_dim: count() });
const customScaleSchema = configSchema({ scale: number() });
const stochasticDepthSchema = configSchema({ drop_path_rate: number(0, 1) });

export type LayerScaleConfig = ConfigOf<typeof layerScaleSchema>;
export type CustomScaleConfig = ConfigOf<typeof customScaleSchema>;
export type StochasticDepthConfig = ConfigOf<typeof stochasticDepthSchema>;

/** A learned factor a channel. Source: keras.applications.convnext. */
export const layerScale: LayerKind<LayerScaleConfig> = {
  ...elementwise<LayerScaleConfig>(
    { name: 'LayerScale', family: 'normalization', schema: layerScaleSchema },
    1,
  ),
  weights: (config) => [
    parameter('gamma', [config.projection_dim], { kind: 'Constant', config: { value: config.init_values } }),
  ],
  outputs(config, [input]) {
    const channels = input.at(-1);
    if (channels !== config.projection_dim) {
      throw new ShapeMismatch(showShape(input), t('{0} channels', config.projection_dim));
    }
    return [input];
  },
};

/** `first + scale · second`. Source: keras.applications.inception_resnet_v2. */
export const customScale: LayerKind<CustomScaleConfig> = {
  name: 'CustomScaleLayer',
  family: 'merging',
  schema: customScaleSchema,
  arity: [2, 2],
  weights: () => [],
  outputs: (_config, inputs) => add.outputs({}, inputs),
  flops: (_config, _inputs, [output]) => 2 * sampleSize(output),
};

/** Drops a branch for whole samples, in training. Source: keras.applications.convnext. */
export const stochasticDepth = elementwise<StochasticDepthConfig>(
  { name: 'StochasticDepth', family: 'regularization', schema: stochasticDepthSchema },
  0,
);
