import path from 'node:path';
import type { ZooEntry, ZooOptions } from '../../src/zoo/architecture';
import type { ImageSize, Told } from './zooAnswers';

/** Unlike sides, one of them odd: padding depends on both. Every architecture takes them. */
const SMALL: ImageSize = [96, 80];
const ODD: ImageSize = [101, 117];

/** One file of weights that the framework saves, and what is asked of the model with them. */
export interface Trial {
  /** For test/parity/zoo.py and zoo_torchvision.py. */
  readonly question: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly sizes: readonly ImageSize[];
  };
  readonly weights: string;
  readonly checks: readonly Check[];
}

export interface Check {
  readonly options: ZooOptions & { readonly inputSize: ImageSize };
  readonly told: Told;
}

/**
 * How an entry is held to its framework: with the classifier at two sizes, told before the softmax, which makes all classes
 * alike; without it, the last feature map, where that is another thing than less of the same.
 */
export function trialsOf(entry: ZooEntry, folder: string): readonly Trial[] {
  if (entry.source === 'torchvision') return [torchvisionTrial(entry, folder, [SMALL, ODD])];
  const trial = (top: boolean, sizes: readonly ImageSize[]) => kerasTrial(entry, folder, top, sizes);
  switch (entry.family) {
    // What its top reads is as large as the image: the published one is of one size.
    case 'VGG':
      return [trial(true, [entry.input.size]), trial(false, [SMALL, ODD])];
    // Scales once more for the published weights.
    case 'EfficientNet':
      return [trial(true, [SMALL]), trial(false, [SMALL, ODD])];
    default:
      return [trial(true, [SMALL, ODD])];
  }
}

export function kerasTrial(
  entry: ZooEntry,
  folder: string,
  top: boolean,
  sizes: readonly ImageSize[],
): Trial {
  const { name, family } = entry;
  // The one family that is another with published weights; Keras refuses these of other sizes with the top.
  const pretrained = family === 'EfficientNet' && !top;
  const head = top ? { classifier_activation: null } : {};
  const options = { include_top: top, weights: pretrained ? 'imagenet' : null, ...head };
  return {
    question: { name, sizes, range: rangeOf(entry), options },
    weights: path.join(folder, `${name}.h5`),
    checks: sizes.map((inputSize) => ({
      options: { includeTop: top, inputSize, pretrained, ...(top && { classifierActivation: null }) },
      told: toldOf(folder, name, inputSize, 'y'),
    })),
  };
}

/** @param whole with the classifier; else the state dict has none, and the last feature map alone is compared */
export function torchvisionTrial(
  entry: ZooEntry,
  folder: string,
  sizes: readonly ImageSize[],
  whole = true,
): Trial {
  const name = entry.name.replace('torchvision-', '');
  const withTop = (inputSize: ImageSize): Check => ({
    options: { inputSize, classifierActivation: null },
    told: toldOf(folder, name, inputSize, 'y'),
  });
  const withoutTop = (inputSize: ImageSize): Check => ({
    options: { includeTop: false, inputSize },
    told: toldOf(folder, name, inputSize, 'features'),
  });
  return {
    question: { name, sizes, range: rangeOf(entry), whole },
    weights: path.join(folder, `${name}.pth`),
    checks: whole ? [...sizes.map(withTop), ...sizes.slice(-1).map(withoutTop)] : sizes.map(withoutTop),
  };
}

/** Of what comes in: 0–255 where the model begins with its own scaling. */
const rangeOf = ({ preprocess }: ZooEntry) => (preprocess === 'none' ? [0, 255] : [-1, 1]);

function toldOf(folder: string, name: string, [height, width]: ImageSize, what: string): Told {
  const stem = path.join(folder, `${name}-${height}x${width}`);
  return { images: `${stem}.x.npy`, outputs: `${stem}.${what}.npy` };
}
