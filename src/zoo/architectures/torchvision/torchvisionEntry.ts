import type { PublishedWeights, ZooEntry } from '../../architecture';
import { GraphBuilder, type Tensor } from '../builder';
import { completeOptions, type BuildOptions } from '../options';
import { TorchModules, type Norm } from './modules';

/** What torchvision says of a model of its own, by its weights' `meta`. */
export interface TorchvisionModel {
  /** As torchvision exports it: `resnet50`. */
  readonly model: string;
  readonly family: string;
  readonly size?: number;
  /** Statistics counted too. */
  readonly parameters: number;
  /** The `acc@1` of the weights below. */
  readonly publishedTop1: number;
  /** Its name ends with the first digits of its SHA-256. */
  readonly file: string;
  readonly norm?: Norm;
  /** From the images to the last feature map. */
  features(modules: TorchModules, input: Tensor): Tensor;
  /** From there to the classes. */
  top(modules: TorchModules, features: Tensor, options: BuildOptions): Tensor;
}

const FOLDER = 'https://download.pytorch.org/models/';

const DEFAULT_SIZE = 224;

/** Every model here halves five times. */
const LEAST_SIZE = 32;

/** Keras has these architectures under like names; `torchvision-` tells them apart. */
export function torchvisionEntry(given: TorchvisionModel): ZooEntry {
  const { model, family, size = DEFAULT_SIZE, parameters, publishedTop1, file, norm } = given;
  const name = `torchvision-${model}`;
  return {
    ...{ name, family, parameters, publishedTop1 },
    source: 'torchvision',
    input: { size: [size, size], least: LEAST_SIZE },
    preprocess: 'torch',
    licence: 'BSD-3-Clause',
    weights: { top: published(file) },
    build(wanted = {}) {
      const sizes = { least: LEAST_SIZE, withTop: size, withoutTop: null };
      const options = completeOptions(name, sizes, wanted);
      const net = new GraphBuilder(model);
      const modules = new TorchModules(net, norm);
      const x = given.features(modules, net.input(options.input));
      return net.finish(options.includeTop ? given.top(modules, x, options) : pooled(modules, x, options));
    },
  };
}

function pooled(modules: TorchModules, x: Tensor, { pooling }: BuildOptions): Tensor {
  switch (pooling) {
    case 'avg':
      return modules.add('GlobalAveragePooling2D', [x], 'avgpool');
    case 'max':
      // ResNet's stem has a "maxpool" already.
      return modules.add('GlobalMaxPooling2D', [x], 'globalmaxpool');
    case null:
      return x;
  }
}

/** The top that most share: averages of the channels, perhaps dropped, into one layer. */
export function averagedTop(
  modules: TorchModules,
  features: Tensor,
  { classes, classifierActivation }: BuildOptions,
  linear: string,
  dropout?: { readonly path: string; readonly rate: number },
): Tensor {
  const x = modules.add('GlobalAveragePooling2D', [features], 'avgpool');
  const kept = dropout ? modules.dropout(x, dropout.path, dropout.rate) : x;
  return modules.linear(kept, linear, classes, classifierActivation);
}

function published(file: string): PublishedWeights {
  const digest = /-([0-9a-f]{8})\.pth$/.exec(file)?.[1];
  const hash = digest && ({ algorithm: 'sha256', digest, prefix: true } as const);
  return { url: `${FOLDER}${file}`, file, ...(hash && { hash }) };
}
