import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { PlanInput } from '../../src/core/plan/plan';
import { listCheckpoints } from '../../src/runs/checkpointFolder';
import { inspectRun } from '../../src/runs/inspectRun';
import { readRun } from '../../src/runs/runReader';
import { randomFrom, type Random } from '../support/randomNumbers';
import { weightBytes, type Workspace } from '../support/tinyWorkspace';
import { live, type Life } from './killableTrainer';
import { momentOf } from './moments';
import { hasSurvivors } from './processes';
import type { Tally } from './tally';

const adam = { kind: 'adam' as const, learningRate: 0.01 };
const momentum = { kind: 'sgd' as const, learningRate: 0.05, momentum: 0.9 };
const headAlone = [{ match: { all: true as const } }, { match: { names: ['scores'] }, trainable: true }];

/** Plans that leave different things behind. */
const PLANS: Readonly<Record<string, Partial<PlanInput>>> = {
  'two phases': {
    phases: [
      { epochs: 2, optimizer: momentum, freeze: [{ match: { kind: 'Conv2D' } }] },
      { epochs: 3, optimizer: adam },
    ],
    checkpoint: { every: 1, keep: 2 },
  },
  'best weights and TensorBoard': {
    phases: [{ epochs: 5, optimizer: adam }],
    earlyStopping: { patience: 5, restoreBest: true },
    checkpoint: { every: 2, keep: 1 },
    tensorboard: true,
  },
  'no checkpoints but at a stop': { phases: [{ epochs: 4, optimizer: momentum }] },
  'kept features, WebAssembly': {
    engine: 'wasm',
    phases: [{ epochs: 5, optimizer: adam, freeze: headAlone }],
    checkpoint: { every: 1, keep: 2 },
  },
};

/** A run is killed as often at most; then it is let go on to its end. */
const MOST_DEATHS = 3;

export interface TrainerKills {
  readonly entry: string;
  readonly workspace: Workspace;
  /** For what the trainers keep and write beside. */
  readonly scratch: string;
  readonly seed: number;
  readonly tally: Tally;
}

interface Whole {
  readonly name: string;
  readonly life: Life;
  readonly result: ReadonlyMap<string, string>;
}

const resultOf = (folder: string) => weightBytes(path.join(folder, 'model', 'model.h5'));

/** Kills so many trainers, looks at what each leaves, and lets each run go on to its end. */
export async function killTrainers(kills: number, options: TrainerKills): Promise<void> {
  const random = randomFrom(options.seed);
  const names = Object.keys(PLANS);
  const wholes = new Map<string, Whole>();
  for (let run = 0; options.tally.of('trainers killed') < kills; run++) {
    const name = names[run % names.length]!;
    const whole = wholes.get(name) ?? (await trainWhole(name, options));
    wholes.set(name, whole);
    await killRun(whole, run, random, kills, options);
  }
}

async function trainWhole(name: string, { entry, workspace, scratch }: TrainerKills): Promise<Whole> {
  const plan = await workspace.plan({ ...PLANS[name], seed: 3 });
  const life = await live(entry, { type: 'train', plan }, environmentOf(scratch));
  if (life.folder === undefined || life.code !== 0) throw new Error(`${name}: ${life.failed?.message}`);
  return { name, life, result: await resultOf(life.folder) };
}

const environmentOf = (scratch: string) => ({ MODEL_SURGERY_CACHE: path.join(scratch, 'features') });

