import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { averagedTop } from './top';

/** Huang et al. 2016, https://arxiv.org/abs/1608.06993. */
const GROWTH = 32;
const EPSILON = 1.001e-5;

function normRelu(net: GraphBuilder, x: Tensor, norm: string, relu: string): Tensor {
  return net.activation(net.batchNorm(x, { epsilon: EPSILON, name: norm }), 'relu', relu);
}

/** Each layer of a dense block sees all before it and adds its few channels to them. */
function denseLayer(net: GraphBuilder, input: Tensor, name: string): Tensor {
  let x = normRelu(net, input, `${name}_0_bn`, `${name}_0_relu`);
  x = net.conv2d(x, 4 * GROWTH, 1, { use_bias: false, name: `${name}_1_conv` });
  x = normRelu(net, x, `${name}_1_bn`, `${name}_1_relu`);
  x = net.conv2d(x, GROWTH, 3, { padding: 'same', use_bias: false, name: `${name}_2_conv` });
  return net.concat([input, x], `${name}_concat`);
}

/** Half the channels, half the size. */
function transition(net: GraphBuilder, input: Tensor, name: string): Tensor {
  let x = normRelu(net, input, `${name}_bn`, `${name}_relu`);
  x = net.conv2d(x, Math.floor(x.shape.at(-1)! / 2), 1, { use_bias: false, name: `${name}_conv` });
  return net.averagePool(x, 2, 2, { name: `${name}_pool` });
}

const rim = (width: number) => [[width, width] as const, [width, width] as const];

function body(net: GraphBuilder, input: Tensor, options: BuildOptions, depths: readonly number[]): Tensor {
  let x = net.conv2d(net.zeroPad(input, rim(3)), 64, 7, { strides: 2, use_bias: false, name: 'conv1_conv' });
  x = normRelu(net, x, 'conv1_bn', 'conv1_relu');
  x = net.maxPool(net.zeroPad(x, rim(1)), 3, 2, { name: 'pool1' });
  for (const [at, depth] of depths.entries()) {
    if (at > 0) x = transition(net, x, `pool${at + 1}`);
    for (let layer = 1; layer <= depth; layer++) x = denseLayer(net, x, `conv${at + 2}_block${layer}`);
  }
  return averagedTop(net, normRelu(net, x, 'bn', 'relu'), options);
}

interface Variant extends Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'> {
  readonly depths: readonly number[];
  readonly top: string;
  readonly noTop: string;
}

function entry({ depths, top, noTop, ...facts }: Variant): ZooEntry {
  const model = facts.name.toLowerCase();
  const folder = `${KERAS_APPLICATIONS}densenet/`;
  const file = `${model}_weights_tf_dim_ordering_tf_kernels`;
  return kerasEntry({
    ...facts,
    family: 'DenseNet',
    model,
    size: 224,
    least: 32,
    preprocess: 'torch',
    licence: 'BSD-3-Clause',
    weights: {
      top: published(folder, `${file}.h5`, top),
      noTop: published(folder, `${file}_notop.h5`, noTop),
    },
    body: (net, input, options) => body(net, input, options, depths),
  });
}

export const densenet: readonly ZooEntry[] = [
  entry({
    ...{ name: 'DenseNet121', depths: [6, 12, 24, 16], parameters: 8_062_504, publishedTop1: 75.0 },
    ...{ top: '9d60b8095a5708f2dcce2bca79d332c7', noTop: '30ee3e1110167f948a6b9946edeeb738' },
  }),
  entry({
    ...{ name: 'DenseNet169', depths: [6, 12, 32, 32], parameters: 14_307_880, publishedTop1: 76.2 },
    ...{ top: 'd699b8f76981ab1b30698df4c175e90b', noTop: 'b8c4d4c20dd625c148057b9ff1c1176b' },
  }),
  entry({
    ...{ name: 'DenseNet201', depths: [6, 12, 48, 32], parameters: 20_242_984, publishedTop1: 77.3 },
    ...{ top: '1ceb130c1ea1b78c3bf6114dbdfd8807', noTop: 'c13680b51ded0fb44dff2d8f86ac8bb1' },
  }),
];
