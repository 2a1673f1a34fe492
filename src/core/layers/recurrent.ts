import type * as z from 'zod';
import type { LayerConfig, Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { count, flag } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import {
  cellFields,
  forgetBias,
  gateActivation,
  recurrentDialects,
  recurrentFields,
  recurrentWeights,
  withForgetBias,
} from './recurrentConfig';
import { t } from '../../l10n/translate';

const lstmFields = { recurrent_activation: gateActivation(), unit_forget_bias: flag().default(true) };
const gruFields = {
  recurrent_activation: gateActivation(),
  /** Whether the reset gate is applied after the product with the recurrent kernel, as cuDNN does. */
  reset_after: flag().default(true),
};

const simpleSchema = configSchema({ units: count(), ...recurrentFields }, recurrentDialects);
const lstmSchema = configSchema(
  { units: count(), ...recurrentFields, ...lstmFields },
  { ...recurrentDialects, prepare: withForgetBias },
);
const gruSchema = configSchema(
  { units: count(), ...recurrentFields, ...gruFields },
  { ...recurrentDialects, prepare: withResetBefore },
);

/** A cell's part of the configuration of the layer that runs it, by the cell's class name. */
export const CELL_SCHEMAS: Readonly<Record<string, z.ZodType<LayerConfig>>> = {
  SimpleRNNCell: configSchema({ units: count(), ...cellFields }, recurrentDialects),
  LSTMCell: configSchema(
    { units: count(), ...cellFields, ...lstmFields },
    { ...recurrentDialects, prepare: withForgetBias },
  ),
  GRUCell: configSchema(
    { units: count(), ...cellFields, ...gruFields },
    { ...recurrentDialects, prepare: withResetBefore },
  ),
};

export type SimpleRnnConfig = ConfigOf<typeof simpleSchema>;
export type LstmConfig = ConfigOf<typeof lstmSchema>;
export type GruConfig = ConfigOf<typeof gruSchema>;

interface RecurrentConfig {
  readonly units: number;
  readonly return_sequences: boolean;
  readonly return_state: boolean;
  readonly use_bias: boolean;
}

/** `(batch, steps, features)` and, beside it, a state to begin with: one tensor a state. */
function sequenceKind<C extends RecurrentConfig & Record<string, unknown>>(
  gates: number,
  states: number,
): Pick<LayerKind<C>, 'family' | 'arity' | 'outputs' | 'flops'> {
  return {
    family: 'recurrent',
    arity: [1, 1 + states],
    outputs(config, inputs) {
      const [batch, steps] = sequenceShape(inputs[0]);
      requireStates(
        inputs,
        Array.from({ length: states }, () => [batch, config.units]),
      );
      const last: Shape = [batch, config.units];
      return [
        config.return_sequences ? [batch, steps, config.units] : last,
        ...(config.return_state ? Array.from({ length: states }, () => last) : []),
      ];
    },
    flops(config, [[, steps, features]]) {
      const products = 2 * ((features ?? 1) + config.units) + (config.use_bias ? 1 : 0);
      return (steps ?? 1) * gates * config.units * products;
    },
  };
}

/** `h = activation(x · kernel + bias + h · recurrent_kernel)`. */
export const simpleRnn: LayerKind<SimpleRnnConfig> = {
  ...sequenceKind<SimpleRnnConfig>(1, 1),
  name: 'SimpleRNN',
  schema: simpleSchema,
  weights(config, [input]) {
    const { units } = config;
    const shapes = { kernel: [featuresOf(input), units], recurrent: [units, units], bias: [units] };
    return recurrentWeights(config, shapes, config.bias_initializer);
  },
};

/** Gates in the order input, forget, candidate, output. */
export const lstm: LayerKind<LstmConfig> = {
  ...sequenceKind<LstmConfig>(4, 2),
  name: 'LSTM',
  schema: lstmSchema,
  weights(config, [input]) {
    const width = 4 * config.units;
    const shapes = { kernel: [featuresOf(input), width], recurrent: [config.units, width], bias: [width] };
    return recurrentWeights(config, shapes, forgetBias(config));
  },
};

/** Gates in the order update, reset, candidate; with `reset_after`, a bias for each of the two products. */
export const gru: LayerKind<GruConfig> = {
  ...sequenceKind<GruConfig>(3, 1),
  name: 'GRU',
  schema: gruSchema,
  weights(config, [input]) {
    const width = 3 * config.units;
    const bias = config.reset_after ? [2, width] : [width];
    const shapes = { kernel: [featuresOf(input), width], recurrent: [config.units, width], bias };
    return recurrentWeights(config, shapes, config.bias_initializer);
  },
};

/** @throws ShapeMismatch */
export function sequenceShape(input: Shape): Shape {
  if (input.length !== 3) throw new ShapeMismatch(showShape(input), t('(batch, steps, features)'));
  return input;
}

function featuresOf(input: Shape): number {
  const features = sequenceShape(input)[2];
  if (features === null) throw new ShapeMismatch(showShape(input), t('a known number of features'));
  return features;
}

/**
 * Of a sequence and its initial states, all of the states or none.
 * @throws ShapeMismatch
 */
export function requireStates(inputs: readonly Shape[], expected: readonly Shape[]): void {
  const found = inputs.slice(1);
  if (found.length === 0) return;
  const fits =
    found.length === expected.length &&
    expected.every((shape, index) => {
      const state = found[index];
      return (
        state.length === shape.length &&
        shape.every((size, axis) => size === null || state[axis] === null || size === state[axis])
      );
    });
  if (fits) return;
  throw new ShapeMismatch(
    t('the initial states {0}', found.map(showShape).join(t(' and '))),
    t('{0}, or none', expected.map(showShape).join(t(' and '))),
  );
}

/** Before Keras 2.1.3 there was no `reset_after`; only files of that time lack it beside the keys it had then. */
function withResetBefore(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const old = ['implementation', 'consume_less', 'inner_init', 'inner_activation'].some((key) => key in raw);
  return old && !('reset_after' in raw) ? { ...raw, reset_after: false } : raw;
}
