import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { averagedTop } from './top';

/** Szegedy et al. 2015, https://arxiv.org/abs/1512.00567. A convolution of a branch: filters, rows, columns. */
type Kernel = readonly [filters: number, rows: number, columns: number];

const HALVES = { strides: 2, padding: 'valid' };

function convNorm(
  net: GraphBuilder,
  x: Tensor,
  [filters, rows, columns]: Kernel,
  config: { readonly strides?: number; readonly padding?: string } = {},
): Tensor {
  const conv = net.conv2d(x, filters, [rows, columns], { padding: 'same', use_bias: false, ...config });
  return net.activation(net.batchNorm(conv, { scale: false }), 'relu');
}

/** Convolutions one after the other; the last halves the size where it is told to. */
function branch(net: GraphBuilder, x: Tensor, kernels: readonly Kernel[], halves = false): Tensor {
  return kernels.reduce(
    (y, kernel, at) => convNorm(net, y, kernel, halves && at === kernels.length - 1 ? HALVES : {}),
    x,
  );
}

function averaged(net: GraphBuilder, x: Tensor, filters: number): Tensor {
  return convNorm(net, net.averagePool(x, 3, 1, { padding: 'same' }), [filters, 1, 1]);
}

/** At 35×35: 1×1, 5×5 and two 3×3 in a row. */
function mixedA(net: GraphBuilder, x: Tensor, pool: number, name: string): Tensor {
  const branches = [
    branch(net, x, [[64, 1, 1]]),
    branch(net, x, [
      [48, 1, 1],
      [64, 5, 5],
    ]),
    branch(net, x, [
      [64, 1, 1],
      [96, 3, 3],
      [96, 3, 3],
    ]),
    averaged(net, x, pool),
  ];
  return net.concat(branches, name);
}

/** At 17×17: 7×7 as 1×7 and 7×1, once and twice. */
function mixedB(net: GraphBuilder, x: Tensor, inner: number, name: string): Tensor {
  const branches = [
    branch(net, x, [[192, 1, 1]]),
    branch(net, x, [
      [inner, 1, 1],
      [inner, 1, 7],
      [192, 7, 1],
    ]),
    branch(net, x, [
      [inner, 1, 1],
      [inner, 7, 1],
      [inner, 1, 7],
      [inner, 7, 1],
      [192, 1, 7],
    ]),
    averaged(net, x, 192),
  ];
  return net.concat(branches, name);
}

/** At 8×8: 1×3 and 3×1 side by side. */
function mixedC(net: GraphBuilder, x: Tensor, index: number): Tensor {
  const spread = (y: Tensor, name?: string) =>
    net.concat([convNorm(net, y, [384, 1, 3]), convNorm(net, y, [384, 3, 1])], name);
  const one = branch(net, x, [[320, 1, 1]]);
  const three = spread(branch(net, x, [[384, 1, 1]]), `mixed9_${index}`);
  const double = spread(
    branch(net, x, [
      [448, 1, 1],
      [384, 3, 3],
    ]),
  );
  return net.concat([one, three, double, averaged(net, x, 192)], `mixed${9 + index}`);
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor {
  let x = convNorm(net, input, [32, 3, 3], HALVES);
  x = convNorm(net, x, [32, 3, 3], { padding: 'valid' });
  x = net.maxPool(convNorm(net, x, [64, 3, 3]), 3, 2);
  x = convNorm(net, x, [80, 1, 1], { padding: 'valid' });
  x = net.maxPool(convNorm(net, x, [192, 3, 3], { padding: 'valid' }), 3, 2);
  for (const [index, pool] of [32, 64, 64].entries()) x = mixedA(net, x, pool, `mixed${index}`);
  x = reduced(
    net,
    x,
    [
      [[384, 3, 3]],
      [
        [64, 1, 1],
        [96, 3, 3],
        [96, 3, 3],
      ],
    ],
    'mixed3',
  );
  for (const [index, inner] of [128, 160, 160, 192].entries()) x = mixedB(net, x, inner, `mixed${index + 4}`);
  x = reduced(
    net,
    x,
    [
      [
        [192, 1, 1],
        [320, 3, 3],
      ],
      [
        [192, 1, 1],
        [192, 1, 7],
        [192, 7, 1],
        [192, 3, 3],
      ],
    ],
    'mixed8',
  );
  for (const index of [0, 1]) x = mixedC(net, x, index);
  return averagedTop(net, x, options, {});
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

const folder = `${KERAS_APPLICATIONS}inception_v3/`;
const file = 'inception_v3_weights_tf_dim_ordering_tf_kernels';

export const inceptionV3: readonly ZooEntry[] = [
  kerasEntry({
    name: 'InceptionV3',
    family: 'Inception',
    model: 'inception_v3',
    size: 299,
    least: 75,
    parameters: 23_851_784,
    publishedTop1: 77.9,
    preprocess: 'tf',
    licence: 'Apache-2.0',
    weights: {
      top: published(folder, `${file}.h5`, '9a0d58056eeedaa3f26cb7ebd46da564'),
      noTop: published(folder, `${file}_notop.h5`, 'bcbd6486424b2319ff4ef7d526e38f63'),
    },
    body,
  }),
];
