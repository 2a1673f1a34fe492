import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { nearestMultiple } from './divisible';
import { kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import {
  addSometimes,
  blockPrefix,
  CONV_INITIALIZER,
  DENSE_INITIALIZER,
  squeezeExcite,
} from './squeezeExcite';
import { pooled, predictions } from './top';

/** Tan and Le 2019, https://arxiv.org/abs/1905.11946: the stages of B0, of which the others are multiples. */
export interface EfficientNetStage {
  readonly kernel: 3 | 5;
  readonly repeats: number;
  readonly filters: number;
  readonly expansion: 1 | 6;
  readonly strides: 1 | 2;
}

export const EFFICIENTNET_STAGES: readonly EfficientNetStage[] = [
  { kernel: 3, repeats: 1, filters: 16, expansion: 1, strides: 1 },
  { kernel: 3, repeats: 2, filters: 24, expansion: 6, strides: 2 },
  { kernel: 5, repeats: 2, filters: 40, expansion: 6, strides: 2 },
  { kernel: 3, repeats: 3, filters: 80, expansion: 6, strides: 2 },
  { kernel: 5, repeats: 3, filters: 112, expansion: 6, strides: 1 },
  { kernel: 5, repeats: 4, filters: 192, expansion: 6, strides: 2 },
  { kernel: 3, repeats: 1, filters: 320, expansion: 6, strides: 1 },
];

const SQUEEZE = 0.25;
const DROP_CONNECT = 0.2;
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225];

interface Variant extends Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'> {
  readonly width: number;
  readonly depth: number;
  readonly size: number;
  readonly dropout: number;
  readonly top: string;
  readonly noTop: string;
}

function normSilu(net: GraphBuilder, x: Tensor, norm: string, activation: string): Tensor {
  return net.activation(net.batchNorm(x, { name: norm }), 'silu', activation);
}

function block(
  net: GraphBuilder,
  input: Tensor,
  { kernel, expansion, strides, filters }: Omit<EfficientNetStage, 'repeats'>,
  rate: number,
  prefix: string,
): Tensor {
  const channels = input.shape.at(-1)!;
  const pointwise = { padding: 'same', use_bias: false, kernel_initializer: CONV_INITIALIZER };
  let x = input;
  if (expansion > 1) {
    x = net.conv2d(x, channels * expansion, 1, { ...pointwise, name: `${prefix}expand_conv` });
    x = normSilu(net, x, `${prefix}expand_bn`, `${prefix}expand_activation`);
  }
  if (strides > 1) x = net.correctPad(x, kernel, `${prefix}dwconv_pad`);
  x = net.depthwiseConv2d(x, kernel, {
    strides,
    padding: strides > 1 ? 'valid' : 'same',
    use_bias: false,
    depthwise_initializer: CONV_INITIALIZER,
    name: `${prefix}dwconv`,
  });
  x = normSilu(net, x, `${prefix}bn`, `${prefix}activation`);
  x = squeezeExcite(net, x, Math.max(1, Math.trunc(channels * SQUEEZE)), prefix);
  x = net.conv2d(x, filters, 1, { ...pointwise, name: `${prefix}project_conv` });
  x = net.batchNorm(x, { name: `${prefix}project_bn` });
  return strides === 1 && channels === filters ? addSometimes(net, input, x, rate, prefix) : x;
}

/** Images of 0–255 become what the weights were trained with. */
function scaled(net: GraphBuilder, input: Tensor, { pretrained }: BuildOptions): Tensor {
  let x = net.add('Rescaling', [input], { scale: 1 / 255 });
  x = net.add('Normalization', [x], { axis: 3 });
  // The published weights were trained with (x - mean) / variance, of which Normalization takes the root.
  if (pretrained) {
    x = net.add('Rescaling', [x], { scale: IMAGENET_DEVIATION.map((one) => 1 / Math.sqrt(one)) });
  }
  return x;
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions, variant: Variant): Tensor {
  const filtersOf = (filters: number) => nearestMultiple(filters * variant.width);
  const repeatsOf = (repeats: number) => Math.ceil(repeats * variant.depth);
  const conv = { use_bias: false, kernel_initializer: CONV_INITIALIZER };

  let x = net.correctPad(scaled(net, input, options), 3, 'stem_conv_pad');
  x = net.conv2d(x, filtersOf(32), 3, { ...conv, strides: 2, name: 'stem_conv' });
  x = normSilu(net, x, 'stem_bn', 'stem_activation');

  const blocks = EFFICIENTNET_STAGES.reduce((sum, { repeats }) => sum + repeatsOf(repeats), 0);
  let count = 0;
  for (const [at, stage] of EFFICIENTNET_STAGES.entries()) {
    for (let repeat = 0; repeat < repeatsOf(stage.repeats); repeat++) {
      const strides = repeat === 0 ? stage.strides : 1;
      const given = { ...stage, strides, filters: filtersOf(stage.filters) };
      x = block(net, x, given, (DROP_CONNECT * count++) / blocks, blockPrefix(at, repeat));
    }
  }

  x = net.conv2d(x, filtersOf(1280), 1, { ...conv, padding: 'same', name: 'top_conv' });
  x = normSilu(net, x, 'top_bn', 'top_activation');
  if (!options.includeTop) return pooled(net, x, options, { avg: 'avg_pool', max: 'max_pool' });
  x = net.globalAveragePool(x, 'avg_pool');
  x = net.add('Dropout', [x], { rate: variant.dropout, name: 'top_dropout' });
  return predictions(net, x, options, { kernel_initializer: DENSE_INITIALIZER });
}

