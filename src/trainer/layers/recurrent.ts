import * as tf from '@tensorflow/tfjs-core';
import * as catalogue from '../../core/layers/recurrent';
import { activate } from './activate';
import { addBias } from './affine';
import { dropMask } from './regularization';
import { computes, type CallContext, type Forward } from './forward';
import { refusesStatefulTraining, runSequence, type Cell, type SequenceOptions } from './sequence';

interface RecurrentConfig extends SequenceOptions {
  readonly units: number;
  readonly use_bias: boolean;
  readonly dropout: number;
  readonly recurrent_dropout: number;
}

/** What a cell reads beside its step: kernels, and what is dropped at every step alike. */
interface Gates {
  readonly count: number;
  readonly recurrent: tf.Tensor2D;
  /** A mask of the state for each gate. */
  readonly dropped: readonly tf.Tensor[] | undefined;
}

/**
 * A recurrent layer: the products of the inputs with the kernel for all steps and gates at once, then the steps one
 * after another.
 */
function recurrent<C extends RecurrentConfig>(
  gates: number,
  states: number,
  cellOf: (config: C, gates: Gates, context: CallContext) => Cell,
  /** Added to the product with the kernel. */
  biasOf: (config: C, context: CallContext) => tf.Tensor = (_config, { weight }) => weight('bias'),
): Forward<C & Readonly<Record<string, unknown>>> {
  return (config, [x, ...given], context) => {
    const [batch, steps, features] = x.shape;
    const { dropout, recurrent_dropout: recurrentDropout, units } = config;
    const draws = (rate: number, size: number) =>
      context.training && rate > 0
        ? Array.from({ length: gates }, () => dropMask([batch, size], rate, context.random))
        : undefined;
    const dropped = draws(dropout, features)?.map((mask) => tf.expandDims(mask, 1));
    // Keras drops alike for every gate, unless it has to keep the gates apart anyway.
    const apart = recurrentDropout > 0 ? dropped : dropped?.slice(0, 1);
    const kernel = context.weight('kernel') as tf.Tensor2D;
    const kernels = apart && apart.length > 1 ? tf.split(kernel, gates, 1) : [kernel];
    const products = kernels.map((part, gate) => {
      const seen = apart ? tf.mul(x, apart[gate]) : x;
      return tf.matMul(tf.reshape(seen, [batch * steps, features]) as tf.Tensor2D, part);
    });
    const product = products.length > 1 ? tf.concat(products, 1) : products[0];
    const projected = config.use_bias ? addBias(product, biasOf(config, context)) : product;
    const zeros = () => Array.from({ length: states }, () => tf.zeros([batch, units]));
    const cell = cellOf(
      config,
      {
        count: gates,
        recurrent: context.weight('recurrent_kernel') as tf.Tensor2D,
        dropped: draws(recurrentDropout, units),
      },
      context,
    );
    const inputs = tf.reshape(projected, [batch, steps, gates * units]);
    return runSequence(config, inputs, { given, zeros }, context, cell);
  };
}

/** The state times the recurrent kernel, `[N, gates * units]`. */
function recur(state: tf.Tensor, { count, recurrent: kernel, dropped }: Gates): tf.Tensor {
  if (!dropped) return tf.matMul(state as tf.Tensor2D, kernel);
  const parts = tf.split(kernel, count, 1);
  return tf.concat(
    parts.map((part, gate) => tf.matMul(tf.mul(state, dropped[gate]) as tf.Tensor2D, part)),
    1,
  );
}

const simpleCell =
  ({ activation }: catalogue.SimpleRnnConfig, gates: Gates): Cell =>
  (step, [state]) => [activate(activation, tf.add(step, recur(state, gates)))];

const lstmCell =
  ({ activation, recurrent_activation: gate }: catalogue.LstmConfig, gates: Gates): Cell =>
  (step, [state, carry]) =>
    lstmStep(tf.add(step, recur(state, gates)), carry, activation, gate);

type Activation = catalogue.LstmConfig['activation'];

/** From the sums of products, gates along the last axis, and the carried state: the state and what is carried on. */
export function lstmStep(
  sums: tf.Tensor,
  carry: tf.Tensor,
  activation: Activation,
  gate: Activation,
): tf.Tensor[] {
  const [input, forget, candidate, output] = tf.split(sums, 4, -1);
  const kept = tf.mul(activate(gate, forget), carry);
  const carried = tf.add(kept, tf.mul(activate(gate, input), activate(activation, candidate)));
  return [tf.mul(activate(gate, output), activate(activation, carried)), carried];
}

/** Two biases where the reset gate comes after the product: `[2, 3 * units]`, the input's and the state's. */
function gruBias(
  { reset_after: after }: catalogue.GruConfig,
  { weight }: CallContext,
  row: 0 | 1,
): tf.Tensor {
  const bias = weight('bias');
  return after ? tf.squeeze(tf.slice(bias, [row, 0], [1, bias.shape[1] ?? 0]), [0]) : bias;
}

const gruCell = (config: catalogue.GruConfig, gates: Gates, context: CallContext): Cell => {
  const { activation, recurrent_activation: gate, units } = config;
  const bias = config.reset_after && config.use_bias ? gruBias(config, context, 1) : undefined;
  const mix = (update: tf.Tensor, state: tf.Tensor, candidate: tf.Tensor) =>
    tf.add(candidate, tf.mul(update, tf.sub(state, candidate)));

  if (config.reset_after) {
    return (step, [state]) => {
      const product = recur(state, gates);
      const [z, r, h] = tf.split(bias ? addBias(product, bias) : product, 3, 1);
      const [inputZ, inputR, inputH] = tf.split(step, 3, 1);
      const update = activate(gate, tf.add(inputZ, z));
      const reset = activate(gate, tf.add(inputR, r));
      return [mix(update, state, activate(activation, tf.add(inputH, tf.mul(reset, h))))];
    };
  }
  const both = tf.slice(gates.recurrent, [0, 0], [units, 2 * units]);
  const last = tf.slice(gates.recurrent, [0, 2 * units], [units, units]);
  const first = { count: 2, recurrent: both, dropped: gates.dropped };
  return (step, [state]) => {
    const [z, r] = tf.split(recur(state, first), 2, 1);
    const [inputZ, inputR, inputH] = tf.split(step, 3, 1);
    const update = activate(gate, tf.add(inputZ, z));
    const reset = activate(gate, tf.add(inputR, r));
    const seen = tf.mul(reset, gates.dropped ? tf.mul(state, gates.dropped[2]) : state) as tf.Tensor2D;
    return [mix(update, state, activate(activation, tf.add(inputH, tf.matMul(seen, last))))];
  };
};

const fits = () => undefined;

export const recurrences = [
  computes(catalogue.simpleRnn, recurrent(1, 1, simpleCell), fits, refusesStatefulTraining),
  computes(catalogue.lstm, recurrent(4, 2, lstmCell), fits, refusesStatefulTraining),
  computes(
    catalogue.gru,
    recurrent(3, 1, gruCell, (config, context) => gruBias(config, context, 0)),
    fits,
    refusesStatefulTraining,
  ),
];
