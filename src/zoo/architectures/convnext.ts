import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { pooled } from './top';

/** Liu et al. 2022, https://arxiv.org/abs/2201.03545. */
const EPSILON = 1e-6;
const LAYER_SCALE = 1e-6;

function layerNorm(net: GraphBuilder, x: Tensor, name?: string, group: readonly string[] = []): Tensor {
  const config = { epsilon: EPSILON, ...(name !== undefined && { name }) };
  return net.add('LayerNormalization', [x], config, { group });
}

/** Images of 0–255 by ImageNet's mean and deviation. */
function normalized(net: GraphBuilder, input: Tensor, model: string): Tensor {
  return net.add('Normalization', [input], {
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    variance: [(0.229 * 255) ** 2, (0.224 * 255) ** 2, (0.225 * 255) ** 2],
    name: `${model}_prestem_normalization`,
  });
}

/** Each stage begins smaller: with 4×4 pixels made one, then with 2×2. */
function downsampled(net: GraphBuilder, x: Tensor, filters: number, stage: number, model: string): Tensor {
  const patches = (y: Tensor, size: number, name: string, group: readonly string[]) =>
    net.add('Conv2D', [y], { filters, kernel_size: size, strides: size, name }, { group });
  if (stage === 0) {
    const stem = `${model}_stem`;
    return layerNorm(net, patches(x, 4, `${stem}_conv`, [stem]), `${stem}_layernorm`, [stem]);
  }
  const index = stage - 1;
  const group = [`${model}_downsampling_block_${index}`];
  const norm = layerNorm(net, x, `${model}_downsampling_layernorm_${index}`, group);
  return patches(norm, 2, `${model}_downsampling_conv_${index}`, group);
}

function block(net: GraphBuilder, input: Tensor, name: string): Tensor {
  const channels = input.shape.at(-1)!;
  let x = net.conv2d(input, channels, 7, {
    padding: 'same',
    groups: channels,
    name: `${name}_depthwise_conv`,
  });
  x = layerNorm(net, x, `${name}_layernorm`);
  x = net.dense(x, 4 * channels, { name: `${name}_pointwise_conv_1` });
  x = net.dense(net.activation(x, 'gelu', `${name}_gelu`), channels, { name: `${name}_pointwise_conv_2` });
  const config = { init_values: LAYER_SCALE, projection_dim: channels, name: `${name}_layer_scale` };
  x = net.activation(net.add('LayerScale', [x], config), 'linear', `${name}_identity`);
  return net.sum([input, x]);
}

interface Variant extends Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'> {
  readonly depths: readonly number[];
  readonly filters: readonly number[];
  readonly top: string;
  readonly noTop: string;
}

function body(
  net: GraphBuilder,
  input: Tensor,
  options: BuildOptions,
  { depths, filters }: Variant,
  model: string,
): Tensor {
  let x = normalized(net, input, model);
  for (const [stage, depth] of depths.entries()) {
    x = downsampled(net, x, filters[stage]!, stage, model);
    for (let index = 0; index < depth; index++) x = block(net, x, `${model}_stage_${stage}_block_${index}`);
  }
  if (!options.includeTop) return layerNorm(net, pooled(net, x, options));
  x = layerNorm(net, net.globalAveragePool(x, `${model}_head_gap`), `${model}_head_layernorm`);
  const { classes, classifierActivation: activation } = options;
  return net.dense(x, classes, { activation, name: `${model}_head_dense` });
}

function entry(variant: Variant): ZooEntry {
  const { name, parameters, publishedTop1, top, noTop } = variant;
  const model = name.toLowerCase().replace('convnext', 'convnext_');
  const folder = `${KERAS_APPLICATIONS}convnext/`;
  return kerasEntry({
    ...{ name, parameters, publishedTop1, model },
    family: 'ConvNeXt',
    size: 224,
    least: 32,
    preprocess: 'none',
    licence: 'MIT',
    weights: {
      top: published(folder, `${model}.h5`, top),
      noTop: published(folder, `${model}_notop.h5`, noTop),
    },
    body: (net, input, options) => body(net, input, options, variant, model),
  });
}

export const convnext: readonly ZooEntry[] = [
  entry({
    ...{ name: 'ConvNeXtTiny', depths: [3, 3, 9, 3], filters: [96, 192, 384, 768] },
    ...{ parameters: 28_589_128, publishedTop1: 81.3 },
    top: '8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff',
    noTop: 'd547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1',
  }),
  entry({
    ...{ name: 'ConvNeXtSmall', depths: [3, 3, 27, 3], filters: [96, 192, 384, 768] },
    ...{ parameters: 50_223_688, publishedTop1: 82.3 },
    top: 'ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c',
    noTop: '6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab',
  }),
  entry({
    ...{ name: 'ConvNeXtBase', depths: [3, 3, 27, 3], filters: [128, 256, 512, 1024] },
    ...{ parameters: 88_591_464, publishedTop1: 85.3 },
    top: '52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6',
    noTop: '40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45',
  }),
  entry({
    ...{ name: 'ConvNeXtLarge', depths: [3, 3, 27, 3], filters: [192, 384, 768, 1536] },
    ...{ parameters: 197_767_336, publishedTop1: 86.3 },
    top: '070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6',
    noTop: '96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd',
  }),
  entry({
    ...{ name: 'ConvNeXtXLarge', depths: [3, 3, 27, 3], filters: [256, 512, 1024, 2048] },
    ...{ parameters: 350_196_968, publishedTop1: 86.7 },
    top: 'c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee',
    noTop: 'de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05',
  }),
];
