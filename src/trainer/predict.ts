import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { recogniseBackbone } from '../core/backbone/recognise';
import { Failure } from '../core/failure';
import type { Preprocess } from '../core/plan/plan';
import { concurrently } from '../data/concurrently';
import { decodeImage } from '../data/decodeImage';
import { imagesIn } from '../data/imageFiles';
import { imageSizeOf, matchRows, onlyInput } from '../data/match';
import { readNpy, writeNpy } from '../data/npy';
import { pixelWriter } from '../data/preprocess';
import { planOfRunAround } from '../runs/runAround';
import type { OperatedModel } from '../formats/operatedModel';
import { openWeights } from '../formats/weights';
import type { FromTrainer, Prediction, PredictRequest } from '../protocol/trainer';
import { chooseEngine } from './engines/choose';
import { openEngine } from './engines/engine';
import { engineNamed } from './engineNamed';
import { batchOfStates } from './carriedStates';
import { Executor, type Tensorlike } from './executor';
import { openComputable } from './computable';
import { t } from '../l10n/translate';

/** Samples at a time; more gains nothing on one thread and costs memory. */
const BATCH = 32;

/** What is to be predicted: names for people, and the numbers a batch at a time. */
interface Inputs {
  readonly names: readonly string[];
  read(start: number, end: number): Promise<Tensorlike>;
}

type Predictions = Extract<FromTrainer, { type: 'predictions' }>;

/**
 * Predicts. An array is fed as it is; images are preprocessed as the plan of the run says where the model is a run's
 * result (`<run>/model/…`), else as the published weights of the architecture that it begins with expect it; where that is
 * not known either, their pixels are fed as 0…255 (`none`).
 * @throws Failure
 */
export async function predict(request: PredictRequest, stop: AbortSignal): Promise<Predictions> {
  refuseOverwriting(request);
  const engine = engineNamed(request.engine ?? 'auto');
  const model = await openComputable(request.model, request.recipe);
  const inputs = await openInputs(request, model);
  const choice = await chooseEngine({ engine, allowCpu: request.allowCpu === true }, stop);
  await openEngine(choice.engine, choice.installation);
  const weights = openWeights();
  const executor = await Executor.create(model.graph, (_, weight) => weights.read(weight)).finally(() =>
    weights.close(),
  );
  try {
    const batch = batchOfStates(model.graph) ?? BATCH;
    const outputs = await predictAll(executor, inputs, batch, stop);
    if (request.output !== undefined) await writeNpy(request.output, outputs.shape, outputs.data);
    return {
      type: 'predictions',
      shape: outputs.shape,
      predictions: outputs.shape.length === 2 ? topOf(outputs, inputs.names, request.top, model.labels) : [],
    };
  } finally {
    executor.dispose();
  }
}

async function predictAll(
  executor: Executor,
  inputs: Inputs,
  size: number,
  stop: AbortSignal,
): Promise<Tensorlike> {
  const count = inputs.names.length;
  let data = new Float32Array(0);
  let sample: readonly number[] = [];
  for (let start = 0; start < count; start += size) {
    await turn();
    stop.throwIfAborted();
    const batch = await inputs.read(start, Math.min(start + size, count));
    const [output] = await executor.predict([batch]);
    if (!output) throw new Failure('input', 'MODEL_ENDS', t('the model has no output, expected one'));
    if (start === 0) {
      sample = output.shape.slice(1);
      data = new Float32Array(count * sample.reduce((product, length) => product * length, 1));
    }
    data.set(output.data, (data.length / count) * start);
  }
  return { data, shape: [count, ...sample] };
}

async function openInputs(request: PredictRequest, model: OperatedModel): Promise<Inputs> {
  const input = onlyInput(model.graph, model.inference);
  if (typeof request.input === 'string' && path.extname(request.input).toLowerCase() === '.npy') {
    const found = await stat(request.input).catch(() => undefined);
    if (found?.isFile()) return openArray(request.input, input);
  }
  const files = typeof request.input === 'string' ? await imagesAt(request.input) : request.input;
  const plan = await planOfRunAround(request.model);
  const images = plan && 'preprocess' in plan.data ? plan.data : undefined;
  const preprocess = images?.preprocess ?? recogniseBackbone(model.graph)?.preprocess ?? 'none';
  return openImages(files, input, preprocess, images?.size);
}

async function imagesAt(input: string): Promise<readonly string[]> {
  const found = await stat(input).catch(() => undefined);
  if (!found) {
    const message = t('{0}: found nothing, expected a .npy file, an image or a folder of images', input);
    throw new Failure('input', 'INPUT_MISSING', message, { path: input });
  }
  const files = found.isDirectory() ? await imagesIn(input) : [input];
  if (files.length > 0) return files;
  const message = t('{0}: found no image in the folder, expected at least one', input);
  throw new Failure('input', 'DATA_EMPTY', message, { path: input });
}

async function openArray(
  file: string,
  input: { name: string; shape: readonly (number | null)[] },
): Promise<Inputs> {
  const array = await readNpy(file);
  const [rows = 0, ...sample] = array.shape;
  matchRows(sample, input.shape, input.name, file);
  if (rows === 0) {
    throw new Failure(
      'input',
      'DATA_EMPTY',
      t('{0}: found an array without a row, expected at least one', file),
      {
        path: file,
      },
    );
  }
  const size = sample.reduce((product, length) => product * length, 1);
  return {
    names: Array.from({ length: rows }, (_, row) => String(row)),
    read: async (start, end) => ({
      data: Float32Array.from(array.values.subarray(start * size, end * size)),
      shape: [end - start, ...sample],
    }),
  };
}

function openImages(
  files: readonly string[],
  input: { name: string; shape: readonly (number | null)[] },
  preprocess: Preprocess,
  planSize?: readonly [number, number],
): Inputs {
  // A fixed size of the model speaks for itself; the plan's is needed where the model takes any.
  const size = imageSizeOf(input.shape, input.name, input.shape.includes(null) ? planSize : undefined);
  const write = pixelWriter(preprocess, size.channels);
  const sample = size.height * size.width * size.channels;
  return {
    names: files,
    read: async (start, end) => {
      const data = new Float32Array((end - start) * sample);
      await concurrently(files.slice(start, end).entries(), BATCH, async ([position, file]) =>
        write(await decodeImage(file, size), data, position * sample),
      );
      return { data, shape: [end - start, size.height, size.width, size.channels] };
    },
  };
}

/** The highest scores of each row, with labels where the model has one a unit, else their indices. */
function topOf(
  { data, shape }: Tensorlike,
  names: readonly string[],
  top: number,
  labels: readonly string[] | undefined,
): readonly Prediction[] {
  const units = shape[1] ?? 0;
  const known = labels?.length === units ? labels : undefined;
  return names.map((input, row) => {
    const scores = data.subarray(row * units, (row + 1) * units);
    const order = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
    return {
      input,
      top: order
        .slice(0, top)
        .map((index) => ({ index, label: known?.[index] ?? String(index), score: scores[index] ?? 0 })),
    };
  });
}

/** What a user gave to read is never written to. */
function refuseOverwriting({ output, input, model, recipe }: PredictRequest): void {
  if (output === undefined) return;
  const read = [
    ...(typeof input === 'string' ? [input] : input),
    model,
    ...(recipe === undefined ? [] : [recipe]),
  ].map((file) => path.resolve(file));
  if (!read.includes(path.resolve(output))) return;
  throw new Failure(
    'usage',
    'OUTPUT_IS_INPUT',
    t('{0}: the output is a file that is read, expected another path', output),
    {
      path: output,
    },
  );
}
