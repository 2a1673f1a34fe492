import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { nearestMultiple } from './divisible';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { pooled } from './top';

/** Howard et al. 2019, https://arxiv.org/abs/1905.02244. */
interface Block {
  /** Of the channels that come in. */
  readonly expansion: number;
  readonly filters: number;
  readonly kernel: 3 | 5;
  readonly strides: 1 | 2;
  readonly activation: 'relu' | 'hard_swish';
  /** Squeezes and excites. */
  readonly squeezes: boolean;
}

const block = (
  expansion: number,
  filters: number,
  kernel: 3 | 5,
  strides: 1 | 2,
  activation: 'relu' | 'hard_swish',
  squeezes: boolean,
): Block => ({ expansion, filters, kernel, strides, activation, squeezes });

const SMALL: readonly Block[] = [
  block(1, 16, 3, 2, 'relu', true),
  block(72 / 16, 24, 3, 2, 'relu', false),
  block(88 / 24, 24, 3, 1, 'relu', false),
  block(4, 40, 5, 2, 'hard_swish', true),
  block(6, 40, 5, 1, 'hard_swish', true),
  block(6, 40, 5, 1, 'hard_swish', true),
  block(3, 48, 5, 1, 'hard_swish', true),
  block(3, 48, 5, 1, 'hard_swish', true),
  block(6, 96, 5, 2, 'hard_swish', true),
  block(6, 96, 5, 1, 'hard_swish', true),
  block(6, 96, 5, 1, 'hard_swish', true),
];

const LARGE: readonly Block[] = [
  block(1, 16, 3, 1, 'relu', false),
  block(4, 24, 3, 2, 'relu', false),
  block(3, 24, 3, 1, 'relu', false),
  block(3, 40, 5, 2, 'relu', true),
  block(3, 40, 5, 1, 'relu', true),
  block(3, 40, 5, 1, 'relu', true),
  block(6, 80, 3, 2, 'hard_swish', false),
  block(2.5, 80, 3, 1, 'hard_swish', false),
  block(2.3, 80, 3, 1, 'hard_swish', false),
  block(2.3, 80, 3, 1, 'hard_swish', false),
  block(6, 112, 3, 1, 'hard_swish', true),
  block(6, 112, 3, 1, 'hard_swish', true),
  block(6, 160, 5, 2, 'hard_swish', true),
  block(6, 160, 5, 1, 'hard_swish', true),
  block(6, 160, 5, 1, 'hard_swish', true),
];

const SQUEEZE = 0.25;

function batchNorm(net: GraphBuilder, x: Tensor, name: string): Tensor {
  return net.batchNorm(x, { axis: -1, epsilon: 1e-3, momentum: 0.999, name });
}

function activate(net: GraphBuilder, x: Tensor, activation: Block['activation']): Tensor {
  return activation === 'relu' ? net.add('ReLU', [x]) : net.activation(x, activation);
}

/** `relu6(x + 3) / 6`: Keras's operations on numbers, which read as layers that rescale. */
function hardSigmoid(net: GraphBuilder, x: Tensor): Tensor {
  const shifted = net.add('Rescaling', [x], { scale: 1, offset: 3 }, { countedAs: 'Add' });
  const bounded = net.add('ReLU', [shifted], { max_value: 6 });
  return net.add('Rescaling', [bounded], { scale: 1 / 6, offset: 0 }, { countedAs: 'Multiply' });
}

/** What each channel amounts to in the whole image says how much of it goes on. */
function squeezeExcite(net: GraphBuilder, input: Tensor, prefix: string): Tensor {
  const filters = input.shape.at(-1)!;
  const name = `${prefix}_squeeze_excite`;
  let x = net.add('GlobalAveragePooling2D', [input], { keepdims: true, name: `${name}_avg_pool` });
  x = net.conv2d(x, nearestMultiple(filters * SQUEEZE), 1, { padding: 'same', name: `${name}_conv` });
  x = net.add('ReLU', [x], { name: `${name}_relu` });
  x = net.conv2d(x, filters, 1, { padding: 'same', name: `${name}_conv_1` });
  return net.add('Multiply', [input, hardSigmoid(net, x)], { name: `${name}_mul` });
}

