import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { pooled } from './top';

/** Howard et al. 2017, https://arxiv.org/abs/1704.04861: filters of the thirteen separable blocks, and their strides. */
const BLOCKS: readonly (readonly [filters: number, strides: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1] as const),
  [1024, 2],
  [1024, 1],
];

function normRelu6(net: GraphBuilder, x: Tensor, name: string): Tensor {
  const normal = net.batchNorm(x, { axis: -1, name: `${name}_bn` });
  return net.add('ReLU', [normal], { max_value: 6, name: `${name}_relu` });
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions): Tensor {
  let x = net.conv2d(input, 32, 3, { strides: 2, padding: 'same', use_bias: false, name: 'conv1' });
  x = normRelu6(net, x, 'conv1');
  for (const [at, [filters, strides]] of BLOCKS.entries()) {
    const block = at + 1;
    if (strides > 1) {
      const padding = [
        [0, 1],
        [0, 1],
      ] as const;
      x = net.zeroPad(x, padding, `conv_pad_${block}`);
    }
    const padding = strides > 1 ? 'valid' : 'same';
    x = net.depthwiseConv2d(x, 3, { strides, padding, use_bias: false, name: `conv_dw_${block}` });
    x = normRelu6(net, x, `conv_dw_${block}`);
    x = net.conv2d(x, filters, 1, { padding: 'same', use_bias: false, name: `conv_pw_${block}` });
    x = normRelu6(net, x, `conv_pw_${block}`);
  }
  return options.includeTop ? top(net, x, options) : pooled(net, x, options);
}

/** A convolution of one pixel for a Dense layer. */
function top(net: GraphBuilder, x: Tensor, { classes, classifierActivation }: BuildOptions): Tensor {
  let y = net.add('GlobalAveragePooling2D', [x], { keepdims: true });
  y = net.add('Dropout', [y], { rate: 1e-3, name: 'dropout' });
  y = net.conv2d(y, classes, 1, { padding: 'same', name: 'conv_preds' });
  y = net.add('Reshape', [y], { target_shape: [classes], name: 'reshape_2' });
  return net.activation(y, classifierActivation ?? 'linear', 'predictions');
}

/** Weights are published for some sizes; those of 224 pixels are for all others too. */
const PUBLISHED_SIZES: ReadonlySet<unknown> = new Set([128, 160, 192, 224]);

/** Keras puts the size into the model's name, `None` where it is not known. */
export function sizeInName(
  { input: [rows, columns], pretrained }: BuildOptions,
  sizes: ReadonlySet<unknown>,
) {
  if (pretrained && (rows !== columns || !sizes.has(rows))) return '224';
  return String(rows ?? 'None');
}

const folder = `${KERAS_APPLICATIONS}mobilenet/`;

export const mobilenet: readonly ZooEntry[] = [
  kerasEntry({
    name: 'MobileNet',
    family: 'MobileNet',
    model: (options) => `mobilenet_1.00_${sizeInName(options, PUBLISHED_SIZES)}`,
    size: 224,
    least: 32,
    parameters: 4_253_864,
    publishedTop1: 70.4,
    preprocess: 'tf',
    licence: 'Apache-2.0',
    weights: {
      top: published(folder, 'mobilenet_1_0_224_tf.h5'),
      noTop: published(folder, 'mobilenet_1_0_224_tf_no_top.h5'),
    },
    body,
  }),
];
