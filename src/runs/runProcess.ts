import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { RUN_FILES } from './runFolder';
import { timeSchema } from './time';

/**
 * The process behind a run, as `process.json` says it. A pid alone is not enough: pids are used again, and a window
 * that comes back days later must not take (or stop) a stranger for its trainer.
 */
export const runProcessSchema = z.object({
  version: z.literal(1),
  pid: z.int().positive(),
  /** What tells this process from a later one with the same pid; null where the system does not say. */
  identity: z.string().nullable(),
  startedAt: timeSchema,
});

export type RunProcess = Readonly<z.infer<typeof runProcessSchema>>;

export async function currentProcess(): Promise<RunProcess> {
  return {
    version: 1,
    pid: process.pid,
    identity: (await identityOf(process.pid)) ?? null,
    startedAt: Math.round(Date.now() - process.uptime() * 1000),
  };
}

/** What `process.json` of a run folder says; `undefined` where it is missing or unreadable. */
export async function readRunProcess(folder: string): Promise<RunProcess | undefined> {
  try {
    const text = await readFile(path.join(folder, RUN_FILES.process), 'utf8');
    return runProcessSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether that very process still runs. */
export async function isAlive(run: RunProcess): Promise<boolean> {
  try {
    process.kill(run.pid, 0);
  } catch (error) {
    // EPERM: it is there and another user's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return run.identity === null || (await identityOf(run.pid)) === run.identity;
}

const execute = promisify(execFile);

/** `undefined` where no such process runs (a zombie does not) or the system cannot say. */
async function identityOf(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') return await linuxIdentity(pid);
    if (process.platform === 'win32') {
      // No cheap start time on Windows: the program's name still tells a trainer from nearly every stranger.
      const { stdout } = await execute('tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']);
      return /^"([^"]+)","\d+"/m.exec(stdout)?.[1];
    }
    const { stdout } = await execute('ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The boot, and the start time in ticks since it: fields 3 (state) and 22 (starttime) of proc(5)'s `stat`. */
async function linuxIdentity(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'latin1'),
    readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
  ]);
  // The program's name, field 2, is in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  return ticks === undefined || state === 'Z' || state === 'X' ? undefined : `${boot.trim()}:${ticks}`;
}
