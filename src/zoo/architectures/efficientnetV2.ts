import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { nearestMultipleOf } from './divisible';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import {
  addSometimes,
  blockPrefix,
  CONV_INITIALIZER,
  DENSE_INITIALIZER,
  squeezeExcite,
} from './squeezeExcite';
import { pooled, predictions } from './top';

/** Tan and Le 2021, https://arxiv.org/abs/2104.00298. */
interface Stage {
  readonly repeats: number;
  readonly filters: number;
  readonly expansion: 1 | 4 | 6;
  readonly strides: 1 | 2;
  /** One full convolution in place of a depthwise one between two of a pixel; such stages do not squeeze. */
  readonly fused: boolean;
}

const stage = (
  repeats: number,
  filters: number,
  expansion: 1 | 4 | 6,
  strides: 1 | 2,
  fused: boolean,
): Stage => ({ repeats, filters, expansion, strides, fused });

const B: readonly Stage[] = [
  stage(1, 16, 1, 1, true),
  stage(2, 32, 4, 2, true),
  stage(2, 48, 4, 2, true),
  stage(3, 96, 4, 2, false),
  stage(5, 112, 6, 1, false),
  stage(8, 192, 6, 2, false),
];

const S: readonly Stage[] = [
  stage(2, 24, 1, 1, true),
  stage(4, 48, 4, 2, true),
  stage(4, 64, 4, 2, true),
  stage(6, 128, 4, 2, false),
  stage(9, 160, 6, 1, false),
  stage(15, 256, 6, 2, false),
];

const M: readonly Stage[] = [
  stage(3, 24, 1, 1, true),
  stage(5, 48, 4, 2, true),
  stage(5, 80, 4, 2, true),
  stage(7, 160, 4, 2, false),
  stage(14, 176, 6, 1, false),
  stage(18, 304, 6, 2, false),
  stage(5, 512, 6, 1, false),
];

const L: readonly Stage[] = [
  stage(4, 32, 1, 1, true),
  stage(7, 64, 4, 2, true),
  stage(7, 96, 4, 2, true),
  stage(10, 192, 4, 2, false),
  stage(19, 224, 6, 1, false),
  stage(25, 384, 6, 2, false),
  stage(7, 640, 6, 1, false),
];

const SQUEEZE = 0.25;
const DROP_CONNECT = 0.2;
const MOMENTUM = 0.9;
const CONV = { padding: 'same', use_bias: false, kernel_initializer: CONV_INITIALIZER };

interface Variant extends Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'> {
  readonly stages: readonly Stage[];
  /** Before the first stage. */
  readonly stem: number;
  readonly width: number;
  readonly depth: number;
  readonly size: number;
  readonly top: string;
  readonly noTop: string;
}

function normSilu(net: GraphBuilder, x: Tensor, norm: string, activation: string): Tensor {
  return net.activation(net.batchNorm(x, { momentum: MOMENTUM, name: norm }), 'silu', activation);
}

type Given = Omit<Stage, 'repeats' | 'fused'>;

function inverted(
  net: GraphBuilder,
  input: Tensor,
  { expansion, strides, filters }: Given,
  prefix: string,
): Tensor {
  const channels = input.shape.at(-1)!;
  let x = net.conv2d(input, channels * expansion, 1, { ...CONV, name: `${prefix}expand_conv` });
  x = normSilu(net, x, `${prefix}expand_bn`, `${prefix}expand_activation`);
  x = net.depthwiseConv2d(x, 3, {
    strides,
    padding: 'same',
    use_bias: false,
    depthwise_initializer: CONV_INITIALIZER,
    name: `${prefix}dwconv2`,
  });
  x = normSilu(net, x, `${prefix}bn`, `${prefix}activation`);
  x = squeezeExcite(net, x, Math.max(1, Math.trunc(channels * SQUEEZE)), prefix);
  x = net.conv2d(x, filters, 1, { ...CONV, name: `${prefix}project_conv` });
  return net.batchNorm(x, { momentum: MOMENTUM, name: `${prefix}project_bn` });
}

function fused(
  net: GraphBuilder,
  input: Tensor,
  { expansion, strides, filters }: Given,
  prefix: string,
): Tensor {
  const [norm, activation] = [`${prefix}project_bn`, `${prefix}project_activation`];
  if (expansion === 1) {
    const x = net.conv2d(input, filters, 3, { ...CONV, strides, name: `${prefix}project_conv` });
    return normSilu(net, x, norm, activation);
  }
  const wide = input.shape.at(-1)! * expansion;
  let x = net.conv2d(input, wide, 3, { ...CONV, strides, name: `${prefix}expand_conv` });
  x = normSilu(net, x, `${prefix}expand_bn`, `${prefix}expand_activation`);
  x = net.conv2d(x, filters, 1, { ...CONV, name: `${prefix}project_conv` });
  return net.batchNorm(x, { momentum: MOMENTUM, name: norm });
}

function block(
  net: GraphBuilder,
  input: Tensor,
  given: Omit<Stage, 'repeats'>,
  rate: number,
  prefix: string,
): Tensor {
  const x = (given.fused ? fused : inverted)(net, input, given, prefix);
  const keepsShape = given.strides === 1 && input.shape.at(-1) === given.filters;
  return keepsShape ? addSometimes(net, input, x, rate, prefix) : x;
}

