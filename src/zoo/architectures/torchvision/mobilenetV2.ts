import type { ZooEntry } from '../../architecture';
import type { Tensor } from '../builder';
import { MOBILENET_V2_STAGES } from '../mobilenetV2';
import type { TorchModules } from './modules';
import { averagedTop, torchvisionEntry } from './torchvisionEntry';

const EXPANSION = 6;

function normRelu6(modules: TorchModules, x: Tensor, path: string): Tensor {
  return modules.add('ReLU', [modules.norm(x, `${path}.1`)], `${path}.2`, { max_value: 6 });
}

function block(
  modules: TorchModules,
  input: Tensor,
  filters: number,
  strides: number,
  index: number,
): Tensor {
  const channels = input.shape.at(-1)!;
  const expands = index > 1;
  const path = `features.${index}.conv`;
  const at = (part: number) => `${path}.${part + (expands ? 1 : 0)}`;
  let x = input;
  if (expands) x = normRelu6(modules, modules.conv(x, `${path}.0.0`, EXPANSION * channels, 1), `${path}.0`);
  x = normRelu6(modules, modules.depthwise(x, `${at(0)}.0`, 3, strides), at(0));
  x = modules.norm(modules.conv(x, at(1), filters, 1), at(2));
  return strides === 1 && channels === filters ? modules.add2(input, x, `features.${index}.add`) : x;
}

function features(modules: TorchModules, input: Tensor): Tensor {
  let x = normRelu6(modules, modules.conv(input, 'features.0.0', 32, 3, { strides: 2 }), 'features.0');
  let index = 1;
  for (const [filters, strides, repeats] of MOBILENET_V2_STAGES) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      x = block(modules, x, filters, repeat === 0 ? strides : 1, index++);
    }
  }
  return normRelu6(modules, modules.conv(x, `features.${index}.0`, 1280, 1), `features.${index}`);
}

export const torchvisionMobilenetV2: readonly ZooEntry[] = [
  torchvisionEntry({
    ...{ model: 'mobilenet_v2', family: 'MobileNetV2', parameters: 3_538_984 },
    ...{ publishedTop1: 72.154, file: 'mobilenet_v2-7ebf99e0.pth' },
    features,
    top: (modules, x, options) =>
      averagedTop(modules, x, options, 'classifier.1', { path: 'classifier.0', rate: 0.2 }),
  }),
];
