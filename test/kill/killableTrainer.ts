import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { LineSplitter } from '../../src/runs/lineSplitter';
import type { FromTrainer, TrainRequest } from '../../src/protocol/trainer';
import { send, type Deadly } from './processes';

/** When to kill: so many milliseconds after the `after`th message; after the spawn where it is -1. */
export interface Death {
  readonly signal: Deadly;
  readonly after: number;
  readonly milliseconds: number;
  /** A second, which nobody hears, so many milliseconds after the first. */
  readonly thenKill?: number;
}

/** All that a trainer said, and how it ended. */
export interface Life {
  readonly pid: number;
  readonly messages: readonly FromTrainer[];
  /** When each message came, in milliseconds since the spawn. */
  readonly times: readonly number[];
  readonly milliseconds: number;
  readonly code: number | null;
  readonly folder: string | undefined;
  readonly failed: Extract<FromTrainer, { type: 'failed' }> | undefined;
  readonly log: string;
}

/** Longer than any run here takes on a machine under load: a trainer that ends by then was not stuck. */
const STUCK_MS = 300_000;
const LONGEST_LINE = 2 ** 26;

/**
 * A trainer from its spawn, which `startTrainer` gives nobody a hold of: with one request, to its end or its death.
 * @param environment beside this process's own
 */
export async function live(
  entry: string,
  request: TrainRequest,
  environment: NodeJS.ProcessEnv,
  death?: Death,
): Promise<Life> {
  const began = performance.now();
  const child = spawn(process.execPath, ['--enable-source-maps', entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...environment },
  });
  const pid = child.pid ?? 0;
  const channel = child.stdio[3];
  if (!(channel instanceof Duplex) || pid === 0) throw new Error('the trainer was not started');
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const messages: FromTrainer[] = [];
  const times: number[] = [];
  const reach = (index: number) => {
    if (death?.after === index) void die(pid, death);
  };
  const lines = new LineSplitter(LONGEST_LINE);
  channel.on('error', () => undefined);
  channel.on('data', (chunk: Uint8Array) => {
    for (const line of lines.push(chunk)) {
      const message = JSON.parse(line) as FromTrainer;
      messages.push(message);
      times.push(performance.now() - began);
      if (message.type === 'hello') channel.write(`${JSON.stringify(request)}\n`);
      reach(messages.length - 1);
    }
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const stuck = setTimeout(() => send(-pid, 'SIGKILL'), STUCK_MS);
  reach(-1);
  const code = await exited;
  clearTimeout(stuck);
  await Promise.race([new Promise((resolve) => channel.once('close', resolve)), delay(1000)]);
  channel.destroy();
  return {
    ...{ pid, messages, times, code, log, milliseconds: performance.now() - began },
    folder: messages.find((message) => message.type === 'run')?.folder,
    failed: messages.find((message) => message.type === 'failed'),
  };
}

async function die(pid: number, { signal, milliseconds, thenKill }: Death): Promise<void> {
  await delay(milliseconds);
  send(pid, signal);
  if (thenKill === undefined) return;
  await delay(thenKill);
  send(pid, 'SIGKILL');
}
