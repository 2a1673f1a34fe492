import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { pooled, predictions } from './top';

/** Zoph et al. 2017, https://arxiv.org/abs/1707.07012: NASNet-A, its cells as they were found. */
const STEM_FILTERS = 32;
const PENULTIMATE_FILTERS = 1056;
const CELLS = 4;
const MULTIPLIER = 2;

const CONV = { padding: 'same', use_bias: false, kernel_initializer: 'HeNormal' };
const HALVES = { strides: 2, padding: 'valid' };

/** What a cell takes: what came before, and what came before that (nothing before the first cell). */
interface Pair {
  readonly now: Tensor;
  readonly before: Tensor | undefined;
}

interface Cell {
  readonly filters: number;
  /** `stem_1`, `reduce_4`, `7`. */
  readonly id: string;
}

function batchNorm(net: GraphBuilder, x: Tensor, name: string): Tensor {
  return net.batchNorm(x, { axis: -1, momentum: 0.9997, epsilon: 1e-3, name });
}

function relu(net: GraphBuilder, x: Tensor, name?: string): Tensor {
  return net.activation(x, 'relu', name);
}

/** Twice rectified, convolved and normalized; the first may halve the size. */
function separable(
  net: GraphBuilder,
  input: Tensor,
  kernel: number,
  { filters, id }: Cell,
  strides: 1 | 2 = 1,
): Tensor {
  let x = relu(net, input);
  if (strides > 1) x = net.correctPad(x, kernel, `separable_conv_1_pad_${id}`);
  const padding = strides > 1 ? 'valid' : 'same';
  const name = (part: string) => `separable_conv_${part}_${id}`;
  x = net.separableConv2d(x, filters, kernel, { strides, padding, use_bias: false, name: name('1') });
  x = relu(net, batchNorm(net, x, name('1_bn')));
  x = net.separableConv2d(x, filters, kernel, { padding: 'same', use_bias: false, name: name('2') });
  return batchNorm(net, x, name('2_bn'));
}

/** The older of a cell's inputs, as large and as deep as the newer will be. */
function adjusted(net: GraphBuilder, { now, before }: Pair, { filters, id }: Cell): Tensor {
  if (!before) return now;
  if (before.shape[2] !== now.shape[2]) return halved(net, before, { filters, id });
  if (before.shape[3] === filters) return before;
  const x = net.conv2d(relu(net, before), filters, 1, { ...CONV, name: `adjust_conv_projection_${id}` });
  return batchNorm(net, x, `adjust_bn_${id}`);
}

/** Every second pixel, and those between them, side by side. */
function halved(net: GraphBuilder, input: Tensor, { filters, id }: Cell): Tensor {
  const half = Math.floor(filters / 2);
  const x = relu(net, input, `adjust_relu_1_${id}`);
  let even = net.averagePool(x, 1, 2, { padding: 'valid', name: `adjust_avg_pool_1_${id}` });
  even = net.conv2d(even, half, 1, { ...CONV, name: `adjust_conv_1_${id}` });
  const shift = [
    [0, 1],
    [0, 1],
  ] as const;
  let odd = net.add('Cropping2D', [net.zeroPad(x, shift)], {
    cropping: [
      [1, 0],
      [1, 0],
    ],
  });
  odd = net.averagePool(odd, 1, 2, { padding: 'valid', name: `adjust_avg_pool_2_${id}` });
  odd = net.conv2d(odd, half, 1, { ...CONV, name: `adjust_conv_2_${id}` });
  return batchNorm(net, concat(net, [even, odd]), `adjust_bn_${id}`);
}

function concat(net: GraphBuilder, inputs: readonly Tensor[], name?: string): Tensor {
  return net.add('Concatenate', inputs, { axis: -1, ...(name !== undefined && { name }) });
}

function squeezed(
  net: GraphBuilder,
  now: Tensor,
  { filters, id }: Cell,
  kind: 'normal' | 'reduction',
): Tensor {
  const x = net.conv2d(relu(net, now), filters, 1, { ...CONV, name: `${kind}_conv_1_${id}` });
  return batchNorm(net, x, `${kind}_bn_1_${id}`);
}

