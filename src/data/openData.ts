import { Failure } from '../core/failure';
import type { Data } from '../core/plan/plan';
import { Arrays } from './arrays';
import type { Dataset } from './dataset';
import { ImageFolder } from './imageFolder';
import { listImageFolder } from './imageListing';
import { imageSizeOf, matchClasses, matchRows, type Classifier } from './match';
import { PixelCache } from './pixelCache';
import { stratifiedSplit } from './split';

/** Some samples of a dataset. */
export interface Part {
  readonly dataset: Dataset;
  /** Indices of its samples, in the order of the dataset. */
  readonly indices: Uint32Array;
}

export interface TrainingData {
  readonly classes: readonly string[];
  readonly train: Part;
  /** May be empty. */
  readonly validation: Part;
}

/**
 * Opens a plan's data, checks it against the model it is to feed, and meets every bad file it can before training.
 * @param data with absolute paths
 * @param seed decides which samples are kept for validation
 * @throws Failure of kind `input`
 */
export function openData(
  data: Data,
  model: Classifier,
  seed: number,
  signal?: AbortSignal,
): Promise<TrainingData> {
  return data.kind === 'images' ? openImages(data, model, seed, signal) : openArrays(data, model, seed);
}

async function openImages(
  data: Extract<Data, { kind: 'images' }>,
  model: Classifier,
  seed: number,
  signal?: AbortSignal,
): Promise<TrainingData> {
  const size = imageSizeOf(model.input, model.inputLayer, data.size);
  const cache = new PixelCache();
  const open = async (folder: string) => {
    const listing = await listImageFolder(folder);
    matchClasses(listing.classes.length, model, folder);
    return new ImageFolder(listing, size, data.preprocess, cache);
  };
  const train = await open(data.train);
  if (typeof data.validation === 'number') {
    await train.decodeAhead(signal);
    return split(train, data.validation, seed);
  }
  const validation = await open(data.validation);
  const strange = validation.classes.findIndex((name, label) => name !== train.classes[label]);
  if (strange >= 0) {
    throw new Failure(
      'input',
      'DATA_VALIDATION_CLASSES',
      `${data.validation}: found the class "${validation.classes[strange]}" as number ${strange}, expected ` +
        `"${train.classes[strange]}" as in ${data.train}; name the class folders alike`,
      { path: data.validation },
    );
  }
  await train.decodeAhead(signal);
  await validation.decodeAhead(signal);
  return { classes: train.classes, train: whole(train), validation: whole(validation) };
}

async function openArrays(
  data: Extract<Data, { kind: 'arrays' }>,
  model: Classifier,
  seed: number,
): Promise<TrainingData> {
  const open = async (x: string, y: string) => {
    const arrays = await Arrays.open(x, y);
    matchRows(arrays.shape, model.input, model.inputLayer, x);
    // An array need not hold a sample of every class; a label without a unit is an error.
    if (arrays.classes.length > model.units) matchClasses(arrays.classes.length, model, y);
    return arrays;
  };
  const train = await open(data.x, data.y);
  const classes = Array.from({ length: model.units }, (_, label) => String(label));
  if (typeof data.validation === 'number') return { ...split(train, data.validation, seed), classes };
  const validation = await open(data.validation.x, data.validation.y);
  return { classes, train: whole(train), validation: whole(validation) };
}

function whole(dataset: Dataset): Part {
  return { dataset, indices: Uint32Array.from({ length: dataset.samples }, (_, index) => index) };
}

function split(dataset: Dataset, fraction: number, seed: number): TrainingData {
  const { train, validation } = stratifiedSplit(dataset.labels, fraction, seed);
  return {
    classes: dataset.classes,
    train: { dataset, indices: train },
    validation: { dataset, indices: validation },
  };
}