/** Images of 0–255 become what the weights were trained with: ImageNet's mean and deviation for B, −1 to 1 for the others. */
function scaled(net: GraphBuilder, input: Tensor, { stages }: Variant): Tensor {
  if (stages !== B) return net.add('Rescaling', [input], { scale: 1 / 128, offset: -1 });
  const x = net.add('Rescaling', [input], { scale: 1 / 255 });
  const variance = [0.229 ** 2, 0.224 ** 2, 0.225 ** 2];
  return net.add('Normalization', [x], { mean: [0.485, 0.456, 0.406], variance, axis: 3 });
}

function body(net: GraphBuilder, input: Tensor, options: BuildOptions, variant: Variant): Tensor {
  const filtersOf = (filters: number) => nearestMultipleOf(filters * variant.width, 8);
  let x = scaled(net, input, variant);
  x = net.conv2d(x, filtersOf(variant.stem), 3, { ...CONV, strides: 2, name: 'stem_conv' });
  x = normSilu(net, x, 'stem_bn', 'stem_activation');

  // Of the stages before they are repeated more often, as Keras counts.
  const blocks = variant.stages.reduce((sum, { repeats }) => sum + repeats, 0);
  let count = 0;
  for (const [at, one] of variant.stages.entries()) {
    for (let repeat = 0; repeat < Math.ceil(one.repeats * variant.depth); repeat++) {
      const strides = repeat === 0 ? one.strides : 1;
      const given = { ...one, strides, filters: filtersOf(one.filters) };
      x = block(net, x, given, (DROP_CONNECT * count++) / blocks, blockPrefix(at, repeat));
    }
  }

  x = net.conv2d(x, filtersOf(1280), 1, { ...CONV, name: 'top_conv' });
  x = normSilu(net, x, 'top_bn', 'top_activation');
  if (!options.includeTop) return pooled(net, x, options, { avg: 'avg_pool', max: 'max_pool' });
  x = net.globalAveragePool(x, 'avg_pool');
  x = net.add('Dropout', [x], { rate: 0.2, name: 'top_dropout' });
  return predictions(net, x, options, {
    kernel_initializer: DENSE_INITIALIZER,
    bias_initializer: { kind: 'Constant', config: { value: 0 } },
  });
}

function entry(variant: Variant): ZooEntry {
  const { name, parameters, publishedTop1, size, top, noTop } = variant;
  const model = name.toLowerCase().replace('v2', 'v2-');
  const folder = `${KERAS_APPLICATIONS}efficientnet_v2/`;
  return kerasEntry({
    ...{ name, parameters, publishedTop1, model, size },
    family: 'EfficientNetV2',
    least: 32,
    preprocess: 'none',
    licence: 'Apache-2.0',
    weights: {
      top: published(folder, `${model}.h5`, top),
      noTop: published(folder, `${model}_notop.h5`, noTop),
    },
    body: (net, input, options) => body(net, input, options, variant),
  });
}

export const efficientnetV2: readonly ZooEntry[] = [
  entry({
    ...{ name: 'EfficientNetV2B0', stages: B, stem: 32, width: 1, depth: 1, size: 224 },
    ...{ parameters: 7_200_312, publishedTop1: 78.7 },
    ...{ top: '21ecbf6da12460d5c40bb2f29ceb2188', noTop: '893217f2bb855e2983157299931e43ff' },
  }),
  entry({
    ...{ name: 'EfficientNetV2B1', stages: B, stem: 32, width: 1, depth: 1.1, size: 240 },
    ...{ parameters: 8_212_124, publishedTop1: 79.8 },
    ...{ top: '069f0534ff22adf035c89e2d9547a9dc', noTop: '0e80663031ca32d657f9caa404b6ec37' },
  }),
  entry({
    ...{ name: 'EfficientNetV2B2', stages: B, stem: 32, width: 1.1, depth: 1.2, size: 260 },
    ...{ parameters: 10_178_374, publishedTop1: 80.5 },
    ...{ top: '424e49f28180edbde1e94797771950a7', noTop: '1dfe2e7a5d45b6632553a8961ea609eb' },
  }),
  entry({
    ...{ name: 'EfficientNetV2B3', stages: B, stem: 32, width: 1.2, depth: 1.4, size: 300 },
    ...{ parameters: 14_467_622, publishedTop1: 82.0 },
    ...{ top: '1f1fc43bd98a6e4fd8fdfd551e02c7a0', noTop: 'f6abf7b5849ac99a89b50dd3fd532856' },
  }),
  entry({
    ...{ name: 'EfficientNetV2S', stages: S, stem: 24, width: 1, depth: 1, size: 384 },
    ...{ parameters: 21_612_360, publishedTop1: 83.9 },
    ...{ top: 'e1d88a8495beba45748fedd0cecbe016', noTop: 'af0682fb74e8c54910f2d4393339c070' },
  }),
  entry({
    ...{ name: 'EfficientNetV2M', stages: M, stem: 24, width: 1, depth: 1, size: 480 },
    ...{ parameters: 54_431_388, publishedTop1: 85.3 },
    ...{ top: 'a3bf6aa3276309f4fc6a34aa114c95cd', noTop: '1b8dc055df72dde80d614482840fe342' },
  }),
  entry({
    ...{ name: 'EfficientNetV2L', stages: L, stem: 32, width: 1, depth: 1, size: 480 },
    ...{ parameters: 119_027_848, publishedTop1: 85.7 },
    ...{ top: '27e6d408b53c7ebc868fefa357689935', noTop: 'b0b66b5c863aef5b46e8608fe1711615' },
  }),
];
