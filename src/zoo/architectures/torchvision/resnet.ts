import type { ZooEntry } from '../../architecture';
import type { Tensor } from '../builder';
import type { TorchModules } from './modules';
import { averagedTop, torchvisionEntry } from './torchvisionEntry';

/** He et al. 2015, https://arxiv.org/abs/1512.03385; a bottleneck strides in its 3×3 convolution. */
const FILTERS = [64, 128, 256, 512];

type Block = (modules: TorchModules, input: Tensor, filters: number, strides: number, path: string) => Tensor;

/** Its shortcut is projected where the shape changes. */
function shortcut(
  modules: TorchModules,
  input: Tensor,
  filters: number,
  strides: number,
  path: string,
): Tensor {
  if (strides === 1 && input.shape.at(-1) === filters) return input;
  const x = modules.conv(input, `${path}.downsample.0`, filters, 1, { strides });
  return modules.norm(x, `${path}.downsample.1`);
}

const basic: Block = (modules, input, filters, strides, path) => {
  let x = modules.norm(modules.conv(input, `${path}.conv1`, filters, 3, { strides }), `${path}.bn1`);
  x = modules.relu(x, `${path}.relu1`);
  x = modules.norm(modules.conv(x, `${path}.conv2`, filters, 3), `${path}.bn2`);
  const sum = modules.add2(x, shortcut(modules, input, filters, strides, path), `${path}.add`);
  return modules.relu(sum, `${path}.relu2`);
};

const bottleneck: Block = (modules, input, filters, strides, path) => {
  let x = modules.norm(modules.conv(input, `${path}.conv1`, filters, 1), `${path}.bn1`);
  x = modules.relu(x, `${path}.relu1`);
  x = modules.norm(modules.conv(x, `${path}.conv2`, filters, 3, { strides }), `${path}.bn2`);
  x = modules.relu(x, `${path}.relu2`);
  x = modules.norm(modules.conv(x, `${path}.conv3`, 4 * filters, 1), `${path}.bn3`);
  const sum = modules.add2(x, shortcut(modules, input, 4 * filters, strides, path), `${path}.add`);
  return modules.relu(sum, `${path}.relu3`);
};

function features(modules: TorchModules, input: Tensor, block: Block, depths: readonly number[]): Tensor {
  let x = modules.norm(modules.conv(input, 'conv1', 64, 7, { strides: 2 }), 'bn1');
  x = modules.rimmedMax(modules.relu(x, 'relu'), 'maxpool');
  for (const [at, depth] of depths.entries()) {
    for (let index = 0; index < depth; index++) {
      const strides = at > 0 && index === 0 ? 2 : 1;
      x = block(modules, x, FILTERS[at]!, strides, `layer${at + 1}.${index}`);
    }
  }
  return x;
}

interface Variant {
  readonly model: string;
  readonly block: Block;
  readonly depths: readonly number[];
  readonly parameters: number;
  readonly publishedTop1: number;
  readonly file: string;
}

const entry = ({ block, depths, ...facts }: Variant): ZooEntry =>
  torchvisionEntry({
    ...facts,
    family: 'ResNet',
    features: (modules, input) => features(modules, input, block, depths),
    top: (modules, x, options) => averagedTop(modules, x, options, 'fc'),
  });

export const torchvisionResnet: readonly ZooEntry[] = [
  entry({
    ...{ model: 'resnet18', block: basic, depths: [2, 2, 2, 2], parameters: 11_699_112 },
    ...{ publishedTop1: 69.758, file: 'resnet18-f37072fd.pth' },
  }),
  entry({
    ...{ model: 'resnet34', block: basic, depths: [3, 4, 6, 3], parameters: 21_814_696 },
    ...{ publishedTop1: 73.314, file: 'resnet34-b627a593.pth' },
  }),
  entry({
    ...{ model: 'resnet50', block: bottleneck, depths: [3, 4, 6, 3], parameters: 25_610_152 },
    ...{ publishedTop1: 80.858, file: 'resnet50-11ad3fa6.pth' },
  }),
  entry({
    ...{ model: 'resnet101', block: bottleneck, depths: [3, 4, 23, 3], parameters: 44_654_504 },
    ...{ publishedTop1: 81.886, file: 'resnet101-cd907fc2.pth' },
  }),
  entry({
    ...{ model: 'resnet152', block: bottleneck, depths: [3, 8, 36, 3], parameters: 60_344_232 },
    ...{ publishedTop1: 82.284, file: 'resnet152-f82ba261.pth' },
  }),
];
