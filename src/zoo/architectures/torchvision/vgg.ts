import type { ZooEntry } from '../../architecture';
import type { Tensor } from '../builder';
import type { BuildOptions } from '../options';
import type { TorchModules } from './modules';
import { torchvisionEntry } from './torchvisionEntry';

/** Simonyan and Zisserman 2014, https://arxiv.org/abs/1409.1556. */
const FILTERS = [64, 128, 256, 512, 512];

/** A flat list of modules, numbered as they stand. */
function features(
  modules: TorchModules,
  input: Tensor,
  depths: readonly number[],
  normalized: boolean,
): Tensor {
  let index = 0;
  const next = () => `features.${index++}`;
  let x = input;
  for (const [at, filters] of FILTERS.entries()) {
    for (let conv = 0; conv < depths[at]!; conv++) {
      x = modules.conv(x, next(), filters, 3, { bias: true });
      if (normalized) x = modules.norm(x, next());
      x = modules.relu(x, next());
    }
    x = modules.add('MaxPooling2D', [x], next(), { pool_size: 2, strides: 2 });
  }
  return x;
}

function top(modules: TorchModules, input: Tensor, { classes, classifierActivation }: BuildOptions): Tensor {
  let x = modules.add('AdaptiveAveragePooling2D', [input], 'avgpool', { output_size: 7 });
  x = modules.add('Flatten', [x], 'flatten');
  for (const [linear, relu, dropout] of [
    [0, 1, 2],
    [3, 4, 5],
  ] as const) {
    x = modules.relu(modules.linear(x, `classifier.${linear}`, 4096), `classifier.${relu}`);
    x = modules.dropout(x, `classifier.${dropout}`, 0.5);
  }
  return modules.linear(x, 'classifier.6', classes, classifierActivation);
}

interface Variant {
  readonly model: string;
  readonly depths: readonly number[];
  readonly parameters: number;
  readonly publishedTop1: number;
  readonly file: string;
}

const entry = ({ depths, ...facts }: Variant): ZooEntry =>
  torchvisionEntry({
    ...facts,
    family: 'VGG',
    features: (modules, input) => features(modules, input, depths, facts.model.endsWith('_bn')),
    top,
  });

const [ELEVEN, THIRTEEN, SIXTEEN, NINETEEN] = [
  [1, 1, 2, 2, 2],
  [2, 2, 2, 2, 2],
  [2, 2, 3, 3, 3],
  [2, 2, 4, 4, 4],
] as const;

export const torchvisionVgg: readonly ZooEntry[] = [
  entry({
    ...{ model: 'vgg11', depths: ELEVEN, parameters: 132_863_336 },
    ...{ publishedTop1: 69.02, file: 'vgg11-8a719046.pth' },
  }),
  entry({
    ...{ model: 'vgg13', depths: THIRTEEN, parameters: 133_047_848 },
    ...{ publishedTop1: 69.928, file: 'vgg13-19584684.pth' },
  }),
  entry({
    ...{ model: 'vgg16', depths: SIXTEEN, parameters: 138_357_544 },
    ...{ publishedTop1: 71.592, file: 'vgg16-397923af.pth' },
  }),
  entry({
    ...{ model: 'vgg19', depths: NINETEEN, parameters: 143_667_240 },
    ...{ publishedTop1: 72.376, file: 'vgg19-dcbb9e9d.pth' },
  }),
  entry({
    ...{ model: 'vgg11_bn', depths: ELEVEN, parameters: 132_874_344 },
    ...{ publishedTop1: 70.37, file: 'vgg11_bn-6002323d.pth' },
  }),
  entry({
    ...{ model: 'vgg13_bn', depths: THIRTEEN, parameters: 133_059_624 },
    ...{ publishedTop1: 71.586, file: 'vgg13_bn-abd245e5.pth' },
  }),
  entry({
    ...{ model: 'vgg16_bn', depths: SIXTEEN, parameters: 138_374_440 },
    ...{ publishedTop1: 73.36, file: 'vgg16_bn-6c64b313.pth' },
  }),
  entry({
    ...{ model: 'vgg19_bn', depths: NINETEEN, parameters: 143_689_256 },
    ...{ publishedTop1: 74.218, file: 'vgg19_bn-c79401a0.pth' },
  }),
];
