import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import type { StepEvent } from '../../src/core/run/events';
import { readRun } from '../../src/runs/runReader';
import { openTestbed, openWorkbench } from '../vscode/support/workbench';
import { median } from './median';

export default 'vscodePanelCost';

/** Without a real VS Code it cannot run. */
export const needsTestbed = true;

/** Of training with the panel closed, then open, in turn: what drifts with the machine meets both. */
const PERIODS = 8;
const PERIOD_MS = 8000;
/** So that a step takes about 20 ms. */
const BATCH = 16;
const ALLOWED = 0.03;

const PLAN = {
  version: 1,
  name: 'watched',
  model: 'digits-0-4.h5',
  data: { kind: 'images', train: 'digits-5-9', preprocess: 'unit' },
  phases: [{ epochs: 100_000, optimizer: { kind: 'adam', learningRate: 0.001 } }],
  batchSize: BATCH,
  cacheFeatures: 'off',
  metrics: ['accuracy', 'top5'],
  engine: 'wasm',
};

/**
 * What it costs a step that its run is shown: a real run of steps of some 20 ms, in one workspace with a real VS Code whose
 * panel is closed and open in turn; its own times of the same steps, medians of the periods. VS Code and its browser draw
 * on the same processors as the run computes on, without a graphics card, which no desktop has to.
 */
export async function run(): Promise<Record<string, number>> {
  const root = mkdtempSync(path.join(tmpdir(), 'panel-cost-'));
  const workspace = path.join(root, 'workspace');
  mkdirSync(path.join(workspace, 'runs'), { recursive: true });
  for (const sample of ['digits-0-4.h5', 'digits-5-9'])
    cpSync(path.resolve('samples', sample), path.join(workspace, sample), { recursive: true });
  const plan = path.join(workspace, 'digits.plan.json');
  writeFileSync(plan, JSON.stringify(PLAN));
  const trainer = spawn(process.execPath, [path.resolve('dist/cli.js'), 'train', plan, '--json'], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => trainer.once('exit', resolve));
  const testbed = await openTestbed({ workspace });
  const workbench = await openWorkbench(testbed);
  try {
    const closed: [from: number, to: number][] = [];
    const open: [from: number, to: number][] = [];
    for (let period = 0; period < PERIODS; period++) {
      if (period > 0) await workbench.quickCommand('View: Hide Panel');
      closed.push(await wait());
      await workbench.quickCommand('Model Surgery: Show Runs');
      const frame = await workbench.webview('.chart[aria-label="Loss"] .plot');
      await frame.locator('.chart canvas').first().waitFor();
      open.push(await wait());
    }
    const [run = ''] = readdirSync(path.join(workspace, 'runs'));
    const { events } = await readRun(path.join(workspace, 'runs', run));
    const steps = events.filter((event) => event.type === 'step');
    const without = median(closed.map((period) => stepMs(steps, period)));
    const watched = median(open.map((period) => stepMs(steps, period)));
    const cost = watched / without - 1;
    return {
      'a step with the panel closed, ms': without,
      'a step with the panel open, ms': watched,
      'what the panel adds to a step': cost,
      [`what the panel adds to a step / ${ALLOWED} allowed`]: cost / ALLOWED,
      processors: cpus().length,
    };
  } finally {
    await workbench.close();
    await testbed.stop();
    trainer.kill('SIGINT');
    await ended;
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The clock before and after a period, but for what begins and ends it. */
async function wait(): Promise<[from: number, to: number]> {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const from = Date.now();
  await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
  return [from, Date.now()];
}

/** Milliseconds of a step, the mean of those told between two times: of steps one after the other in one epoch. */
function stepMs(steps: readonly StepEvent[], [from, to]: readonly [number, number]): number {
  const inside = steps.filter(({ time }) => time >= from && time <= to);
  let [milliseconds, counted] = [0, 0];
  for (const [index, step] of inside.slice(1).entries()) {
    const before = inside[index]!;
    // Between epochs lies validation.
    if (step.epoch !== before.epoch) continue;
    milliseconds += step.time - before.time;
    counted += step.step - before.step;
  }
  return milliseconds / counted;
}
