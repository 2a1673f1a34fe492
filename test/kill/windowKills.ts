import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FrameLocator } from 'playwright-core';
import { listRuns } from '../../src/runs/listRuns';
import { readRun } from '../../src/runs/runReader';
import { startTestbed } from '../../scripts/testbed.mjs';
import { randomFrom } from '../support/randomNumbers';
import { openWorkbench, type Testbed, type Workbench } from '../vscode/support/workbench';
import { hasSurvivors, isThere, send, SIGNALS, type Deadly } from './processes';
import { Tally } from './tally';

const MODEL = 'digits-0-4.h5';
const PARAMETERS = { block1a_conv: 144, block1b_conv: 2304, block2_conv: 512 } as const;
const LAYERS = ['block1a_conv', 'block1b_conv', 'block2_conv'] as const;
/** After so many edits the model is as it was before the first. */
const CYCLE = 2 * LAYERS.length;
const STATISTICS = 0;
/** Between an edit that is shown and the kill: VS Code backs up some time after an edit. */
const MOST_AFTER_EDIT_MS = 3000;
const SLOW_MS = 60_000;
const execute = promisify(execFile);

export interface WindowKills {
  readonly host: number;
  readonly server: number;
  readonly seed: number;
  readonly repository: string;
}

/**
 * Kills extension hosts and the whole server of a real VS Code between edits that are not saved, while a run that a window
 * started goes on through all of it.
 */
export async function killWindows({ host, server, seed, repository }: WindowKills): Promise<Tally> {
  const tally = new Tally();
  const random = randomFrom(seed);
  const root = mkdtempSync(path.join(tmpdir(), 'model-surgery-kill-'));
  const workspace = path.join(root, 'samples');
  for (const name of [MODEL, 'digits-5-9']) {
    cpSync(path.join(repository, 'samples', name), path.join(workspace, name), { recursive: true });
  }
  const home = path.join(root, 'home');
  let testbed = await startTestbed({ workspace, home });
  let run: string | undefined;
  try {
    run = await startRun(testbed, workspace);
    let edits = { least: 0, most: 0 };
    const look = async (frame: FrameLocator, where: string) => {
      const shown = await editsIn(frame);
      if (shown === edits.most % CYCLE) return edits.most;
      if (shown !== edits.least % CYCLE) {
        tally.find(
          `${where}: found edit ${shown} of ${CYCLE}, expected ${edits.least} to ${edits.most} edits`,
        );
      }
      return edits.least;
    };
    for (let kill = 0; kill < host + server; kill++) {
      const isServer = kill >= host;
      const where = `seed ${seed}, kill ${kill} of ${isServer ? 'the server' : 'an extension host'}`;
      const workbench = await openWorkbench(testbed);
      try {
        const frame = await openEditor(workbench);
        const before = await look(frame, where);
        if (kill > 0)
          tally.count(before === edits.most ? 'windows with every edit' : 'windows without the last edit');
        const held = backupsIn(home);
        await edit(frame, before);
        await backedUp(home, held);
        await edit(frame, before + 1);
        edits = { least: before + 1, most: before + 2 };
        await delay(random(MOST_AFTER_EDIT_MS));
        const signal = SIGNALS[random(SIGNALS.length)]!;
        if (isServer) await killServer(testbed.pid, signal, where, tally);
        else await killHosts(testbed.pid, signal, run, where, tally);
      } finally {
        await workbench.close();
      }
      await lookAtRun(run, where, tally);
      if (isServer) {
        await testbed.stop();
        testbed = await startTestbed({ workspace, home });
      }
    }
    const last = await openWorkbench(testbed);
    await look(await openEditor(last), 'at the end');
    await last.close();
    await stopRun(run, repository, tally);
  } finally {
    await testbed.stop();
    const left = run === undefined ? undefined : (await readRun(run)).process;
    if (left && isThere(-left.pid)) send(-left.pid, 'SIGKILL');
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
  return tally;
}

async function openEditor(workbench: Workbench): Promise<FrameLocator> {
  await workbench.openFile(MODEL);
  const frame = await workbench.webview('.header .header-title');
  await frame.locator('.layer').first().waitFor({ timeout: SLOW_MS });
  return frame;
}

/** A run that does not end by itself. @returns its folder, once it has taken a step */
async function startRun(testbed: Testbed, workspace: string): Promise<string> {
  const workbench = await openWorkbench(testbed);
  const frame = await openEditor(workbench);
  await workbench.quickCommand('Model Surgery: Train…');
  await frame.locator('.sheet .train-start').waitFor();
  const epochs = frame.locator('.sheet .field').filter({ has: frame.getByText('Epochs', { exact: true }) });
  await epochs.locator('input').fill('1000000');
  await frame.locator('.sheet .train-start').click();
  try {
    for (const end = performance.now() + 2 * SLOW_MS; performance.now() < end; await delay(200)) {
      const [run] = await listRuns(path.join(workspace, 'runs'));
      if (run && (await stepsOf(run.folder)) > 0) return run.folder;
    }
    throw new Error('no run began');
  } finally {
    await workbench.close();
  }
}

const stepsOf = async (run: string) =>
  (await readRun(run, { steps: 'latest' })).events.findLast((event) => event.type === 'step')?.step ?? 0;

/** Freezes the layers one after the other, then lets them go so. @param count edits before this one */
async function edit(frame: FrameLocator, count: number): Promise<void> {
  const name = LAYERS[count % LAYERS.length]!;
  const field = frame.locator('.search input');
  await field.fill(name);
  const layer = frame.locator('.layer').filter({ has: frame.getByText(name, { exact: true }) });
  await layer
    .locator('[data-selected]')
    .or(layer.and(frame.locator('[data-selected]')))
    .first()
    .waitFor();
  await field.press('Escape');
  const isFrozen = Math.floor(count / LAYERS.length) % 2 === 1;
  await frame.locator(`.action[data-action="${isFrozen ? 'unfreeze' : 'freeze'}"]`).click();
  for (const end = performance.now() + SLOW_MS; (await editsIn(frame)) !== (count + 1) % CYCLE;) {
    if (performance.now() > end) throw new Error(`the edit of ${name} is not shown`);
    await delay(100);
  }
}

/** How many edits are shown, as far as `CYCLE` tells them apart: by the parameters that are frozen. */
async function editsIn(frame: FrameLocator): Promise<number> {
  const row = frame.locator('.total').filter({ hasText: 'Frozen' });
  const frozen = Number((await row.locator('dd').innerText()).replace(/\D/g, ''));
  const edits = Array.from({ length: CYCLE }, (_, count) => frozenAfter(count));
  // Statistics never train: they are frozen before any edit.
  return edits.findIndex((expected) => expected === frozen - STATISTICS);
}

function frozenAfter(count: number): number {
  return LAYERS.reduce((sum, name, index) => {
    const isFrozen = count > index && count <= index + LAYERS.length;
    return sum + (isFrozen ? PARAMETERS[name] : 0);
  }, 0);
}

/** Waits until VS Code holds a backup that it did not hold before. */
async function backedUp(home: string, before: readonly string[]): Promise<void> {
  for (const end = performance.now() + SLOW_MS; performance.now() < end; await delay(100)) {
    if (backupsIn(home).some((text) => !before.includes(text))) return;
  }
  throw new Error('VS Code does not back the edit up');
}

/** The recipes that wait for their window. */
function backupsIn(home: string): readonly string[] {
  const folder = path.join(home, 'user/User');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes('model-surgery'))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .filter((text) => text.startsWith('{"version":1,"base"'));
}