function normalCell(net: GraphBuilder, pair: Pair, cell: Cell): Pair {
  const { filters, id } = cell;
  const p = adjusted(net, pair, cell);
  const h = squeezed(net, pair.now, cell, 'normal');
  const branch = (x: Tensor, kernel: number, place: string) =>
    separable(net, x, kernel, { filters, id: `normal_${place}_${id}` });
  const average = (x: Tensor, place: string) =>
    net.averagePool(x, 3, 1, { padding: 'same', name: `normal_${place}_${id}` });
  const sum = (inputs: readonly Tensor[], index: number) => net.sum(inputs, `normal_add_${index}_${id}`);

  const sums = [
    sum([branch(h, 5, 'left1'), branch(p, 3, 'right1')], 1),
    sum([branch(p, 5, 'left2'), branch(p, 3, 'right2')], 2),
    sum([average(h, 'left3'), p], 3),
    sum([average(p, 'left4'), average(p, 'right4')], 4),
    sum([branch(h, 3, 'left5'), h], 5),
  ];
  return { now: concat(net, [p, ...sums], `normal_concat_${id}`), before: pair.now };
}

function reductionCell(net: GraphBuilder, pair: Pair, cell: Cell): Pair {
  const { filters, id } = cell;
  const p = adjusted(net, pair, cell);
  const h = squeezed(net, pair.now, cell, 'reduction');
  const padded = net.correctPad(h, 3, `reduction_pad_1_${id}`);
  const branch = (x: Tensor, kernel: number, place: string, strides: 1 | 2) =>
    separable(net, x, kernel, { filters, id: `reduction_${place}_${id}` }, strides);
  const pool = (kind: 'maxPool' | 'averagePool', place: string) =>
    net[kind](padded, 3, 2, { ...HALVES, name: `reduction_${place}_${id}` });
  const sum = (inputs: readonly Tensor[], name?: string) =>
    net.sum(inputs, name === undefined ? undefined : `reduction_${name}_${id}`);

  const one = sum([branch(h, 5, 'left1', 2), branch(p, 7, 'right1', 2)], 'add_1');
  const two = sum([pool('maxPool', 'left2'), branch(p, 7, 'right2', 2)], 'add_2');
  const three = sum([pool('averagePool', 'left3'), branch(p, 5, 'right3', 2)], 'add3');
  const average = net.averagePool(one, 3, 1, { padding: 'same', name: `reduction_left4_${id}` });
  const four = sum([two, average]);
  const five = sum([branch(one, 3, 'left4', 1), pool('maxPool', 'right5')], 'add4');
  return { now: concat(net, [two, three, four, five], `reduction_concat_${id}`), before: pair.now };
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor {
  const filters = PENULTIMATE_FILTERS / 24;
  const stem = net.conv2d(input, STEM_FILTERS, 3, {
    ...{ ...CONV, ...HALVES },
    name: 'stem_conv1',
  });
  let pair: Pair = { now: batchNorm(net, stem, 'stem_bn1'), before: undefined };
  pair = reductionCell(net, pair, { filters: filters / MULTIPLIER ** 2, id: 'stem_1' });
  pair = reductionCell(net, pair, { filters: filters / MULTIPLIER, id: 'stem_2' });
  for (let stage = 0; stage < 3; stage++) {
    const wide = filters * MULTIPLIER ** stage;
    if (stage > 0) pair = reductionCell(net, pair, { filters: wide, id: `reduce_${stage * CELLS}` });
    for (let cell = 0; cell < CELLS; cell++) {
      // Reductions are counted with the cells.
      const index = stage * CELLS + cell + (stage > 0 ? 1 : 0);
      pair = normalCell(net, pair, { filters: wide, id: String(index) });
    }
  }
  const x = relu(net, pair.now);
  return options.includeTop ? predictions(net, net.globalAveragePool(x), options) : pooled(net, x, options);
}

const folder = `${KERAS_APPLICATIONS}nasnet/`;

export const nasnet: readonly ZooEntry[] = [
  kerasEntry({
    name: 'NASNetMobile',
    family: 'NASNet',
    model: 'nasnet_mobile',
    size: 224,
    least: 32,
    // Which input of a cell is the larger one decides what it is made of.
    defaults: { withTop: 224, withoutTop: 224 },
    parameters: 5_326_716,
    publishedTop1: 74.4,
    preprocess: 'tf',
    licence: 'Apache-2.0',
    weights: {
      top: {
        ...published(folder, 'NASNet-mobile.h5', '020fb642bf7360b370c678b08e0adf61'),
        file: 'nasnet_mobile.h5',
      },
      noTop: {
        ...published(folder, 'NASNet-mobile-no-top.h5', '1ed92395b5b598bdda52abe5c0dbfd63'),
        file: 'nasnet_mobile_no_top.h5',
      },
    },
    body,
  }),
];
