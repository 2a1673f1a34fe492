import type { Initializer } from '../graph/layerGraph';
import { activation, type ActivationName } from './activations';
import { flag, number } from './fields';
import { constraint, initializer, regularizer } from './serialized';
import type { WeightSpec } from './kind';
import { parameter } from './weightSpec';

/** How a layer runs its cell over a sequence. */
export const sequenceFields = {
  return_sequences: flag().default(false),
  return_state: flag().default(false),
  go_backwards: flag().default(false),
  /** Whether a batch begins with the states that the one before it ended with. */
  stateful: flag().default(false),
  /** What a sequence puts out at a masked step: zeros, or what it put out before. */
  zero_output_for_mask: flag().default(false),
};

/** What cells say alike. */
export const cellFields = {
  activation: activation().default('tanh'),
  use_bias: flag().default(true),
  kernel_initializer: initializer('GlorotUniform'),
  recurrent_initializer: initializer('Orthogonal', { gain: 1 }),
  bias_initializer: initializer('Zeros'),
  kernel_regularizer: regularizer(),
  recurrent_regularizer: regularizer(),
  bias_regularizer: regularizer(),
  kernel_constraint: constraint(),
  recurrent_constraint: constraint(),
  bias_constraint: constraint(),
  dropout: number(0, 1).default(0),
  recurrent_dropout: number(0, 1).default(0),
};

/** What the recurrent layers say alike. */
export const recurrentFields = { ...sequenceFields, ...cellFields, activity_regularizer: regularizer() };

export const gateActivation = () => activation().default('sigmoid' satisfies ActivationName);

export const recurrentDialects = {
  renamed: {
    output_dim: 'units',
    init: 'kernel_initializer',
    inner_init: 'recurrent_initializer',
    inner_activation: 'recurrent_activation',
    W_regularizer: 'kernel_regularizer',
    U_regularizer: 'recurrent_regularizer',
    b_regularizer: 'bias_regularizer',
    dropout_W: 'dropout',
    dropout_U: 'recurrent_dropout',
  },
  // How it is computed, not what; random numbers follow the plan's seed. Old TensorFlow wrote the names of its kernels.
  inert: ['unroll', 'seed', 'use_cudnn', 'time_major', 'consume_less', 'weights', 'input_spec'],
};

/** Keras 1 named the initializer of an LSTM's forget gate: ones, or what the other gates start with. */
export function withForgetBias(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { forget_bias_init: forget, ...rest } = raw;
  return forget === undefined || rest.unit_forget_bias !== undefined
    ? rest
    : { ...rest, unit_forget_bias: forget === 'one' || forget === 'ones' };
}

interface GatedConfig {
  readonly use_bias: boolean;
  readonly kernel_initializer: Initializer;
  readonly recurrent_initializer: Initializer;
}

export function recurrentWeights(
  config: GatedConfig,
  shapes: Readonly<Record<'kernel' | 'recurrent' | 'bias', readonly number[]>>,
  bias: Initializer,
): readonly WeightSpec[] {
  return [
    parameter('kernel', shapes.kernel, config.kernel_initializer),
    parameter('recurrent_kernel', shapes.recurrent, config.recurrent_initializer),
    ...(config.use_bias ? [parameter('bias', shapes.bias, bias)] : []),
  ];
}

/** Ones for the forget gate, the second of four, so that an LSTM begins by remembering. */
export function forgetBias(config: {
  readonly unit_forget_bias: boolean;
  readonly bias_initializer: Initializer;
}): Initializer {
  return config.unit_forget_bias
    ? { kind: 'UnitForgetBias', config: { bias_initializer: config.bias_initializer } }
    : config.bias_initializer;
}
