import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import { sizeInName } from './mobilenet';
import type { BuildOptions } from './options';
import { pooled, predictions } from './top';

/** Sandler et al. 2018, https://arxiv.org/abs/1801.04381: filters, strides of the first, repeats. */
export const MOBILENET_V2_STAGES: readonly (readonly [filters: number, strides: number, repeats: number])[] =
  [
    [16, 1, 1],
    [24, 2, 2],
    [32, 2, 3],
    [64, 2, 4],
    [96, 1, 3],
    [160, 2, 3],
    [320, 1, 1],
  ];

const EXPANSION = 6;

const BATCH_NORM = { axis: -1, epsilon: 1e-3, momentum: 0.999 };

function relu6(net: GraphBuilder, x: Tensor, name: string): Tensor {
  return net.add('ReLU', [x], { max_value: 6, name });
}

/** Wider inside than outside, with a shortcut where nothing changes; the first block of all is not widened. */
function block(net: GraphBuilder, input: Tensor, filters: number, strides: number, index: number): Tensor {
  const channels = input.shape.at(-1)!;
  const prefix = index === 0 ? 'expanded_conv' : `block_${index}`;
  let x = input;
  if (index > 0) {
    x = net.conv2d(x, EXPANSION * channels, 1, {
      padding: 'same',
      use_bias: false,
      name: `${prefix}_expand`,
    });
    x = net.batchNorm(x, { ...BATCH_NORM, name: `${prefix}_expand_BN` });
    x = relu6(net, x, `${prefix}_expand_relu`);
  }
  if (strides > 1) x = net.correctPad(x, 3, `${prefix}_pad`);
  const padding = strides > 1 ? 'valid' : 'same';
  x = net.depthwiseConv2d(x, 3, { strides, padding, use_bias: false, name: `${prefix}_depthwise` });
  x = net.batchNorm(x, { ...BATCH_NORM, name: `${prefix}_depthwise_BN` });
  x = relu6(net, x, `${prefix}_depthwise_relu`);
  x = net.conv2d(x, filters, 1, { padding: 'same', use_bias: false, name: `${prefix}_project` });
  x = net.batchNorm(x, { ...BATCH_NORM, name: `${prefix}_project_BN` });
  return strides === 1 && channels === filters ? net.sum([input, x], `${prefix}_add`) : x;
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor {
  let x = net.conv2d(input, 32, 3, { strides: 2, padding: 'same', use_bias: false, name: 'Conv1' });
  x = relu6(net, net.batchNorm(x, { ...BATCH_NORM, name: 'bn_Conv1' }), 'Conv1_relu');
  let index = 0;
  for (const [filters, strides, repeats] of MOBILENET_V2_STAGES) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      x = block(net, x, filters, repeat === 0 ? strides : 1, index++);
    }
  }
  x = net.conv2d(x, 1280, 1, { use_bias: false, name: 'Conv_1' });
  x = relu6(net, net.batchNorm(x, { ...BATCH_NORM, name: 'Conv_1_bn' }), 'out_relu');
  return options.includeTop ? predictions(net, net.globalAveragePool(x), options) : pooled(net, x, options);
}

const PUBLISHED_SIZES: ReadonlySet<unknown> = new Set([96, 128, 160, 192, 224]);

const folder = `${KERAS_APPLICATIONS}mobilenet_v2/`;
const file = 'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224';

export const mobilenetV2: readonly ZooEntry[] = [
  kerasEntry({
    name: 'MobileNetV2',
    family: 'MobileNetV2',
    model: (options) => `mobilenetv2_1.00_${sizeInName(options, PUBLISHED_SIZES)}`,
    size: 224,
    least: 32,
    parameters: 3_538_984,
    publishedTop1: 71.3,
    preprocess: 'tf',
    licence: 'Apache-2.0',
    weights: { top: published(folder, `${file}.h5`), noTop: published(folder, `${file}_no_top.h5`) },
    body,
  }),
];
