import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { formatEventLine } from '../../src/runs/eventLine';
import { currentProcess } from '../../src/runs/runProcess';
import { openTestbed, openWorkbench } from '../vscode/support/workbench';
import { startOf, stepOf, writeLongRun } from './longRun';
import { median } from './median';

export default 'vscodeRunPanel';

/** Without a real VS Code it cannot run. */
export const needsTestbed = true;

const STEPS = 1_000_000;
const OPENINGS = 7;
/** Steps told one by one, and milliseconds between them: as often as a trainer tells them. */
const TOLD = 100;
const APART = 50;
/** Milliseconds after which what has not come will not. */
const PATIENCE = 60_000;
const BUDGET = { opening: 1500, metric: 250 };

/** Milliseconds of the page's clock. */
interface Opening {
  readonly asked: number;
  /** The history, or what a long one looks like, has come. */
  readonly told: number;
  readonly painted: number;
  /** All steps have come; they are on the page two frames later. */
  readonly complete: number;
  readonly parts: number;
}

/**
 * The run panel of a real VS Code: opening a finished run of 1,000,000 steps (150 MB of events) from the click on its name
 * in the list until its charts are painted, medians of seven; and, of a live run whose steps this process writes, from the
 * event's own time to the frame after the chart has drawn it, the median of a hundred.
 */
export async function run(): Promise<Record<string, number>> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'run-panel-'));
  const at = (name: string) => path.join(root, 'workspace/runs', name);
  writeLongRun(at('2026-01-01T00-00-00Z-long'), 'long', STEPS);
  writeLongRun(at('2026-01-01T00-00-00Z-short'), 'short', 100);
  const log = await writeLiveRun(at('2026-01-01T00-00-00Z-live'));
  const testbed = await openTestbed({ workspace: path.join(root, 'workspace') });
  const workbench = await openWorkbench(testbed);
  try {
    await workbench.quickCommand('Model Surgery: Show Runs');
    const frame = await workbench.webview('.run-panel .toolbar');
    // Shown at first is the newest, the live one.
    await open(frame, 'short', 100);
    const before = taken();
    const first = await open(frame, 'long', STEPS);
    const after = taken();
    const used = (what: keyof typeof PROCESSES) => after[what].ms - before[what].ms;
    const grown = (what: keyof typeof PROCESSES) => (after[what].bytes - before[what].bytes) / 1e6;
    const openings: Opening[] = [];
    for (let count = 0; count < OPENINGS; count++) {
      await open(frame, 'short', 100);
      openings.push(await open(frame, 'long', STEPS));
    }
    const of = (part: (opening: Opening) => number) => median(openings.map(part));
    const opening = of(({ asked, painted }) => painted - asked);
    await open(frame, 'live', 1);
    const delays = await tell(frame, log);
    const metric = median(delays);
    return {
      '1,000,000 steps: click to painted, ms': opening,
      [`1,000,000 steps: click to painted / ${BUDGET.opening} ms allowed`]: opening / BUDGET.opening,
      '1,000,000 steps: the first time in a window, ms': first.painted - first.asked,
      '1,000,000 steps: click to what they look like on the page, ms': of((each) => each.told - each.asked),
      '1,000,000 steps: from there to painted, ms': of((each) => each.painted - each.told),
      '1,000,000 steps: click to all steps on the page, ms': of((each) => each.complete - each.asked),
      '1,000,000 steps: messages': of(({ parts }) => parts),
      '1,000,000 steps: processor ms of the extension host, first time': used('host'),
      '1,000,000 steps: processor ms of the pages of the browser, first time': used('pages'),
      '1,000,000 steps: processor ms of VS Code and the browser, first time': used('all'),
      '1,000,000 steps: MB the extension host grew by': grown('host'),
      '1,000,000 steps: MB the pages of the browser grew by': grown('pages'),
      'event to painted, median ms': metric,
      [`event to painted, median / ${BUDGET.metric} ms allowed`]: metric / BUDGET.metric,
      'event to painted, 95th percentile ms': delays[Math.floor(delays.length * 0.95)] ?? NaN,
    };
  } finally {
    await workbench.close();
    await testbed.stop();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A run that is going on for as long as this process is: its process, a start and a step. */
async function writeLiveRun(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'events.jsonl');
  writeFileSync(path.join(folder, 'process.json'), JSON.stringify(await currentProcess()));
  writeFileSync(
    log,
    formatEventLine(startOf('live', TOLD, Date.now())) + formatEventLine(stepOf(1, Date.now())),
  );
  return log;
}

