import type { ZooEntry } from '../../architecture';
import type { Tensor } from '../builder';
import type { TorchModules } from './modules';
import { averagedTop, torchvisionEntry } from './torchvisionEntry';

/** Huang et al. 2016, https://arxiv.org/abs/1608.06993. */
interface Variant {
  readonly model: string;
  /** Channels that each layer adds. */
  readonly growth: number;
  readonly depths: readonly number[];
  readonly parameters: number;
  readonly publishedTop1: number;
  readonly file: string;
}

/** Each layer of a dense block sees all before it and adds its few channels to them. */
function denseLayer(modules: TorchModules, input: Tensor, growth: number, path: string): Tensor {
  let x = modules.relu(modules.norm(input, `${path}.norm1`), `${path}.relu1`);
  x = modules.norm(modules.conv(x, `${path}.conv1`, 4 * growth, 1), `${path}.norm2`);
  x = modules.conv(modules.relu(x, `${path}.relu2`), `${path}.conv2`, growth, 3);
  return modules.add('Concatenate', [input, x], `${path}.concat`, { axis: 3 });
}

/** Half the channels, half the size. */
function transition(modules: TorchModules, input: Tensor, path: string): Tensor {
  const x = modules.relu(modules.norm(input, `${path}.norm`), `${path}.relu`);
  const half = modules.conv(x, `${path}.conv`, Math.floor(x.shape.at(-1)! / 2), 1);
  return modules.add('AveragePooling2D', [half], `${path}.pool`, { pool_size: 2, strides: 2 });
}

function features(modules: TorchModules, input: Tensor, { growth, depths }: Variant): Tensor {
  let x = modules.conv(input, 'features.conv0', 2 * growth, 7, { strides: 2 });
  x = modules.rimmedMax(modules.relu(modules.norm(x, 'features.norm0'), 'features.relu0'), 'features.pool0');
  for (const [at, depth] of depths.entries()) {
    if (at > 0) x = transition(modules, x, `features.transition${at}`);
    for (let layer = 1; layer <= depth; layer++) {
      x = denseLayer(modules, x, growth, `features.denseblock${at + 1}.denselayer${layer}`);
    }
  }
  return modules.relu(modules.norm(x, 'features.norm5'), 'features.relu5');
}

function entry(variant: Variant): ZooEntry {
  const { model, parameters, publishedTop1, file } = variant;
  return torchvisionEntry({
    ...{ model, parameters, publishedTop1, file },
    family: 'DenseNet',
    features: (modules, input) => features(modules, input, variant),
    top: (modules, x, options) => averagedTop(modules, x, options, 'classifier'),
  });
}

export const torchvisionDensenet: readonly ZooEntry[] = [
  entry({
    ...{ model: 'densenet121', growth: 32, depths: [6, 12, 24, 16], parameters: 8_062_504 },
    ...{ publishedTop1: 74.434, file: 'densenet121-a639ec97.pth' },
  }),
  entry({
    ...{ model: 'densenet161', growth: 48, depths: [6, 12, 36, 24], parameters: 28_900_936 },
    ...{ publishedTop1: 77.138, file: 'densenet161-8d451a50.pth' },
  }),
  entry({
    ...{ model: 'densenet169', growth: 32, depths: [6, 12, 32, 32], parameters: 14_307_880 },
    ...{ publishedTop1: 75.6, file: 'densenet169-b2777c0a.pth' },
  }),
  entry({
    ...{ model: 'densenet201', growth: 32, depths: [6, 12, 48, 32], parameters: 20_242_984 },
    ...{ publishedTop1: 76.896, file: 'densenet201-c1103571.pth' },
  }),
];
