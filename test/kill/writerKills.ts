import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomFrom, type Random } from '../support/randomNumbers';
import { weightBytes } from '../support/tinyWorkspace';
import { hasSurvivors, send, SIGNALS, type Deadly } from './processes';
import type { Tally } from './tally';

/** How each format names its target. */
const TARGETS = ['out.h5', 'out.keras', 'out.safetensors', 'out.onnx', 'out', 'out.py'] as const;

const RECIPE = {
  version: 1,
  operations: [
    { op: 'append', after: 'scores', layers: [{ kind: 'Dense', name: 'more', config: { units: 3 } }] },
  ],
  freeze: [],
};

export interface WriterKills {
  /** `dist/cli.js`. */
  readonly cli: string;
  /** To write anew; of some megabytes, so that writing takes a while. */
  readonly model: string;
  /** An architecture of the zoo, which is made without its weights. */
  readonly architecture: string;
  /** An empty folder. */
  readonly scratch: string;
  readonly seed: number;
  readonly tally: Tally;
}

interface Whole {
  readonly command: string;
  readonly target: string;
  readonly args: readonly string[];
  readonly digest: string | undefined;
  /** From the spawn until the target's hidden name was there, and until the end. */
  readonly began: number;
  readonly milliseconds: number;
}

/** Kills so many commands that write a model, and looks at what has the target's name then. */
export async function killWriters(kills: number, options: WriterKills): Promise<void> {
  const { model, architecture, scratch, seed, tally } = options;
  const random = randomFrom(seed);
  const recipe = path.join(scratch, 'more.surgery.json');
  await writeFile(recipe, JSON.stringify(RECIPE));
  const commands: Readonly<Record<string, readonly string[]>> = {
    convert: ['convert', model],
    apply: ['apply', model, '--recipe', recipe],
    'zoo get': ['zoo', 'get', architecture, '--random', '--no-top'],
  };
  const names = Object.keys(commands);
  const known = new Map<string, Whole>();
  for (let kill = 0; kill < kills; kill++) {
    const command = names[kill % names.length]!;
    // A script is of a file that is there: the zoo writes none.
    const targets = TARGETS.filter((target) => command !== 'zoo get' || target !== 'out.py');
    const target = targets[random(targets.length)]!;
    const key = `${command} ${target}`;
    const whole = known.get(key) ?? (await writeWhole(command, target, commands[command]!, options));
    known.set(key, whole);
    await killWriter(whole, kill, random, options);
    tally.count('writers killed');
    tally.count(`writers killed: ${command}`);
  }
}

async function writeWhole(
  command: string,
  target: string,
  args: readonly string[],
  { cli, scratch }: WriterKills,
): Promise<Whole> {
  // As deep as those that are killed: a script says where its model is from there.
  const folder = path.join(scratch, `whole ${command} ${target}`);
  await mkdir(folder);
  const all = [...args, '--out', path.join(folder, target)];
  const began = performance.now();
  let hiddenAt: number | undefined;
  const watcher = watch(folder, () => (hiddenAt ??= performance.now()));
  const { code, output } = await execute(cli, all);
  watcher.close();
  if (code !== 0) throw new Error(`${all.join(' ')}: ${output}`);
  const ended = performance.now();
  return {
    ...{ command, target, args },
    digest: await digestOf(path.join(folder, target)),
    began: (hiddenAt ?? ended) - began,
    milliseconds: ended - began,
  };
}

async function killWriter(whole: Whole, number: number, random: Random, options: WriterKills): Promise<void> {
  const { cli, scratch, seed, tally } = options;
  const { command, target, args, digest } = whole;
  const folder = path.join(scratch, `kill-${number}`);
  await mkdir(folder);
  const out = path.join(folder, target);
  const isOver = random(2) === 0;
  if (isOver) await putOther(out);
  const before = isOver ? await digestOf(out) : undefined;
  const signal = SIGNALS[random(SIGNALS.length)]!;
  // Most while it writes, which is the end of its life.
  const [from, to] = random(4) === 0 ? [0, whole.began] : [0.9 * whole.began, 1.1 * whole.milliseconds];
  const after = from + ((to - from) * random(1000)) / 1000;
  const all = [...args, '--out', out, ...(isOver ? ['--force'] : [])];
  const { pid, code } = await execute(cli, all, { signal, after });
  const where = `seed ${seed}, ${command} to ${target}${isOver ? ' over another' : ''}, ${signal} after ${after.toFixed(0)} ms`;
  if (await hasSurvivors(pid)) tally.find(`${where}: a process of its group stays`);

  const found = await digestOf(out);
  const left = (await readdir(folder)).filter((name) => name.startsWith('.'));
  if (found === digest) tally.count('targets that are whole');
  else if (found !== undefined && found === before) tally.count('targets that are what they were');
  else if (found !== undefined) tally.find(`${where}: half a model has the target's name`);
  else if (before === undefined) tally.count('targets that are not there yet');
  else if (left.some((name) => name.endsWith('.old'))) tally.count('targets that had stepped aside');
  else tally.find(`${where}: what was at the target is gone`);
  if (left.length > 0 && signal !== 'SIGKILL' && code !== null)
    tally.find(`${where}: left ${left.join(', ')}`);

  const again = await execute(cli, [...args, '--out', out, '--force']);
  if (again.code !== 0 || (await digestOf(out)) !== digest) {
    tally.find(`${where}: the same command writes another model afterwards: ${again.output}`);
  }
  await rm(folder, { recursive: true });
}

const OTHER = 'what was here before';

/** A model of somebody's that is to be written over. */
async function putOther(out: string): Promise<void> {
  if (path.extname(out) !== '') return writeFile(out, OTHER);
  await mkdir(out);
  await writeFile(path.join(out, 'model.json'), '{"before":true}');
}

interface Ended {
  readonly pid: number;
  readonly code: number | null;
  readonly output: string;
}

function execute(
  cli: string,
  args: readonly string[],
  death?: { readonly signal: Deadly; readonly after: number },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid ?? 0;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ pid, code, output }));
    if (death) void delay(death.after).then(() => send(pid, death.signal));
  });
}

/**
 * SHA-256 of a file, or of a folder's names and files; nothing where there is none. Of a `.keras` archive, which holds the
 * time of its making, that of its weights.
 */
async function digestOf(target: string): Promise<string | undefined> {
  const found = await stat(target).catch(() => undefined);
  if (!found) return undefined;
  const hash = createHash('sha256');
  if (target.endsWith('.keras') && found.size > OTHER.length) {
    const weights = await weightBytes(target).catch(
      (error: unknown) => [['unreadable', String(error)]] as const,
    );
    return hash.update(JSON.stringify([...weights])).digest('hex');
  }
  if (!found.isDirectory()) hash.update(await readFile(target));
  else {
    for (const name of (await readdir(target)).sort()) {
      hash.update(`${name}\n`).update(await readFile(path.join(target, name)));
    }
  }
  return hash.digest('hex');
}
