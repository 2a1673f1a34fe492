import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { averagedTop } from './top';

/** Szegedy et al. 2016, https://arxiv.org/abs/1602.07261. A convolution of a branch: filters, and rows and columns. */
type Kernel = readonly [filters: number, size: number | readonly [number, number]];

const HALVES = { strides: 2, padding: 'valid' };

function convNorm(
  net: GraphBuilder,
  x: Tensor,
  [filters, size]: Kernel,
  { name, ...config }: { readonly strides?: number; readonly padding?: string; readonly name?: string } = {},
): Tensor {
  const suffixed = (suffix: string) => (name === undefined ? undefined : `${name}${suffix}`);
  const conv = net.conv2d(x, filters, size, {
    padding: 'same',
    use_bias: false,
    ...config,
    name: suffixed(''),
  });
  return net.activation(
    net.batchNorm(conv, { scale: false, name: suffixed('_bn') }),
    'relu',
    suffixed('_ac'),
  );
}

function branch(net: GraphBuilder, x: Tensor, kernels: readonly Kernel[], halves = false): Tensor {
  return kernels.reduce(
    (y, kernel, at) => convNorm(net, y, kernel, halves && at === kernels.length - 1 ? HALVES : {}),
    x,
  );
}

/** The branches of each kind of residual block, and how much of their sum is added. */
const BLOCKS = {
  block35: {
    scale: 0.17,
    branches: [
      [[32, 1]],
      [
        [32, 1],
        [32, 3],
      ],
      [
        [32, 1],
        [48, 3],
        [64, 3],
      ],
    ],
  },
  block17: {
    scale: 0.1,
    branches: [
      [[192, 1]],
      [
        [128, 1],
        [160, [1, 7]],
        [192, [7, 1]],
      ],
    ],
  },
  block8: {
    scale: 0.2,
    branches: [
      [[192, 1]],
      [
        [192, 1],
        [224, [1, 3]],
        [256, [3, 1]],
      ],
    ],
  },
} as const satisfies Readonly<
  Record<string, { readonly scale: number; readonly branches: readonly (readonly Kernel[])[] }>
>;

/** @param last the very last block adds the whole sum and is not rectified */
function residual(
  net: GraphBuilder,
  x: Tensor,
  kind: keyof typeof BLOCKS,
  index: number,
  last = false,
): Tensor {
  const { scale, branches } = BLOCKS[kind];
  const name = `${kind}_${index}`;
  const ends = branches.map((kernels) => branch(net, x, kernels));
  const mixed = net.concat(ends, `${name}_mixed`);
  const up = net.conv2d(mixed, x.shape.at(-1)!, 1, { padding: 'same', name: `${name}_conv` });
  const sum = net.add('CustomScaleLayer', [x, up], { scale: last ? 1 : scale });
  return last ? sum : net.activation(sum, 'relu', `${name}_ac`);
}

/** Half the size: branches that stride, beside a maximum. */
function reduced(
  net: GraphBuilder,
  x: Tensor,
  branches: readonly (readonly Kernel[])[],
  name: string,
): Tensor {
  const ends = branches.map((kernels) => branch(net, x, kernels, true));
  return net.concat([...ends, net.maxPool(x, 3, 2)], name);
}

function stem(net: GraphBuilder, input: Tensor): Tensor {
  let x = convNorm(net, input, [32, 3], HALVES);
  x = convNorm(net, x, [32, 3], { padding: 'valid' });
  x = net.maxPool(convNorm(net, x, [64, 3]), 3, 2);
  x = convNorm(net, x, [80, 1], { padding: 'valid' });
  x = net.maxPool(convNorm(net, x, [192, 3], { padding: 'valid' }), 3, 2);
  const branches = [
    branch(net, x, [[96, 1]]),
    branch(net, x, [
      [48, 1],
      [64, 5],
    ]),
    branch(net, x, [
      [64, 1],
      [96, 3],
      [96, 3],
    ]),
    convNorm(net, net.averagePool(x, 3, 1, { padding: 'same' }), [64, 1]),
  ];
  return net.concat(branches, 'mixed_5b');
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor {
  let x = stem(net, input);
  for (let index = 1; index <= 10; index++) x = residual(net, x, 'block35', index);
  const toSeventeen: readonly (readonly Kernel[])[] = [
    [[384, 3]],
    [
      [256, 1],
      [256, 3],
      [384, 3],
    ],
  ];
  x = reduced(net, x, toSeventeen, 'mixed_6a');
  for (let index = 1; index <= 20; index++) x = residual(net, x, 'block17', index);
  const toEight: readonly (readonly Kernel[])[] = [
    [
      [256, 1],
      [384, 3],
    ],
    [
      [256, 1],
      [288, 3],
    ],
    [
      [256, 1],
      [288, 3],
      [320, 3],
    ],
  ];
  x = reduced(net, x, toEight, 'mixed_7a');
  for (let index = 1; index <= 10; index++) x = residual(net, x, 'block8', index, index === 10);
  x = convNorm(net, x, [1536, 1], { name: 'conv_7b' });
  return averagedTop(net, x, options, {});
}

const folder = `${KERAS_APPLICATIONS}inception_resnet_v2/`;
const file = 'inception_resnet_v2_weights_tf_dim_ordering_tf_kernels';

export const inceptionResnetV2: readonly ZooEntry[] = [
  kerasEntry({
    name: 'InceptionResNetV2',
    family: 'InceptionResNet',
    model: 'inception_resnet_v2',
    size: 299,
    least: 75,
    parameters: 55_873_736,
    publishedTop1: 80.3,
    preprocess: 'tf',
    licence: 'Apache-2.0',
    weights: {
      top: published(folder, `${file}.h5`, 'e693bd0210a403b3192acc6073ad2e96'),
      noTop: published(folder, `${file}_notop.h5`, 'd19885ff4a710c122648d3b5c3b684e4'),
    },
    body,
  }),
];