/** One run: killed, looked at, killed again perhaps, and brought to its end. */
async function killRun(
  whole: Whole,
  number: number,
  random: Random,
  kills: number,
  options: TrainerKills,
): Promise<void> {
  const { entry, workspace, scratch, seed, tally } = options;
  const out = workspace.at(`runs-${number}`);
  const plan = await workspace.plan({ ...PLANS[whole.name], seed: 3, out });
  let folder: string | undefined;
  for (let deaths = 0; deaths < MOST_DEATHS && tally.of('trainers killed') < kills; deaths++) {
    const { stage, death } = momentOf(whole.life, random);
    const request = { type: 'train' as const, plan, ...(folder !== undefined && { resume: folder }) };
    const life = await live(entry, request, environmentOf(scratch), death);
    tally.count('trainers killed');
    tally.count(`trainers killed by ${death.signal}`);
    tally.count(`trainers killed: ${folder === undefined ? stage : 'after they went on'}`);
    const where = `seed ${seed}, run ${number} (${whole.name}), ${death.signal} in "${stage}"`;
    if (await hasSurvivors(life.pid)) tally.find(`${where}: a process of its group stays`);
    folder = await lookAtRun(life, out, where, tally);
    if (folder === undefined) return tally.count('runs that had not begun');
    if ((await readRun(folder)).status === 'finished') return lookAtEnd(whole, folder, where, tally);
    if ((await listCheckpoints(folder)).length === 0) {
      return tally.count('runs with nothing to go on from yet');
    }
    if (random(5) < 2) break;
  }
  if (folder === undefined) return;
  const life = await live(entry, { type: 'train', plan, resume: folder }, environmentOf(scratch));
  const where = `seed ${seed}, run ${number} (${whole.name}), resumed`;
  if (life.code !== 0) return tally.find(`${where}: ${life.failed?.message ?? `ended with ${life.code}`}`);
  tally.count('runs gone on with to the end');
  await lookAtEnd(whole, folder, where, tally);
}

/** What a kill may leave at any moment. @returns the run's folder, where there is one */
async function lookAtRun(life: Life, out: string, where: string, tally: Tally): Promise<string | undefined> {
  const names = (await readdir(out).catch(() => [])).filter((name) => !name.startsWith('.'));
  if (names.length > 1) tally.find(`${where}: ${names.length} run folders`);
  const folder = names[0] === undefined ? undefined : path.join(out, names[0]);
  if (folder === undefined) {
    if (life.folder !== undefined) tally.find(`${where}: told of ${life.folder}, which is not there`);
    return undefined;
  }
  const { problems, status } = await readRun(folder);
  for (const { message } of problems) tally.find(`${where}: ${message}`);
  if (status === 'running' || status === 'starting') tally.find(`${where}: a dead run is ${status}`);
  if (status === 'failed') tally.find(`${where}: failed: ${life.failed?.message}`);
  const { faults } = await inspectRun(folder);
  const unexplained = faults.filter((fault) => fault !== 'torn' && fault !== 'empty');
  if (unexplained.length > 0) tally.find(`${where}: ${unexplained.join(', ')}`);
  await lookAtModel(folder, where, tally);
  return folder;
}

/** A model that has its name is whole, whatever happened. */
async function lookAtModel(folder: string, where: string, tally: Tally): Promise<void> {
  const names: readonly string[] = await readdir(path.join(folder, 'model')).catch(() => []);
  for (const name of ['model.h5', 'model.json'].filter((each) => names.includes(each))) {
    await weightBytes(path.join(folder, 'model', name)).then(
      () => tally.count('models read after a kill'),
      (error: unknown) => tally.find(`${where}: ${name}: ${String(error)}`),
    );
  }
}

/** A run that came to its end, killed or not, is one that was never interrupted, and left nothing lying about. */
async function lookAtEnd(whole: Whole, folder: string, where: string, tally: Tally): Promise<void> {
  const { problems, status } = await readRun(folder);
  if (status !== 'finished') tally.find(`${where}: ended as ${status}`);
  for (const { message } of problems) tally.find(`${where}: ${message}`);
  const found = await resultOf(folder);
  const differing = [...whole.result].filter(([name, bytes]) => found.get(name) !== bytes);
  if (differing.length > 0) tally.find(`${where}: other weights than without a kill: ${differing.length}`);
  else tally.count('results with the bytes of an uninterrupted run');
  const entries = await readdir(folder, { recursive: true });
  const litter = entries.filter((name) => path.basename(name).startsWith('.') || name.endsWith('.part'));
  if (litter.length > 0) tally.find(`${where}: left ${litter.join(', ')}`);
}