/** Chooses a run in the list of the panel, and waits until its charts are painted. */
async function open(frame: FrameLocator, name: string, steps: number): Promise<Opening> {
  await frame.locator('.run-picker-button').click();
  await frame.locator('.run-list').waitFor();
  return frame.locator('body').evaluate(
    async (body, wanted) => {
      const nextFrame = () => new Promise<number>((next) => requestAnimationFrame(next));
      const arrivals: { readonly at: number; readonly last: boolean }[] = [];
      const note = ({ data }: MessageEvent<{ type?: string; continues?: boolean; more?: boolean }>) => {
        if (data.type !== 'history') return;
        const last = data.more === false && (data.continues === true || !wanted.long);
        arrivals.push({ at: performance.now(), last });
      };
      window.addEventListener('message', note);
      const option = [...body.querySelectorAll<HTMLElement>('.run-list [role=option]')].find(
        (each) => each.querySelector('.run-list-name')?.textContent === wanted.name,
      );
      if (!option) throw new Error(`no run ${wanted.name} in the list`);
      const asked = performance.now();
      option.click();
      const plot = () => body.querySelector('.chart[aria-label="Loss"] .plot');
      const drawn = () => plot()?.getAttribute('aria-valuemax') === String(wanted.steps);
      while (arrivals.length === 0 || !drawn()) {
        await nextFrame();
        if (performance.now() - asked > wanted.patience) throw new Error(`${wanted.name} was not drawn`);
      }
      const painted = await nextFrame();
      while (!arrivals.some(({ last }) => last) && performance.now() - asked < wanted.patience)
        await nextFrame();
      window.removeEventListener('message', note);
      const complete = arrivals.find(({ last }) => last)?.at ?? NaN;
      return { asked, told: arrivals[0]?.at ?? NaN, painted, complete, parts: arrivals.length };
    },
    { name, steps, long: steps === STEPS, patience: PATIENCE },
  );
}

/** Appends steps to a live run's log; milliseconds from each step's time to the frame after it was drawn, ascending. */
async function tell(frame: FrameLocator, log: string): Promise<readonly number[]> {
  const watching = frame.locator('body').evaluate(
    async (body, [last, patience]) => {
      const seen: [step: number, at: number][] = [];
      const began = performance.now();
      let latest = 1;
      while (latest < last) {
        if (performance.now() - began > patience) throw new Error(`drawn up to step ${latest} of ${last}`);
        const at =
          performance.timeOrigin + (await new Promise<number>((next) => requestAnimationFrame(next)));
        const plot = body.querySelector('.chart[aria-label="Loss"] .plot');
        const step = Number(plot?.getAttribute('aria-valuemax'));
        // Drawn since the frame before, so painted by it or by this one.
        for (latest++; latest <= step; latest++) seen.push([latest, at]);
        latest = Math.max(1, step);
      }
      return seen;
    },
    [TOLD, PATIENCE] as const,
  );
  const times = new Map<number, number>();
  for (let step = 2; step <= TOLD; step++) {
    const time = Date.now();
    times.set(step, time);
    appendFileSync(log, formatEventLine(stepOf(step, time)));
    await new Promise((resolve) => setTimeout(resolve, APART));
  }
  const seen = await watching;
  return seen.map(([step, at]) => at - (times.get(step) ?? NaN)).sort((a, b) => a - b);
}

/** What a process of VS Code or of the browser it is in has taken so far. */
interface Taken {
  /** Resident. */
  readonly bytes: number;
  /** Of the processor, milliseconds. */
  readonly ms: number;
}

/** VS Code's process that runs extensions; those of the browser that draw pages; and all of both. */
const PROCESSES = { host: '--type=extensionHost', pages: '--type=renderer', all: '' };

/** Of this process's descendants alone: others may run the same beside it. Linux only. */
function taken(): Readonly<Record<keyof typeof PROCESSES, Taken>> {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = /^PPid:\s+(\d+)/m.exec(readProcess(entry, 'status'))?.[1];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === process.pid || isOurs(parent));
  };
  const ours = [...parents.keys()].filter(isOurs);
  const sumOf = (mark: string): Taken => {
    const wanted = ours.filter((pid) => readProcess(pid, 'cmdline').includes(mark));
    const sum = (measure: (pid: number) => number) => wanted.reduce((all, pid) => all + measure(pid), 0);
    return { bytes: sum(residentBytes), ms: sum(processorMs) };
  };
  return { host: sumOf(PROCESSES.host), pages: sumOf(PROCESSES.pages), all: sumOf(PROCESSES.all) };
}

function residentBytes(pid: number): number {
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readProcess(pid, 'status'))?.[1] ?? 0);
}

/** Hundredths of a second are what Linux counts in. */
function processorMs(pid: number): number {
  const fields = readProcess(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
}

function readProcess(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
