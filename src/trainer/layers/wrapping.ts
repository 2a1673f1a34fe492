import * as tf from '@tensorflow/tfjs-core';
import { bidirectional, spectralNormalization, timeDistributed } from '../../core/layers/catalogue';
import { cellLayers, rnn, type RnnConfig } from '../../core/layers/recurrentCells';
import {
  directionsOf,
  splitStates,
  type BidirectionalConfig,
  type InnerLayer,
  type MergeMode,
} from '../../core/layers/wrapping';
import { activityOf } from '../losses/activity';
import { computes, type CallContext, type ForwardEntry } from './forward';
import { beginning, refusesStatefulTraining } from './sequence';
import { normalizeKernel } from './spectralNormalization';
import { t } from '../../l10n/translate';

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
    return entry ? entry.refuses(config) : t('a {0} inside, which no engine computes', kind);
  };
  const refusesTraining = ({ kind, config }: InnerLayer) =>
    activityOf(kind, config)
      ? t('a {0} inside, which adds what it puts out to the loss: not supported inside another layer', kind)
      : find(kind)?.refusesTraining(config);
  /** What a layer does before it computes, it would have to do for every step of a sequence. */
  const refusesTrainingInSteps = (layer: InnerLayer) =>
    find(layer.kind)?.beforeCall
      ? t('a {0} inside, which changes its weights at every step of a sequence', layer.kind)
      : refusesTraining(layer);
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
      ({ layer }) => refusesTrainingInSteps(layer),
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
    {
      ...computes(
        spectralNormalization,
        ({ layer }, inputs, context) => run(layer, inputs, within(context, 'layer')),
        ({ layer }) => refuses(layer),
        ({ layer }) => refusesTraining(layer),
      ),
      beforeCall: normalizeKernel,
    },
    computes(
      rnn,
      (config, inputs, context) => runCells(config, inputs, context, run),
      (config) =>
        cellLayers(config)
          .map(refuses)
          .find((reason) => reason !== undefined),
      refusesStatefulTraining,
    ),
  ];
}

/** What the layer at a place inside another reads and does. */
function within(context: CallContext, place: string): CallContext {
  return {
    ...context,
    weight: (name) => context.weight(`${place}/${name}`),
    assign: (name, value) => context.assign(`${place}/${name}`, value),
    recall: (inner, batch) => context.recall?.(`${place}/${inner}`, batch),
    remember: (inner, states) => context.remember?.(`${place}/${inner}`, states),
  };
}

/**
 * A stack of cells is a stack of layers: a cell sees what the one below it puts out at the same step. At a masked step
 * all of them keep their states, so that what they see there does not matter.
 */
function runCells(
  config: RnnConfig,
  [sequence, ...given]: readonly tf.Tensor[],
  context: CallContext,
  run: (layer: InnerLayer, inputs: readonly tf.Tensor[], context: CallContext) => readonly tf.Tensor[],
): readonly tf.Tensor[] {
  const [mask] = context.masks ?? [];
  const turned = config.go_backwards && mask && tf.cast(tf.reverse(tf.cast(mask, 'float32'), 1), 'bool');
  const masks = [turned || mask];
  const begin = beginning(config, given, () => context.recall?.('', sequence.shape[0])) ?? [];
  let output = config.go_backwards ? tf.reverse(sequence, 1) : sequence;
  const states: tf.Tensor[] = [];
  for (const cell of cellLayers(config)) {
    const own = begin.slice(states.length, states.length + cell.states);
    const [next, ...ended] = run(cell, [output, ...own], { ...within(context, cell.place), masks });
    output = next;
    states.push(...ended);
  }
  if (config.stateful) context.remember?.('', states);
  return config.return_state ? [output, ...states] : [output];
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
