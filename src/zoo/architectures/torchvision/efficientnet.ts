import type { ZooEntry } from '../../architecture';
import type { Tensor } from '../builder';
import { nearestMultiple } from '../divisible';
import { EFFICIENTNET_STAGES, type EfficientNetStage } from '../efficientnet';
import type { Norm, TorchModules } from './modules';
import { averagedTop, torchvisionEntry } from './torchvisionEntry';

const STOCHASTIC_DEPTH = 0.2;

interface Variant {
  readonly model: string;
  readonly width: number;
  readonly depth: number;
  readonly size: number;
  readonly dropout: number;
  readonly norm?: Norm;
  readonly parameters: number;
  readonly publishedTop1: number;
  readonly file: string;
}

function normSilu(modules: TorchModules, x: Tensor, path: string): Tensor {
  return modules.add('Activation', [modules.norm(x, `${path}.1`)], `${path}.2`, { activation: 'silu' });
}

/** What each channel amounts to in the whole image says how much of it goes on. */
function squeezeExcite(modules: TorchModules, input: Tensor, reduced: number, path: string): Tensor {
  let x = modules.add('GlobalAveragePooling2D', [input], `${path}.avgpool`, { keepdims: true });
  x = modules.conv(x, `${path}.fc1`, reduced, 1, { bias: true });
  x = modules.add('Activation', [x], `${path}.activation`, { activation: 'silu' });
  x = modules.conv(x, `${path}.fc2`, input.shape.at(-1)!, 1, { bias: true });
  x = modules.add('Activation', [x], `${path}.scale_activation`, { activation: 'sigmoid' });
  return modules.add('Multiply', [input, x], `${path}.multiply`);
}

function block(
  modules: TorchModules,
  input: Tensor,
  { kernel, expansion, strides, filters }: Omit<EfficientNetStage, 'repeats'>,
  rate: number,
  path: string,
): Tensor {
  const channels = input.shape.at(-1)!;
  let part = 0;
  const next = () => `${path}.block.${part++}`;
  let x = input;
  if (expansion > 1) {
    const expand = next();
    const wide = nearestMultiple(channels * expansion);
    x = normSilu(modules, modules.conv(x, `${expand}.0`, wide, 1), expand);
  }
  const depthwise = next();
  x = normSilu(modules, modules.depthwise(x, `${depthwise}.0`, kernel, strides), depthwise);
  x = squeezeExcite(modules, x, Math.max(1, Math.floor(channels / 4)), next());
  const project = next();
  x = modules.norm(modules.conv(x, `${project}.0`, filters, 1), `${project}.1`);
  if (strides > 1 || channels !== filters) return x;
  if (rate > 0) {
    x = modules.add('Dropout', [x], `${path}.stochastic_depth`, { rate, noise_shape: [null, 1, 1, 1] });
  }
  return modules.add2(x, input, `${path}.add`);
}

function features(modules: TorchModules, input: Tensor, { width, depth }: Variant): Tensor {
  const filtersOf = (filters: number) => nearestMultiple(filters * width);
  const repeatsOf = (repeats: number) => Math.ceil(repeats * depth);
  const blocks = EFFICIENTNET_STAGES.reduce((sum, { repeats }) => sum + repeatsOf(repeats), 0);

  let x = modules.conv(input, 'features.0.0', filtersOf(32), 3, { strides: 2 });
  x = normSilu(modules, x, 'features.0');
  let count = 0;
  for (const [at, stage] of EFFICIENTNET_STAGES.entries()) {
    for (let repeat = 0; repeat < repeatsOf(stage.repeats); repeat++) {
      const strides = repeat === 0 ? stage.strides : 1;
      const given = { ...stage, strides, filters: filtersOf(stage.filters) };
      x = block(modules, x, given, (STOCHASTIC_DEPTH * count++) / blocks, `features.${at + 1}.${repeat}`);
    }
  }
  const last = `features.${EFFICIENTNET_STAGES.length + 1}`;
  return normSilu(modules, modules.conv(x, `${last}.0`, 4 * x.shape.at(-1)!, 1), last);
}

function entry(variant: Variant): ZooEntry {
  const { model, size, norm, parameters, publishedTop1, file, dropout: rate } = variant;
  return torchvisionEntry({
    ...{ model, size, parameters, publishedTop1, file },
    ...(norm && { norm }),
    family: 'EfficientNet',
    features: (modules, input) => features(modules, input, variant),
    top: (modules, x, options) =>
      averagedTop(modules, x, options, 'classifier.1', { path: 'classifier.0', rate }),
  });
}

/** B5 to B7 keep TensorFlow's. */
const LARGE: Norm = { epsilon: 1e-3, momentum: 0.99 };

export const torchvisionEfficientnet: readonly ZooEntry[] = [
  entry({
    ...{ model: 'efficientnet_b0', width: 1, depth: 1, size: 224, dropout: 0.2 },
    ...{ parameters: 5_330_564, publishedTop1: 77.692, file: 'efficientnet_b0_rwightman-7f5810bc.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b1', width: 1, depth: 1.1, size: 240, dropout: 0.2 },
    ...{ parameters: 7_856_232, publishedTop1: 79.838, file: 'efficientnet_b1-c27df63c.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b2', width: 1.1, depth: 1.2, size: 288, dropout: 0.3 },
    ...{ parameters: 9_177_562, publishedTop1: 80.608, file: 'efficientnet_b2_rwightman-c35c1473.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b3', width: 1.2, depth: 1.4, size: 300, dropout: 0.3 },
    ...{ parameters: 12_320_528, publishedTop1: 82.008, file: 'efficientnet_b3_rwightman-b3899882.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b4', width: 1.4, depth: 1.8, size: 380, dropout: 0.4 },
    ...{ parameters: 19_466_816, publishedTop1: 83.384, file: 'efficientnet_b4_rwightman-23ab8bcd.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b5', width: 1.6, depth: 2.2, size: 456, dropout: 0.4, norm: LARGE },
    ...{ parameters: 30_562_520, publishedTop1: 83.444, file: 'efficientnet_b5_lukemelas-1a07897c.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b6', width: 1.8, depth: 2.6, size: 528, dropout: 0.5, norm: LARGE },
    ...{ parameters: 43_265_136, publishedTop1: 84.008, file: 'efficientnet_b6_lukemelas-24a108a5.pth' },
  }),
  entry({
    ...{ model: 'efficientnet_b7', width: 2, depth: 3.1, size: 600, dropout: 0.5, norm: LARGE },
    ...{ parameters: 66_658_680, publishedTop1: 84.122, file: 'efficientnet_b7_lukemelas-c5b4e57e.pth' },
  }),
];
