import { isRegression } from '../core/plan/objective';
import type { Augment, Data } from '../core/plan/trainingData';
import { Arrays } from './arrays';
import { AugmentedCopies, AugmentedEpoch } from './augmentedSamples';
import type { Dataset } from './dataset';
import { FinishingThreads } from './finishingThreads';
import { listImages, type ImageData, type ListedImages } from './listImages';
import { imageSizeOf, matchClasses, matchRows, type Classifier } from './match';
import { noteCounts, noteDuplicates, type DataNote } from './notes';
import { PixelSamples } from './pixelSamples';
import { stratifiedSplit } from './split';
import { trainingData, type Part, type TrainingData } from './trainingData';

export type { Part, TrainingData } from './trainingData';

/**
 * Opens a plan's data, checks it against the model it is to feed, and meets every bad file it can before training.
 * @param data with absolute paths
 * @param seed decides which samples are kept for validation, and how images are augmented
 * @throws Failure of kind `input`
 */
export function openData(
  data: Data,
  model: Classifier,
  seed: number,
  signal?: AbortSignal,
): Promise<TrainingData> {
  return data.kind === 'arrays' ? openArrays(data, model, seed) : openImages(data, model, seed, signal);
}

async function openImages(
  data: ImageData,
  model: Classifier,
  seed: number,
  signal?: AbortSignal,
): Promise<TrainingData> {
  const size = imageSizeOf(model.input, model.inputLayer, data.size);
  const { augment, preprocess } = data;
  const threads = new FinishingThreads({ size, preprocess, ...(augment && { augment }), seed });
  const { classes, train: listed, validation: held } = await listImages(data, model, size);
  const samplesOf = ({ labels, targets, source }: ListedImages) =>
    new PixelSamples({ classes, labels, ...(targets && { targets }) }, size, source, threads);
  const samples = samplesOf(listed);
  await listed.source.decodeAhead(signal);
  await held?.source.decodeAhead(signal);
  const { train, validation } = held
    ? { train: whole(samples), validation: whole(samplesOf(held)) }
    : split(samples, data.validation, seed);
  const filesOf = ({ source: { files } }: ListedImages, { indices }: Part) =>
    Array.from(indices, (index) => files[index]).filter((file) => file !== undefined);
  return trainingData({
    classes,
    validation,
    ...epochsOf(samples, train, augment),
    notes: [
      ...countsIn(classes, train),
      ...(await noteDuplicates(filesOf(listed, train), filesOf(held ?? listed, validation))),
    ],
  });
}

async function openArrays(
  data: Extract<Data, { kind: 'arrays' }>,
  model: Classifier,
  seed: number,
): Promise<TrainingData> {
  const open = async (x: string, y: string | undefined, part: 'train' | 'test') => {
    const arrays = await (y === undefined ? Arrays.openNpz(x, part, model) : Arrays.open(x, y, model));
    matchRows(arrays.shape, model.input, model.inputLayer, x);
    // An array need not hold a sample of every class; a label without a unit is an error.
    if (arrays.classes.length > model.classes) matchClasses(arrays.classes.length, model, y ?? x);
    return arrays;
  };
  const { validation: held } = data;
  const rows = await open(data.x, data.y, 'train');
  const count = isRegression(model.loss) ? 0 : model.classes;
  const classes = Array.from({ length: count }, (_, label) => String(label));
  const { train, validation } =
    typeof held === 'number'
      ? split(rows, held, seed)
      : {
          train: whole(rows),
          validation: whole(
            await (held === 'test' ? open(data.x, undefined, 'test') : open(held.x, held.y, 'train')),
          ),
        };
  return trainingData({
    classes,
    validation,
    trainAt: () => train,
    repeats: true,
    notes: countsIn(classes, train),
  });
}

/** The training samples of each epoch: the same ones, new draws of them, or their copies in turn. */
function epochsOf(
  samples: PixelSamples,
  train: Part,
  augment: Augment | undefined,
): Pick<TrainingData, 'trainAt' | 'repeats'> {
  if (!augment) return { trainAt: () => train, repeats: true };
  const { indices } = train;
  const { copies } = augment;
  if (copies === undefined) {
    return {
      trainAt: (epoch) => ({ dataset: new AugmentedEpoch(samples, epoch), indices }),
      repeats: false,
    };
  }
  const dataset = new AugmentedCopies(samples, copies);
  const copyAt = (epoch: number) => ((epoch - 1) % copies) * samples.samples;
  return {
    trainAt: (epoch) => ({ dataset, indices: indices.map((index) => index + copyAt(epoch)) }),
    repeats: true,
  };
}

function countsIn(classes: readonly string[], { dataset, indices }: Part): readonly DataNote[] {
  return noteCounts(
    classes,
    Array.from(indices, (index) => dataset.labels[index] ?? 0),
  );
}

function whole(dataset: Dataset): Part {
  return { dataset, indices: Uint32Array.from({ length: dataset.samples }, (_, index) => index) };
}

/** @param share of each class that is kept for validation */
function split(dataset: Dataset, share: unknown, seed: number): { train: Part; validation: Part } {
  const { train, validation } = stratifiedSplit(dataset.labels, typeof share === 'number' ? share : 0, seed);
  return { train: { dataset, indices: train }, validation: { dataset, indices: validation } };
}
