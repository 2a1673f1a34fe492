import { readdirSync } from 'node:fs';
import path from 'node:path';
import { compareRuns } from '../../../src/core/run/compare';
import type { RunEvent } from '../../../src/core/run/events';
import { historyOf } from '../../../src/core/run/history';
import { metricNames } from '../../../src/core/run/outcome';
import type { RunView } from '../../../src/protocol/runPanel';
import { readNotedRun, type NotedRun } from '../../../src/runs/notedRun';
import { readSweep } from '../../../src/runs/sweepFile';
import { repository } from '../../support/python';
import type { Panel } from './openPanel';

/** A freeze sweep of the sample, as a real trainer wrote it. */
const SWEEP = path.join(repository, 'test/fixtures/runs');

export interface ReadRun extends NotedRun {
  readonly view: RunView;
}

/** The runs of the sweep, from all frozen to nothing frozen. */
export async function sweptRuns(): Promise<readonly ReadRun[]> {
  return Promise.all(
    readdirSync(SWEEP)
      .sort()
      .map(async (name) => {
        const run = await readNotedRun(path.join(SWEEP, name));
        const { folder: id, status, startedAt } = run;
        return { ...run, view: { id, name: run.name, status, startedAt } };
      }),
  );
}

/** What the host would say of them before anything is chosen. */
export async function tellRuns(
  panel: Panel,
  runs: readonly ReadRun[],
  place: 'panel' | 'tab' = 'tab',
): Promise<void> {
  const views = runs.map(({ view }) => view);
  await panel.send({ type: 'runs', protocol: 1, runs: views, shown: views[0]?.id ?? null, place });
  if (runs[0]) await panel.send({ type: 'history', run: runs[0].view, events: runs[0].events });
}

export async function tellSeries(panel: Panel, runs: readonly ReadRun[]): Promise<void> {
  const read = await Promise.all(runs.map(({ folder }) => readSweep(folder)));
  const id = read[0]?.id ?? '';
  await panel.send({ type: 'series', series: [{ id, runs: runs.map(({ folder }) => folder) }] });
}

/** Answers the newest choice of the page as the host would; gives back the runs that were chosen. */
export async function answerChoice(panel: Panel, runs: readonly ReadRun[]): Promise<readonly string[]> {
  const choice = (await panel.postsOf('compareRuns')).at(-1);
  if (!choice) throw new Error('the page has not asked for a comparison');
  for (const id of choice.ids.filter((each) => !choice.known.includes(each))) {
    await tellHistory(panel, id, runs.find(({ folder }) => folder === id)?.events ?? []);
  }
  await tellTable(panel, runs, choice.ids, choice.monitor);
  return choice.ids;
}

export async function tellHistory(panel: Panel, id: string, events: readonly RunEvent[]): Promise<void> {
  const history = historyOf(events);
  const steps = {
    ...history.steps,
    // The debugger's wire has no typed arrays; VS Code's has.
    step: [...history.steps.step],
    epoch: [...history.steps.epoch],
    time: [...history.steps.time],
    metrics: Object.fromEntries(
      Object.entries(history.steps.metrics).map(([name, column]) => [name, [...column]]),
    ),
  };
  const message = { type: 'comparedHistory', id, ...history, steps, continues: false, more: false };
  await panel.page.evaluate((sent) => {
    const whole = (column: readonly number[]) => Float64Array.from(column);
    const { metrics, step, epoch, time } = sent.steps;
    const columns = {
      ...sent.steps,
      step: whole(step),
      epoch: whole(epoch),
      time: whole(time),
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, column]) => [name, whole(column)])),
    };
    window.postMessage({ ...sent, steps: columns });
  }, message);
}

export async function tellTable(
  panel: Panel,
  runs: readonly ReadRun[],
  ids: readonly string[],
  monitor: string | null = null,
): Promise<void> {
  const compared = ids.flatMap((id) => runs.find(({ folder }) => folder === id) ?? []);
  if (compared.length < 2) return;
  const measured = compared.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'epoch' ? [event.metrics] : [])),
  );
  await panel.send({
    type: 'comparison',
    ids,
    comparison: compareRuns(compared, monitor ?? undefined),
    monitors: metricNames(measured),
  });
}
