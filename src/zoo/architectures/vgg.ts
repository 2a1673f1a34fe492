import type { ZooEntry } from '../architecture';
import type { GraphBuilder, Tensor } from './builder';
import { KERAS_APPLICATIONS, kerasEntry, published } from './kerasEntry';
import type { BuildOptions } from './options';
import { pooled, predictions } from './top';

/** Simonyan and Zisserman 2014, https://arxiv.org/abs/1409.1556. */
const FILTERS = [64, 128, 256, 512, 512];

/** Five blocks of 3×3 convolutions, halved by a maximum each; two layers of 4096 before the classifier. */
function body(net: GraphBuilder, input: Tensor, options: BuildOptions, depths: readonly number[]): Tensor {
  let x = input;
  for (const [at, filters] of FILTERS.entries()) {
    const block = `block${at + 1}`;
    for (let conv = 1; conv <= depths[at]!; conv++) {
      x = net.conv2d(x, filters, 3, { activation: 'relu', padding: 'same', name: `${block}_conv${conv}` });
    }
    x = net.maxPool(x, 2, 2, { name: `${block}_pool` });
  }
  if (!options.includeTop) return pooled(net, x, options);
  x = net.add('Flatten', [x], { name: 'flatten' });
  x = net.dense(x, 4096, { activation: 'relu', name: 'fc1' });
  x = net.dense(x, 4096, { activation: 'relu', name: 'fc2' });
  return predictions(net, x, options);
}

function entry(
  model: string,
  depths: readonly number[],
  facts: Pick<ZooEntry, 'name' | 'parameters' | 'publishedTop1'>,
  hashes: { readonly top: string; readonly noTop: string },
): ZooEntry {
  const folder = `${KERAS_APPLICATIONS}${model}/`;
  const file = `${model}_weights_tf_dim_ordering_tf_kernels`;
  return kerasEntry({
    ...facts,
    family: 'VGG',
    model,
    size: 224,
    least: 32,
    preprocess: 'caffe',
    licence: 'CC-BY-4.0',
    weights: {
      top: published(folder, `${file}.h5`, hashes.top),
      noTop: published(folder, `${file}_notop.h5`, hashes.noTop),
    },
    body: (net, input, options) => body(net, input, options, depths),
  });
}

export const vgg: readonly ZooEntry[] = [
  entry(
    'vgg16',
    [2, 2, 3, 3, 3],
    { name: 'VGG16', parameters: 138_357_544, publishedTop1: 71.3 },
    { top: '64373286793e3c8b2b4e3219cbf3544b', noTop: '6d6bbae143d832006294945121d1f1fc' },
  ),
  entry(
    'vgg19',
    [2, 2, 4, 4, 4],
    { name: 'VGG19', parameters: 143_667_240, publishedTop1: 71.3 },
    { top: 'cbe5617147190e668d6c5d5026f83318', noTop: '253f8cb515780f3b799900260a226db6' },
  ),
];
