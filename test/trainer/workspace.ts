import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { FromTrainer, ToTrainer } from '../../src/protocol/trainer';
import { startTrainer, type TrainerOptions, type TrainerProcess } from '../../src/trainer/client';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { makeWorkspace, type Workspace } from '../support/tinyWorkspace';

/** Of the build; `MODEL_SURGERY_DIST` names another one, such as an installed extension's. */
export const trainerEntry = path.join(
  process.env.MODEL_SURGERY_DIST ?? path.join(repository, 'dist'),
  'trainer.js',
);

export { weightBytes, type Workspace } from '../support/tinyWorkspace';

/** One that is gone when the test is over. */
export async function openWorkspace(): Promise<Workspace> {
  return makeWorkspace(await temporaryFolder());
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
