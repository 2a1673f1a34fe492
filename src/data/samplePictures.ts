import type { Data } from '../core/plan/trainingData';
import { Failure } from '../core/failure';
import { showShape } from '../core/layers/kind';
import type { Dataset } from './dataset';
import { pngOf } from './decodeImage';
import { listImages } from './listImages';
import { imageSizeOf, type Classifier } from './match';
import { openData } from './openData';
import type { Pixels } from './pixels';
import { t } from '../l10n/translate';

/**
 * Pictures of samples by their numbers in the data that a plan holds out, or that it is a part of. No image is decoded but
 * those that are asked for.
 *
 * @param sample of the held-out part's dataset
 * @param side pixels of the longer side
 * @returns PNG
 * @throws Failure of kind `input` where a sample is no picture or cannot be read
 */
export type SamplePictures = (sample: number, side: number) => Promise<Uint8Array>;

/** @throws Failure of kind `input` as `openData` */
export async function openSamplePictures(
  data: Data,
  model: Classifier,
  seed: number,
): Promise<SamplePictures> {
  if (data.kind === 'arrays') {
    const { validation } = await openData(data, model, seed);
    return async (sample, side) => pngOf(await pixelsIn(validation.dataset, sample), side);
  }
  const size = imageSizeOf(model.input, model.inputLayer, data.size);
  const { train, validation } = await listImages(data, model, size);
  const { labels, source } = validation ?? train;
  return async (sample, side) => {
    refuseStrange(sample, labels.length);
    return pngOf(source.files[sample] ?? (await source.pixels(sample)), side);
  };
}

/** Numbers as they are fed may be of any range: the smallest becomes black, the largest white. */
async function pixelsIn(dataset: Dataset, sample: number): Promise<Pixels> {
  refuseStrange(sample, dataset.samples);
  const { shape } = dataset;
  const [height = 0, width = 0, channels = 1] = shape;
  if ((shape.length !== 2 && shape.length !== 3) || (channels !== 1 && channels !== 3)) {
    const message = t(
      'found samples of shape {0}, expected (height, width, 1 or 3) to see them as pictures',
      showShape(shape),
    );
    throw new Failure('input', 'NO_PICTURE', message);
  }
  const values = new Float32Array(height * width * channels);
  await dataset.fill(Uint32Array.of(sample), values);
  const finite = values.filter(Number.isFinite);
  const least = finite.reduce((low, value) => Math.min(low, value), Infinity);
  const range = finite.reduce((high, value) => Math.max(high, value), -Infinity) - least;
  const data = Uint8Array.from(values, (value) =>
    range > 0 ? Math.round((255 * (value - least)) / range) : 0,
  );
  return { data, height, width, channels };
}

function refuseStrange(sample: number, samples: number): void {
  if (sample < samples) return;
  const message = t(
    'found {0} samples, expected one with the number {1}: the data has changed since the run was judged; judge it again',
    samples,
    sample,
  );
  throw new Failure('input', 'NO_SAMPLE', message);
}