const FOLDER = 'https://storage.googleapis.com/keras-applications/';

function entry(variant: Variant): ZooEntry {
  const { name, parameters, publishedTop1, size, top, noTop } = variant;
  const model = name.toLowerCase();
  return kerasEntry({
    ...{ name, parameters, publishedTop1, model, size },
    family: 'EfficientNet',
    least: 32,
    preprocess: 'none',
    licence: 'Apache-2.0',
    weights: {
      top: published(FOLDER, `${model}.h5`, top),
      noTop: published(FOLDER, `${model}_notop.h5`, noTop),
    },
    body: (net, input, options) => body(net, input, options, variant),
  });
}

export const efficientnet: readonly ZooEntry[] = [
  entry({
    ...{ name: 'EfficientNetB0', width: 1, depth: 1, size: 224, dropout: 0.2 },
    ...{ parameters: 5_330_571, publishedTop1: 77.1 },
    ...{ top: '902e53a9f72be733fc0bcb005b3ebbac', noTop: '50bc09e76180e00e4465e1a485ddc09d' },
  }),
  entry({
    ...{ name: 'EfficientNetB1', width: 1, depth: 1.1, size: 240, dropout: 0.2 },
    ...{ parameters: 7_856_239, publishedTop1: 79.1 },
    ...{ top: '1d254153d4ab51201f1646940f018540', noTop: '74c4e6b3e1f6a1eea24c589628592432' },
  }),
  entry({
    ...{ name: 'EfficientNetB2', width: 1.1, depth: 1.2, size: 260, dropout: 0.3 },
    ...{ parameters: 9_177_569, publishedTop1: 80.1 },
    ...{ top: 'b15cce36ff4dcbd00b6dd88e7857a6ad', noTop: '111f8e2ac8aa800a7a99e3239f7bfb39' },
  }),
  entry({
    ...{ name: 'EfficientNetB3', width: 1.2, depth: 1.4, size: 300, dropout: 0.3 },
    ...{ parameters: 12_320_535, publishedTop1: 81.6 },
    ...{ top: 'ffd1fdc53d0ce67064dc6a9c7960ede0', noTop: 'af6d107764bb5b1abb91932881670226' },
  }),
  entry({
    ...{ name: 'EfficientNetB4', width: 1.4, depth: 1.8, size: 380, dropout: 0.4 },
    ...{ parameters: 19_466_823, publishedTop1: 82.9 },
    ...{ top: '18c95ad55216b8f92d7e70b3a046e2fc', noTop: 'ebc24e6d6c33eaebbd558eafbeedf1ba' },
  }),
  entry({
    ...{ name: 'EfficientNetB5', width: 1.6, depth: 2.2, size: 456, dropout: 0.4 },
    ...{ parameters: 30_562_527, publishedTop1: 83.6 },
    ...{ top: 'ace28f2a6363774853a83a0b21b9421a', noTop: '38879255a25d3c92d5e44e04ae6cec6f' },
  }),
  entry({
    ...{ name: 'EfficientNetB6', width: 1.8, depth: 2.6, size: 528, dropout: 0.5 },
    ...{ parameters: 43_265_143, publishedTop1: 84.0 },
    ...{ top: '165f6e37dce68623721b423839de8be5', noTop: '9ecce42647a20130c1f39a5d4cb75743' },
  }),
  entry({
    ...{ name: 'EfficientNetB7', width: 2, depth: 3.1, size: 600, dropout: 0.5 },
    ...{ parameters: 66_658_687, publishedTop1: 84.3 },
    ...{ top: '8c03f828fec3ef71311cd463b6759d99', noTop: 'cbcfe4450ddf6f3ad90b1b398090fe4a' },
  }),
];
