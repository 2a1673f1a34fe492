import * as tf from '@tensorflow/tfjs-core';
import { bidirectional, timeDistributed } from '../../core/layers/catalogue';
import {
  directionsOf,
  splitStates,
  type BidirectionalConfig,
  type InnerLayer,
  type MergeMode,
} from '../../core/layers/wrapping';
import { computes, type CallContext, type ForwardEntry } from './forward';

type FindForward = (kind: string) => ForwardEntry | undefined;

/** @param find what each kind computes, these among them */
export function wrappings(find: FindForward): readonly ForwardEntry[] {
  const run = (
    { kind, config }: InnerLayer,
    inputs: readonly tf.Tensor[],
    context: CallContext,
  ): readonly tf.Tensor[] => {
    const entry = find(kind);
    if (!entry) throw new Error(`nothing computes a ${kind}, which was not refused`);
    return [entry.forward(config, inputs, context)].flat();
  };
  const refuses = ({ kind, config }: InnerLayer): string | undefined => {
    const entry = find(kind);
    return entry ? entry.refuses(config) : `a ${kind} inside, which no engine computes`;
  };
  const refusesTraining = ({ kind, config }: InnerLayer) => find(kind)?.refusesTraining(config);
  const either = (config: BidirectionalConfig, why: (side: InnerLayer) => string | undefined) =>
    directionsOf(config)
      .map(why)
      .find((reason) => reason !== undefined);
  return [
    computes(
      timeDistributed,
      ({ layer }, [x], context) => {
        const [batch, steps, ...rest] = x.shape;
        const inner = within(context, 'layer');
        if (context.batchStatistics && layer.kind === 'BatchNormalization') {
          // Keras takes the statistics of one step after another, and so moves the averages as often.
          const outputs = tf.unstack(x, 1).map((step) => run(layer, [step], inner)[0]);
          return tf.stack(outputs, 1);
        }
        const [y] = run(layer, [tf.reshape(x, [batch * steps, ...rest])], inner);
        return tf.reshape(y, [batch, steps, ...y.shape.slice(1)]);
      },
      ({ layer }) => refuses(layer),
      ({ layer }) => refusesTraining(layer),
    ),
    computes(
      bidirectional,
      (config, inputs, context) => {
        const [forward, backward] = directionsOf(config);
        const [ahead, behind] = splitStates(inputs);
        const [first, ...states] = run(forward, ahead, within(context, 'forward_layer'));
        const [turned, ...otherStates] = run(backward, behind, within(context, 'backward_layer'));
        const second = forward.config.return_sequences === true ? tf.reverse(turned, 1) : turned;
        return [...merge(config.merge_mode, first, second), ...states, ...otherStates];
      },
      (config) => either(config, refuses),
      (config) => either(config, refusesTraining),
    ),
  ];
}

/** What the layer at a place inside another reads and does. */
function within(context: CallContext, place: string): CallContext {
  return {
    ...context,
    weight: (name) => context.weight(`${place}/${name}`),
    assign: (name, value) => context.assign(`${place}/${name}`, value),
  };
}

function merge(mode: MergeMode | null, first: tf.Tensor, second: tf.Tensor): readonly tf.Tensor[] {
  switch (mode) {
    case null:
      return [first, second];
    case 'concat':
      return [tf.concat([first, second], -1)];
    case 'sum':
      return [tf.add(first, second)];
    case 'mul':
      return [tf.mul(first, second)];
    case 'ave':
      return [tf.div(tf.add(first, second), 2)];
  }
}
