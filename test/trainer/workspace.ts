import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import { initialValues } from '../../src/core/initializers/initialValues';
import type { LayerGraph } from '../../src/core/graph/layerGraph';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import type { FromTrainer, ToTrainer } from '../../src/protocol/trainer';
import { startTrainer, type TrainerOptions, type TrainerProcess } from '../../src/trainer/client';
import { plainPng, png, writeFiles } from '../support/images';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { chain } from '../unit/support/graphs';

/** Of the build; `MODEL_SURGERY_DIST` names another one, such as an installed extension's. */
export const trainerEntry = path.join(
  process.env.MODEL_SURGERY_DIST ?? path.join(repository, 'dist'),
  'trainer.js',
);

/** Plain images and striped ones: a few steps tell them apart. */
const IMAGES_A_CLASS = 12;

/** A folder with a tiny model, tiny real images, and what a test writes beside them. */
export interface Workspace {
  readonly folder: string;
  at(...names: readonly string[]): string;
  /** Writes a plan; what is left out trains the tiny model on the images for two epochs. */
  plan(changes?: Partial<PlanInput>): Promise<string>;
}

export async function openWorkspace(): Promise<Workspace> {
  const folder = await temporaryFolder();
  const at = (...names: readonly string[]) => path.join(folder, ...names);
  const graph = chain(
    [null, 8, 8, 1],
    { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: 3 } },
    { kind: 'BatchNormalization', name: 'norm' },
    { kind: 'ReLU', name: 'relu' },
    { kind: 'GlobalAveragePooling2D', name: 'pool' },
    { kind: 'Dense', name: 'scores', config: { units: 2, activation: 'softmax' } },
  );
  await writeModel(
    {
      graph,
      weights: async (layer, { name, shape }) => {
        if (name === 'gamma' || name === 'moving_variance') return new Float32Array(shape[0] ?? 0).fill(1);
        if (name === 'beta' || name === 'moving_mean' || name === 'bias')
          return new Float32Array(shape[0] ?? 0);
        return initialValues({ kind: 'GlorotUniform', config: {} }, shape, layer.length);
      },
    },
    at('tiny.h5'),
    'h5',
  );
  for (let index = 0; index < IMAGES_A_CLASS; index++) {
    const bright = 40 + 15 * index;
    const stripes = Array.from({ length: 64 }, (_, pixel) => (pixel % 2 === 0 ? bright : 0));
    await writeFiles(at('data'), {
      [`plain/${index}.png`]: await plainPng(8, 8, bright),
      [`striped/${index}.png`]: await png(8, 8, 1, stripes),
    });
  }
  return {
    folder,
    at,
    plan: async (changes = {}) => {
      const plan: PlanInput = {
        version: 1,
        model: 'tiny.h5',
        data: { kind: 'images', train: 'data', validation: 0.25, preprocess: 'unit' },
        phases: [{ epochs: 2, optimizer: { kind: 'adam', learningRate: 0.01 } }],
        batchSize: 4,
        engine: 'cpu',
        ...changes,
      };
      await writeFile(at('tiny.plan.json'), JSON.stringify(plan));
      return at('tiny.plan.json');
    },
  };
}

/** A trainer that is ended with the test, whatever happens. */
export async function start(
  request: ToTrainer,
  options: Partial<TrainerOptions> = {},
): Promise<TrainerProcess> {
  if (!existsSync(trainerEntry)) throw new Error(`no ${trainerEntry}: run "npm run build"`);
  const trainer = await startTrainer(request, { entry: trainerEntry, ...options });
  onTestFinished(() => {
    if (isAlive(trainer.pid)) process.kill(-trainer.pid, 'SIGKILL');
  });
  return trainer;
}

/** What goes wrong in a trainer, see `faults.mjs`. */
export interface Faults {
  readonly killAfter?: string;
  readonly tearAt?: string;
  readonly killIn?: string;
  readonly fullAt?: string;
  readonly nth?: number;
  readonly times?: number;
  readonly memory?: number;
  readonly heap?: number;
  readonly signal?: 'SIGKILL' | 'SIGTERM';
}

/** Starts a trainer in which something goes wrong at a certain byte. */
export async function startWithFaults(request: ToTrainer, faults: Faults): Promise<TrainerProcess> {
  const preload = new URL('./faults.mjs', import.meta.url).href;
  const before = { ...process.env };
  Object.assign(process.env, { NODE_OPTIONS: `--import=${preload}`, FAULTS: JSON.stringify(faults) });
  try {
    return await start(request);
  } finally {
    for (const name of ['NODE_OPTIONS', 'FAULTS']) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}

export interface Heard {
  readonly messages: readonly FromTrainer[];
  /** The run folder, where one was made. */
  readonly folder: string | undefined;
  readonly failed: Extract<FromTrainer, { type: 'failed' }> | undefined;
  readonly code: number | null;
}

/** Carries out a request to its end. */
export async function carryOut(request: ToTrainer, faults?: Faults): Promise<Heard> {
  const trainer = await (faults ? startWithFaults(request, faults) : start(request));
  const messages: FromTrainer[] = [];
  trainer.onMessage((message) => messages.push(message));
  const { code } = await trainer.exited;
  return {
    messages,
    folder: messages.find((message) => message.type === 'run')?.folder,
    failed: messages.find((message) => message.type === 'failed'),
    code,
  };
}

/** Resolves with the first message that `accepts` likes. */
export function message<T extends FromTrainer>(
  trainer: TrainerProcess,
  accepts: (message: FromTrainer) => message is T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    trainer.onMessage((each) => (accepts(each) ? resolve(each) : undefined));
    void trainer.exited.then(({ code, signal }) =>
      reject(new Error(`ended with ${code ?? signal}: ${trainer.log()}`)),
    );
  });
}

/**
 * Listens from here on: what it returns resolves with the first message that is liked, whether it has come already or not.
 * To be called as soon as a trainer has started, so that nothing is missed.
 */
export function follow(trainer: TrainerProcess) {
  const heard: FromTrainer[] = [];
  trainer.onMessage((each) => heard.push(each));
  return <T extends FromTrainer>(accepts: (message: FromTrainer) => message is T): Promise<T> =>
    new Promise((resolve, reject) => {
      const found = heard.find(accepts);
      if (found) return resolve(found);
      trainer.onMessage((each) => (accepts(each) ? resolve(each) : undefined));
      void trainer.exited.then(({ code, signal }) =>
        reject(new Error(`ended with ${code ?? signal}: ${trainer.log()}`)),
      );
    });
}

/** Every weight of a model by `layer/weight`, as bytes. */
export async function weightBytes(model: string): Promise<ReadonlyMap<string, string>> {
  const { graph } = await openModel(model);
  return bytesOf(graph);
}

async function bytesOf(graph: LayerGraph): Promise<ReadonlyMap<string, string>> {
  const reader = openWeights();
  const bytes = new Map<string, string>();
  for (const layer of graph.layers) {
    for (const weight of layer.weights) {
      const values = await reader.read(weight);
      const hex = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
      bytes.set(`${layer.name}/${weight.name}`, hex);
    }
  }
  await reader.close();
  return bytes;
}

/** Whether a process runs; one that has ended and waits for its parent to take note does not. */
export async function runs(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return isAlive(pid) && (stat === undefined || !/\) Z /.test(stat));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function until(
  condition: () => Promise<boolean>,
  what: string,
  withinMs = 60_000,
): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await condition());) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
