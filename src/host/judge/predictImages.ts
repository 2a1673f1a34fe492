import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { imagesIn } from '../../data/imageFiles';
import type { PredictedImage } from '../../protocol/judging';
import type { FromTrainer, Prediction } from '../../protocol/trainer';
import type { StartTrainer } from './startTrainer';
import { t } from '../../l10n/translate';

/** How many classes are shown beside a picture. */
const TOP = 5;

/** What of the run says how its model's numbers are read. */
export interface Reading {
  readonly model: string;
  /** Of the run's data, where it has any. */
  readonly classes: readonly string[];
  /** Whether the model puts out what a softmax or a sigmoid is still to be taken of. */
  readonly fromLogits: boolean;
}

/** Paths of files and folders as the images they stand for. @throws Failure of kind `input` where there is none */
export async function imagesOf(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (file) => ((await stat(file)).isDirectory() ? imagesIn(file) : [file])),
  );
  const images = found.flat();
  if (images.length > 0) return images;
  throw new Failure('input', 'DATA_EMPTY', t('found no image there, expected at least one'));
}

/** @throws Failure as the trainer's `predict` */
export async function predictImages(
  images: readonly string[],
  { model, classes, fromLogits }: Reading,
  start: StartTrainer,
): Promise<readonly PredictedImage[]> {
  const top = fromLogits ? Math.max(classes.length, TOP) : TOP;
  const trainer = await start({ type: 'predict', model, input: images, top });
  let answer: Extract<FromTrainer, { type: 'predictions' | 'failed' }> | undefined;
  trainer.onMessage((message) => {
    if (message.type === 'predictions' || message.type === 'failed') answer = message;
  });
  await trainer.exited;
  if (answer?.type !== 'predictions') {
    const {
      kind = 'work',
      code = 'TRAINER_DIED',
      message = t('the trainer ended without an answer'),
    } = answer ?? {};
    throw new Failure(kind, code, message);
  }
  return answer.predictions.map((prediction) => ({
    file: prediction.input,
    name: path.basename(prediction.input),
    top: readTop(prediction.top, classes, fromLogits),
  }));
}

type Top = Prediction['top'];

/** One number for two classes is how sure the model is of the second. */
function readTop(top: Top, classes: readonly string[], fromLogits: boolean): PredictedImage['top'] {
  const [only] = top;
  const nameOf = (index: number, label: string) => classes[index] ?? label;
  if (top.length === 1 && only && classes.length === 2) {
    const second = fromLogits ? 1 / (1 + Math.exp(-only.score)) : only.score;
    return [1 - second, second]
      .map((score, index) => ({ label: nameOf(index, String(index)), score }))
      .sort((a, b) => b.score - a.score);
  }
  const highest = only?.score ?? 0;
  const whole = top.reduce((sum, { score }) => sum + Math.exp(score - highest), 0);
  return top.slice(0, TOP).map(({ index, label, score }) => ({
    label: nameOf(index, label),
    score: fromLogits ? Math.exp(score - highest) / whole : score,
  }));
}
