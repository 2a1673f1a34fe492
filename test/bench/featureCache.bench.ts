import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { RunEvent } from '../../src/core/run/events';
import type { PlanInput } from '../../src/core/plan/plan';
import { randomFrom } from '../support/randomNumbers';

export default 'featureCache';
export const needsPython = true;

/** Where `bench` and `setup` keep things; benches run from the repository. */
const CACHE = path.resolve('.cache');
const PYTHON = process.env.MODEL_SURGERY_PYTHON ?? path.join(CACHE, 'python/bin/python');
const SCRIPT = path.resolve('test/bench/featureCache.py');
const MODEL = path.join(CACHE, 'bench/models/mobilenet-head.h5');
const IMAGES = path.join(CACHE, 'bench/jpegs-512');
const COUNT = 512;
const CLASSES = 5;
const EPOCHS = 10;

/** Of the larger images that pictures are cut from; they are 256 wide, as photographs are after their first shrinking. */
const COARSE = 24;
const SIDE = 256;

/** Ten epochs of a new head on a frozen MobileNetV2, 512 JPEGs: Keras's fit, and ours from the command line to its end. */
export async function run(): Promise<Record<string, number>> {
  await makeImages();
  if (!existsSync(MODEL)) {
    await mkdir(path.dirname(MODEL), { recursive: true });
    await python('make', MODEL);
  }
  const keras = JSON.parse(await python('fit', MODEL, IMAGES, String(EPOCHS))) as Record<
    'import' | 'load' | 'fit',
    number
  >;
  const figures: Record<string, number> = {
    'Keras import s': keras.import,
    'Keras load s': keras.load,
    'Keras fit s': keras.fit,
  };
  const engines = path.join(CACHE, 'engines');
  const folder = await mkdtemp(path.join(CACHE, 'bench/features-'));
  try {
    for (const [name, engine, home] of [
      ['default', 'auto', path.join(folder, 'none')],
      ['tensorflow', 'tensorflow', engines],
    ] as const) {
      if (!existsSync(home) && name === 'tensorflow') {
        throw new Error(
          `no engine in ${home}: model-surgery engines install tensorflow --tensorflow ${PYTHON}`,
        );
      }
      const environment = { MODEL_SURGERY_ENGINES: home, MODEL_SURGERY_CACHE: path.join(folder, name) };
      for (const again of ['', ' again']) {
        const parts = await train(folder, engine, environment);
        for (const [part, seconds] of Object.entries(parts)) figures[`${name}${again} ${part} s`] = seconds;
        figures[`Keras fit ÷ ${name}${again}`] = keras.fit / parts.whole!;
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return figures;
}

/** The real command line, from its start to its exit; what the parts took, in seconds. */
async function train(
  folder: string,
  engine: string,
  environment: Readonly<Record<string, string>>,
): Promise<Record<string, number>> {
  const plan: PlanInput = {
    version: 1,
    model: MODEL,
    data: { kind: 'images', train: IMAGES, validation: 0, preprocess: 'tf' },
    phases: [
      {
        epochs: EPOCHS,
        optimizer: { kind: 'adam', learningRate: 1e-3 },
        freeze: [{ match: { all: true } }, { match: { names: ['predictions'] }, trainable: true }],
      },
    ],
    batchSize: 16,
    out: path.join(folder, 'runs'),
  };
  const file = path.join(folder, 'bench.plan.json');
  await writeFile(file, JSON.stringify(plan));
  const began = Date.now();
  const child = spawn(
    process.execPath,
    [path.resolve('dist/cli.js'), 'train', file, '--engine', engine, '--allow-cpu', '--json'],
    {
      env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const times: Partial<Record<RunEvent['type'], number>> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as RunEvent | { readonly type?: undefined; readonly error: unknown };
    if (event.type === undefined) throw new Error(JSON.stringify(event.error));
    if (event.type === 'warning') console.log(`  ${event.code}: ${event.message}`);
    if (event.type === 'features' && event.kept)
      console.log(`  ${event.kept.computed} computed by ${event.kept.by}`);
    times[event.type] = event.time;
  }
  if ((await exited) !== 0) throw new Error('the command line did not finish');
  const seconds = (from: number, to = Date.now()) => (to - from) / 1000;
  return {
    'start and decode': seconds(began, times.start),
    prefix: seconds(times.start ?? NaN, times.features),
    epochs: seconds(times.features ?? NaN, times.epoch),
    end: seconds(times.epoch ?? NaN),
    whole: seconds(began),
  };
}

/** Keras with the kernels that it takes by itself. */
async function python(...given: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(PYTHON, [SCRIPT, ...given], {
    env: {
      ...process.env,
      KERAS_BACKEND: 'tensorflow',
      TF_CPP_MIN_LOG_LEVEL: '3',
      CUDA_VISIBLE_DEVICES: '-1',
    },
    maxBuffer: 2 ** 24,
  });
  return stdout.trim().split('\n').at(-1) ?? '';
}

/** Clouds of colour, each class of its own seed: JPEGs that take as long to decode as photographs of their size. */
async function makeImages(): Promise<void> {
  if (existsSync(IMAGES)) return;
  const beside = `${IMAGES}.part`;
  await rm(beside, { recursive: true, force: true });
  for (let index = 0; index < COUNT; index++) {
    const label = index % CLASSES;
    const random = randomFrom(1 + index);
    const pixels = Uint8Array.from({ length: COARSE * COARSE * 3 }, () => random(200) + 10 * label);
    const image = sharp(pixels, { raw: { width: COARSE, height: COARSE, channels: 3 } }).resize(SIDE, SIDE);
    await mkdir(path.join(beside, `class-${label}`), { recursive: true });
    await image.jpeg({ quality: 90 }).toFile(path.join(beside, `class-${label}`, `${index}.jpg`));
  }
  await rename(beside, IMAGES);
}
