import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { averagedTop } from './top';

/** Chollet 2016, https://arxiv.org/abs/1610.02357. */
const MIDDLE_BLOCKS = 8;
const MIDDLE_FILTERS = 728;

function batchNorm(net: GraphBuilder, x: Tensor, name?: string): Tensor {
  return net.batchNorm(x, { axis: -1, ...(name !== undefined && { name }) });
}

function entryConv(net: GraphBuilder, x: Tensor, filters: number, strides: number, name: string): Tensor {
  const conv = net.conv2d(x, filters, 3, { strides, use_bias: false, name });
  return net.activation(batchNorm(net, conv, `${name}_bn`), 'relu', `${name}_act`);
}

function separable(net: GraphBuilder, x: Tensor, filters: number, name: string): Tensor {
  const conv = net.separableConv2d(x, filters, 3, { padding: 'same', use_bias: false, name });
  return batchNorm(net, conv, `${name}_bn`);
}

/** Half the size: two separable convolutions and a maximum, beside a strided convolution. */
function halving(
  net: GraphBuilder,
  input: Tensor,
  [first, second]: readonly [number, number],
  block: number,
): Tensor {
  const shortcut = net.conv2d(input, second, 1, { strides: 2, padding: 'same', use_bias: false });
  const residual = batchNorm(net, shortcut);
  const name = (index: number) => `block${block}_sepconv${index}`;
  // Before the first of all, the input is rectified already.
  let x = block === 2 ? input : net.activation(input, 'relu', `${name(1)}_act`);
  x = separable(net, x, first, name(1));
  x = separable(net, net.activation(x, 'relu', `${name(2)}_act`), second, name(2));
  x = net.maxPool(x, 3, 2, { padding: 'same', name: `block${block}_pool` });
  return net.sum([x, residual]);
}

function middle(net: GraphBuilder, input: Tensor, block: number): Tensor {
  let x = input;
  for (const index of [1, 2, 3]) {
    const name = `block${block}_sepconv${index}`;
    x = separable(net, net.activation(x, 'relu', `${name}_act`), MIDDLE_FILTERS, name);
  }
  return net.sum([x, input]);
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor {
  let x = entryConv(net, input, 32, 2, 'block1_conv1');
  x = entryConv(net, x, 64, 1, 'block1_conv2');
  for (const [at, filters] of [128, 256, MIDDLE_FILTERS].entries()) {
    x = halving(net, x, [filters, filters], at + 2);
  }
  for (let block = 5; block < 5 + MIDDLE_BLOCKS; block++) x = middle(net, x, block);
  x = halving(net, x, [MIDDLE_FILTERS, 1024], 13);
  for (const [at, filters] of [1536, 2048].entries()) {
    const name = `block14_sepconv${at + 1}`;
    x = net.activation(separable(net, x, filters, name), 'relu', `${name}_act`);
  }
  return averagedTop(net, x, options, {});
}

const folder = `${KERAS_APPLICATIONS}xception/`;
const file = 'xception_weights_tf_dim_ordering_tf_kernels';

export const xception: readonly ZooEntry[] = [
  kerasEntry({
    name: 'Xception',
    family: 'Xception',
    model: 'xception',
    size: 299,
    least: 71,
    parameters: 22_910_480,
    publishedTop1: 79.0,
    preprocess: 'tf',
    licence: 'MIT',
    weights: {
      top: published(folder, `${file}.h5`, '0a58e3b7378bc2990ea3b43d5981f1f6'),
      noTop: published(folder, `${file}_notop.h5`, 'b0042744bf5b25fce3cb969f33bebb97'),
    },
    body,
  }),
];
