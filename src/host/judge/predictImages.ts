import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure';
import { imagesIn } from '../../data/imageFiles';
import {
  LARGEST_DROPPED,
  MOST_PREDICTED,
  type DroppedImage,
  type PredictedImage,
} from '../../protocol/judging';
import type { FromTrainer, Prediction } from '../../protocol/trainer';
import type { StartTrainer } from './startTrainer';

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
  throw new Failure('input', 'DATA_EMPTY', 'found no image there, expected at least one');
}

/** Where what was dropped is: images that came without a place of their own are put in the system's folder for such. */
export async function placesOf(dropped: readonly DroppedImage[]): Promise<readonly string[]> {
  let folder: string | undefined;
  const places: string[] = [];
  for (const [index, image] of dropped.slice(0, MOST_PREDICTED).entries()) {
    if ('uri' in image) {
      places.push(placeOf(image.uri));
      continue;
    }
    const bytes = new Uint8Array(image.bytes);
    const name = path.basename(image.name);
    if (bytes.length > LARGEST_DROPPED) {
      const message = `${name}: found ${bytes.length} bytes, expected at most ${LARGEST_DROPPED} of a dropped image; choose the file instead`;
      throw new Failure('input', 'IMAGE_TOO_LARGE', message);
    }
    folder ??= await mkdtemp(path.join(tmpdir(), 'model-surgery-'));
    const place = path.join(folder, `${index}-${name}`);
    await writeFile(place, bytes);
    places.push(place);
  }
  return places;
}

function placeOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    const message = `${uri}: found an address of no file on this machine, expected file:///…; save it there first`;
    throw new Failure('input', 'IMAGE_ELSEWHERE', message, { cause });
  }
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
      message = 'the trainer ended without an answer',
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
