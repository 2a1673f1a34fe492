import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { listRuns } from '../../src/runs/listRuns';
import { readRun } from '../../src/runs/runReader';
import type { Workbench } from '../vscode/support/workbench';
import { hasSurvivors } from './processes';
import type { Tally } from './tally';
import { openEditor, PATIENCE_MS } from './windowEdits';

/** A run that does not end by itself, and outlives every window. */

const execute = promisify(execFile);

/** @returns its folder, once it has taken a step */
export async function startRun(workbench: Workbench, workspace: string): Promise<string> {
  const frame = await openEditor(workbench);
  await workbench.quickCommand('Model Surgery: Train…');
  await frame.locator('.sheet .train-start').waitFor();
  const epochs = frame.locator('.sheet .field').filter({ has: frame.getByText('Epochs', { exact: true }) });
  await epochs.locator('input').fill('1000000');
  await frame.locator('.sheet .train-start').click();
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(200)) {
    const [run] = await listRuns(path.join(workspace, 'runs'));
    if (run && (await stepsOf(run.folder)) > 0) return run.folder;
  }
  throw new Error('no run began');
}

const stepsOf = async (run: string) =>
  (await readRun(run, { steps: 'latest' })).events.findLast((event) => event.type === 'step')?.step ?? 0;

/** The leader of the run's processes. */
export const trainerOf = async (run: string) => (await readRun(run)).process?.pid;

/** The run goes on, whoever was killed, and can be read at any time. */
export async function lookAtRun(run: string, where: string, tally: Tally): Promise<void> {
  const { status, problems } = await readRun(run);
  for (const { message } of problems) tally.find(`${where}: ${message}`);
  if (status !== 'running') return tally.find(`${where}: the run is ${status}`);
  const before = await stepsOf(run);
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await delay(200)) {
    if ((await stepsOf(run)) > before) return tally.count('looks at the run that went on');
  }
  tally.find(`${where}: the run takes no more steps`);
}

/** From outside, as any terminal can: what nothing finds again would be an orphan. */
export async function stopRun(run: string, repository: string, tally: Tally): Promise<void> {
  const trainer = await trainerOf(run);
  await execute(process.execPath, [path.join(repository, 'dist/cli.js'), 'runs', 'steer', run, 'stop']);
  // It ends at its next step, and writes its model then.
  const end = performance.now() + PATIENCE_MS;
  while ((await readRun(run)).status === 'running' && performance.now() < end) await delay(200);
  const { status, problems } = await readRun(run);
  for (const { message } of problems) tally.find(`the run, stopped: ${message}`);
  if (status !== 'stopped') tally.find(`the run was stopped and is ${status}`);
  if (trainer !== undefined && (await hasSurvivors(trainer))) {
    tally.find('the stopped run leaves a process');
  }
}