async function killServer(pid: number, signal: Deadly, where: string, tally: Tally): Promise<void> {
  send(-pid, signal);
  tally.count('servers killed');
  tally.count(`servers killed by ${signal}`);
  // A server that hears a signal may take its time.
  if (!(await hasSurvivors(pid))) return;
  if (signal === 'SIGKILL') tally.find(`${where}: a process of its group stays`);
  else send(-pid, 'SIGKILL');
}

async function killHosts(
  server: number,
  signal: Deadly,
  run: string,
  where: string,
  tally: Tally,
): Promise<void> {
  const hosts = descendantsOf(server).filter(({ command }) => command.includes('--type=extensionHost'));
  if (hosts.length === 0) throw new Error('no extension host runs');
  const trainer = (await readRun(run)).process?.pid;
  const below = hosts.flatMap(({ pid }) => descendantsOf(pid)).filter(({ pid }) => pid !== trainer);
  for (const { pid } of hosts) send(pid, signal);
  await delay(1000);
  // One that asks its window first is not waited for.
  for (const { pid } of hosts) send(pid, 'SIGKILL');
  tally.count('extension hosts killed');
  tally.count(`extension hosts killed by ${signal}`);
  for (let waited = 0; waited < 100 && below.some(({ pid }) => isThere(pid)); waited++) await delay(100);
  for (const { pid, command } of below.filter(({ pid: each }) => isThere(each))) {
    tally.find(`${where}: its child ${pid} stays: ${command}`);
  }
}

interface Descendant {
  readonly pid: number;
  readonly command: string;
}

/** The processes below one, by /proc. */
function descendantsOf(pid: number): readonly Descendant[] {
  const children = new Map<number, Descendant[]>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
      children.set(parent, [...(children.get(parent) ?? []), { pid: Number(name), command }]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (of: number): readonly Descendant[] =>
    (children.get(of) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** The run goes on, whoever was killed, and can be read at any time. */
async function lookAtRun(run: string, where: string, tally: Tally): Promise<void> {
  const { status, problems } = await readRun(run);
  for (const { message } of problems) tally.find(`${where}: ${message}`);
  if (status !== 'running') return tally.find(`${where}: the run is ${status}`);
  const before = await stepsOf(run);
  for (const end = performance.now() + SLOW_MS; performance.now() < end; await delay(200)) {
    if ((await stepsOf(run)) > before) return tally.count('looks at the run that went on');
  }
  tally.find(`${where}: the run takes no more steps`);
}

/** From outside, as any terminal can: what nothing finds again would be an orphan. */
async function stopRun(run: string, repository: string, tally: Tally): Promise<void> {
  const { process: trainer } = await readRun(run);
  await execute(process.execPath, [path.join(repository, 'dist/cli.js'), 'runs', 'steer', run, 'stop']);
  const { status, problems } = await readRun(run);
  for (const { message } of problems) tally.find(`the run, stopped: ${message}`);
  if (status !== 'stopped') tally.find(`the run was stopped and is ${status}`);
  if (trainer && (await hasSurvivors(trainer.pid))) tally.find('the stopped run leaves a process');
}