function invertedResidual(net: GraphBuilder, input: Tensor, given: Block, index: number): Tensor {
  const { expansion, filters, kernel, strides, activation, squeezes } = given;
  const channels = input.shape.at(-1)!;
  const prefix = index === 0 ? 'expanded_conv' : `expanded_conv_${index}`;
  let x = input;
  if (index > 0) {
    const wide = nearestMultiple(channels * expansion);
    x = net.conv2d(x, wide, 1, { padding: 'same', use_bias: false, name: `${prefix}_expand` });
    x = activate(net, batchNorm(net, x, `${prefix}_expand_bn`), activation);
  }
  if (strides > 1) x = net.correctPad(x, kernel, `${prefix}_depthwise_pad`);
  const padding = strides > 1 ? 'valid' : 'same';
  x = net.depthwiseConv2d(x, kernel, { strides, padding, use_bias: false, name: `${prefix}_depthwise` });
  x = activate(net, batchNorm(net, x, `${prefix}_depthwise_bn`), activation);
  if (squeezes) x = squeezeExcite(net, x, prefix);
  x = net.conv2d(x, filters, 1, { padding: 'same', use_bias: false, name: `${prefix}_project` });
  x = batchNorm(net, x, `${prefix}_project_bn`);
  return strides === 1 && channels === filters ? net.sum([input, x], `${prefix}_add`) : x;
}

function body(
  net: GraphBuilder,
  input: Tensor,
  options: BuildOptions,
  blocks: readonly Block[],
  last: number,
): Tensor {
  let x = net.add('Rescaling', [input], { scale: 1 / 127.5, offset: -1 });
  x = net.conv2d(x, 16, 3, { strides: 2, padding: 'same', use_bias: false, name: 'conv' });
  x = activate(net, batchNorm(net, x, 'conv_bn'), 'hard_swish');
  for (const [index, one] of blocks.entries()) x = invertedResidual(net, x, one, index);
  const wide = nearestMultiple(x.shape.at(-1)! * 6);
  x = net.conv2d(x, wide, 1, { padding: 'same', use_bias: false, name: 'conv_1' });
  x = activate(net, batchNorm(net, x, 'conv_1_bn'), 'hard_swish');
  if (!options.includeTop) return pooled(net, x, options, { avg: 'avg_pool', max: 'max_pool' });
  x = net.add('GlobalAveragePooling2D', [x], { keepdims: true });
  x = net.conv2d(x, last, 1, { padding: 'same', name: 'conv_2' });
  x = net.add('Dropout', [activate(net, x, 'hard_swish')], { rate: 0.2 });
  x = net.conv2d(x, options.classes, 1, { padding: 'same', name: 'logits' });
  x = net.add('Flatten', [x]);
  return net.activation(x, options.classifierActivation ?? 'linear', 'predictions');
}

interface Variant extends Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'> {
  readonly blocks: readonly Block[];
  /** Filters before the classifier. */
  readonly last: number;
  readonly file: string;
  readonly top: string;
  readonly noTop: string;
}

function entry({ blocks, last, file, top, noTop, ...facts }: Variant): ZooEntry {
  const folder = `${KERAS_APPLICATIONS}mobilenet_v3/`;
  return kerasEntry({
    ...facts,
    family: 'MobileNetV3',
    model: facts.name,
    size: 224,
    least: 32,
    defaults: { withTop: null, withoutTop: null },
    preprocess: 'none',
    licence: 'Apache-2.0',
    weights: {
      top: published(folder, `${file}.h5`, top),
      noTop: published(folder, `${file}_no_top_v2.h5`, noTop),
    },
    body: (net, input, options) => body(net, input, options, blocks, last),
  });
}

export const mobilenetV3: readonly ZooEntry[] = [
  entry({
    ...{ name: 'MobileNetV3Small', blocks: SMALL, last: 1024, parameters: 2_554_968, publishedTop1: 68.1 },
    file: 'weights_mobilenet_v3_small_224_1.0_float',
    ...{ top: '8768d4c2e7dee89b9d02b2d03d65d862', noTop: 'd3e8ec802a04aa4fc771ee12a9a9b836' },
  }),
  entry({
    ...{ name: 'MobileNetV3Large', blocks: LARGE, last: 1280, parameters: 5_507_432, publishedTop1: 75.6 },
    file: 'weights_mobilenet_v3_large_224_1.0_float',
    ...{ top: '59e551e166be033d707958cf9e29a6a7', noTop: '07fb09a5933dd0c8eaafa16978110389' },
  }),
];
