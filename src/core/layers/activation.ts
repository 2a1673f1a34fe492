import { activationAlone } from './activations';
import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { axis, integers, nullable, number } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

const activationSchema = configSchema({ activation: activationAlone() });
const reluSchema = configSchema({
  max_value: nullable(number(0)),
  negative_slope: number(0).default(0),
  threshold: number(0).default(0),
});
const leakyReluSchema = configSchema(
  { negative_slope: number(0).default(0.3) },
  { renamed: { alpha: 'negative_slope' } },
);
const eluSchema = configSchema({ alpha: number().default(1) });
const softmaxSchema = configSchema({ axis: axis().default(-1) });
const preluSchema = configSchema({
  alpha_initializer: initializer('Zeros'),
  alpha_regularizer: regularizer(),
  alpha_constraint: constraint(),
  shared_axes: nullable(
    integers(t('a list of axes, counted from 1 after the batch'), (axes) => axes.every((one) => one >= 1)),
  ),
});

export type ActivationConfig = ConfigOf<typeof activationSchema>;
export type ReluConfig = ConfigOf<typeof reluSchema>;
export type LeakyReluConfig = ConfigOf<typeof leakyReluSchema>;
export type EluConfig = ConfigOf<typeof eluSchema>;
export type SoftmaxConfig = ConfigOf<typeof softmaxSchema>;
export type PreluConfig = ConfigOf<typeof preluSchema>;

export const activationLayer: LayerKind<ActivationConfig> = {
  ...elementwise<ActivationConfig>({ name: 'Activation', family: 'activation', schema: activationSchema }, 1),
  /** Keras takes every function for one that keeps the shape, until it computes. */
  outputs({ activation }, [input]) {
    if (activation !== 'glu') return [input];
    const features = input.at(-1) ?? null;
    if (input.length < 2 || (features !== null && features % 2 !== 0)) {
      throw new ShapeMismatch(showShape(input), t('an even number of features, which glu halves'));
    }
    return [[...input.slice(0, -1), features && features / 2]];
  },
};
export const relu = elementwise<ReluConfig>({ name: 'ReLU', family: 'activation', schema: reluSchema }, 1);
export const leakyRelu = elementwise<LeakyReluConfig>(
  { name: 'LeakyReLU', family: 'activation', schema: leakyReluSchema },
  2,
);
export const elu = elementwise<EluConfig>({ name: 'ELU', family: 'activation', schema: eluSchema }, 2);

/** Largest, difference, exponential, sum, quotient: five an element. */
export const softmax: LayerKind<SoftmaxConfig> = {
  ...elementwise<SoftmaxConfig>({ name: 'Softmax', family: 'activation', schema: softmaxSchema }, 5),
  outputs(config, [input]) {
    if (config.axis >= input.length || config.axis < -input.length) {
      throw new ShapeMismatch(showShape(input), t('a tensor that has axis {0}', config.axis));
    }
    return [input];
  },
};

/** A leaky ReLU whose slope is learned, one an element unless axes share it. */
export const prelu: LayerKind<PreluConfig> = {
  name: 'PReLU',
  family: 'activation',
  schema: preluSchema,
  arity: [1, 1],
  weights(config, [input]) {
    const shape = input.slice(1).map((size, index) => (config.shared_axes?.includes(index + 1) ? 1 : size));
    const known = shape.filter((size) => size !== null);
    if (known.length < shape.length) {
      throw new ShapeMismatch(
        showShape(input),
        t('known sizes on every axis that shared_axes does not name'),
      );
    }
    return [parameter('alpha', known, config.alpha_initializer)];
  },
  outputs: (_config, [input]) => [input],
  flops: (_config, [input]) => 2 * sampleSize(input),
};
