import { configSchema, type ConfigOf } from './config';
import { activation } from './activations';
import { count, flag } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const schema = configSchema(
  {
    units: count(),
    activation: activation(),
    use_bias: flag().default(true),
    kernel_initializer: initializer('GlorotUniform'),
    bias_initializer: initializer('Zeros'),
    kernel_regularizer: regularizer(),
    bias_regularizer: regularizer(),
    activity_regularizer: regularizer(),
    kernel_constraint: constraint(),
    bias_constraint: constraint(),
  },
  { renamed: { output_dim: 'units' } },
);

export type DenseConfig = ConfigOf<typeof schema>;

/** `activation(x · kernel + bias)` over the last axis; any axes between stay. */
export const dense: LayerKind<DenseConfig> = {
  name: 'Dense',
  family: 'core',
  schema,
  arity: [1, 1],
  weights(config, [input]) {
    const features = input.at(-1);
    if (input.length < 2 || typeof features !== 'number') {
      throw new ShapeMismatch(
        showShape(input),
        t(
          'a vector of known size per sample; put a GlobalAveragePooling or a Flatten of a fixed input size before it',
        ),
      );
    }
    const kernel = parameter('kernel', [features, config.units], config.kernel_initializer);
    return config.use_bias ? [kernel, parameter('bias', [config.units], config.bias_initializer)] : [kernel];
  },
  outputs(config, [input]) {
    if (input.length < 2) throw new ShapeMismatch(showShape(input), t('a vector per sample'));
    return [[...input.slice(0, -1), config.units]];
  },
  flops(config, [input], [output]) {
    const multiplyAdds = sampleSize(input) * config.units;
    return 2 * multiplyAdds + (config.use_bias ? sampleSize(output) : 0);
  },
};
