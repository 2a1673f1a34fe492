import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import { averagedTop } from './top';

/** He et al. 2015, https://arxiv.org/abs/1512.03385, and 2016, https://arxiv.org/abs/1603.05027 (V2). */
const FILTERS = [64, 128, 256, 512];
const EPSILON = 1.001e-5;
const RIM = [
  [1, 1],
  [1, 1],
] as const;

function stem(net: GraphBuilder, input: Tensor): Tensor {
  const padding = [
    [3, 3],
    [3, 3],
  ] as const;
  const x = net.zeroPad(input, padding, 'conv1_pad');
  return net.conv2d(x, 64, 7, { strides: 2, name: 'conv1_conv' });
}

function stemPool(net: GraphBuilder, x: Tensor): Tensor {
  return net.maxPool(net.zeroPad(x, RIM, 'pool1_pad'), 3, 2, { name: 'pool1_pool' });
}

function normRelu(net: GraphBuilder, x: Tensor, name: string): Tensor {
  return net.activation(net.batchNorm(x, { epsilon: EPSILON, name: `${name}_bn` }), 'relu', `${name}_relu`);
}

/** Convolution, normalization, rectifier; the first block of a stage strides and projects its shortcut. */
function blockV1(
  net: GraphBuilder,
  input: Tensor,
  filters: number,
  strides: number,
  first: boolean,
  name: string,
) {
  let shortcut = input;
  if (first) {
    shortcut = net.conv2d(input, 4 * filters, 1, { strides, name: `${name}_0_conv` });
    shortcut = net.batchNorm(shortcut, { epsilon: EPSILON, name: `${name}_0_bn` });
  }
  let x = net.conv2d(input, filters, 1, { strides, name: `${name}_1_conv` });
  x = normRelu(net, x, `${name}_1`);
  x = net.conv2d(x, filters, 3, { padding: 'same', name: `${name}_2_conv` });
  x = normRelu(net, x, `${name}_2`);
  x = net.conv2d(x, 4 * filters, 1, { name: `${name}_3_conv` });
  x = net.batchNorm(x, { epsilon: EPSILON, name: `${name}_3_bn` });
  return net.activation(net.sum([shortcut, x], `${name}_add`), 'relu', `${name}_out`);
}

/** Normalization and rectifier before the convolutions; the last block of a stage strides. */
function blockV2(
  net: GraphBuilder,
  input: Tensor,
  filters: number,
  strides: number,
  first: boolean,
  name: string,
) {
  const ready = normRelu(net, input, `${name}_preact`);
  const shortcut = first
    ? net.conv2d(ready, 4 * filters, 1, { strides, name: `${name}_0_conv` })
    : strides > 1
      ? net.maxPool(input, 1, strides)
      : input;
  let x = net.conv2d(ready, filters, 1, { use_bias: false, name: `${name}_1_conv` });
  x = net.zeroPad(normRelu(net, x, `${name}_1`), RIM, `${name}_2_pad`);
  x = net.conv2d(x, filters, 3, { strides, use_bias: false, name: `${name}_2_conv` });
  x = net.conv2d(normRelu(net, x, `${name}_2`), 4 * filters, 1, { name: `${name}_3_conv` });
  return net.sum([shortcut, x], `${name}_out`);
}

function stagesV1(net: GraphBuilder, input: Tensor, depths: readonly number[]): Tensor {
  let x = stemPool(net, normRelu(net, stem(net, input), 'conv1'));
  for (const [stage, depth] of depths.entries()) {
    for (let block = 1; block <= depth; block++) {
      const strides = stage > 0 && block === 1 ? 2 : 1;
      x = blockV1(net, x, FILTERS[stage]!, strides, block === 1, `conv${stage + 2}_block${block}`);
    }
  }
  return x;
}

function stagesV2(net: GraphBuilder, input: Tensor, depths: readonly number[]): Tensor {
  let x = stemPool(net, stem(net, input));
  for (const [stage, depth] of depths.entries()) {
    for (let block = 1; block <= depth; block++) {
      const strides = stage < depths.length - 1 && block === depth ? 2 : 1;
      x = blockV2(net, x, FILTERS[stage]!, strides, block === 1, `conv${stage + 2}_block${block}`);
    }
  }
  return normRelu(net, x, 'post');
}

interface Variant extends Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'> {
  readonly depths: readonly number[];
  readonly top: string;
  readonly noTop: string;
}

function entry(version: 1 | 2, { depths, top, noTop, ...facts }: Variant): ZooEntry {
  const model = facts.name.toLowerCase();
  const file = `${model}_weights_tf_dim_ordering_tf_kernels`;
  const folder = `${KERAS_APPLICATIONS}resnet/`;
  const stages = version === 1 ? stagesV1 : stagesV2;
  return kerasEntry({
    ...facts,
    family: version === 1 ? 'ResNet' : 'ResNetV2',
    model,
    size: 224,
    least: 32,
    preprocess: version === 1 ? 'caffe' : 'tf',
    licence: version === 1 ? 'MIT' : 'BSD-3-Clause',
    weights: {
      top: published(folder, `${file}.h5`, top),
      noTop: published(folder, `${file}_notop.h5`, noTop),
    },
    body: (net, input, options) => averagedTop(net, stages(net, input, depths), options),
  });
}

const VARIANTS: readonly (readonly [version: 1 | 2, variant: Variant])[] = [
  [
    1,
    {
      ...{ name: 'ResNet50', depths: [3, 4, 6, 3], parameters: 25_636_712, publishedTop1: 74.9 },
      ...{ top: '2cb95161c43110f7111970584f804107', noTop: '4d473c1dd8becc155b73f8504c6f6626' },
    },
  ],
  [
    1,
    {
      ...{ name: 'ResNet101', depths: [3, 4, 23, 3], parameters: 44_707_176, publishedTop1: 76.4 },
      ...{ top: 'f1aeb4b969a6efcfb50fad2f0c20cfc5', noTop: '88cf7a10940856eca736dc7b7e228a21' },
    },
  ],
  [
    1,
    {
      ...{ name: 'ResNet152', depths: [3, 8, 36, 3], parameters: 60_419_944, publishedTop1: 76.6 },
      ...{ top: '100835be76be38e30d865e96f2aaae62', noTop: 'ee4c566cf9a93f14d82f913c2dc6dd0c' },
    },
  ],
  [
    2,
    {
      ...{ name: 'ResNet50V2', depths: [3, 4, 6, 3], parameters: 25_613_800, publishedTop1: 76.0 },
      ...{ top: '3ef43a0b657b3be2300d5770ece849e0', noTop: 'fac2f116257151a9d068a22e544a4917' },
    },
  ],
  [
    2,
    {
      ...{ name: 'ResNet101V2', depths: [3, 4, 23, 3], parameters: 44_675_560, publishedTop1: 77.2 },
      ...{ top: '6343647c601c52e1368623803854d971', noTop: 'c0ed64b8031c3730f411d2eb4eea35b5' },
    },
  ],
  [
    2,
    {
      ...{ name: 'ResNet152V2', depths: [3, 8, 36, 3], parameters: 60_380_648, publishedTop1: 78.0 },
      ...{ top: 'a49b44d1979771252814e80f8ec446f9', noTop: 'ed17cf2e0169df9d443503ef94b23b33' },
    },
  ],
];

export const resnet: readonly ZooEntry[] = VARIANTS.map(([version, variant]) => entry(version, variant));
