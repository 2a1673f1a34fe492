import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readPlan } from '../../../src/formats/planFile';
import { RunWriter } from '../../../src/runs/runWriter';
import { readSweep, writeSweep } from '../../../src/runs/sweepFile';
import { runSweep, sweepOf, type SweepRunner } from '../../../src/runs/sweepSeries';
import { driveSweep, endSweep, sweepAgain, unfinishedSweep } from '../../../src/runs/unfinishedSweep';
import { temporaryFolder } from '../../support/temporary';
import { makeWorkspace, type Workspace } from '../../support/tinyWorkspace';

/** A process that is no more: pids begin at one, and that one is never a trainer of ours. */
const GONE = { version: 1, pid: 1, identity: 'of another boot', startedAt: 0 } as const;

let workspace: Workspace;
let plan: string;
/** Newest first. */
let trained: string[];
beforeEach(async () => {
  workspace = await makeWorkspace(await temporaryFolder());
  plan = await workspace.plan({ name: 'tiny' });
  trained = [];
});

/** Trains nothing: gives each run its folder as the trainer does, and answers as the test says. */
function runner(answer: (runs: number) => boolean | Error = () => true): SweepRunner {
  return {
    onStep: () => undefined,
    onFailure: () => undefined,
    train: async (file, onFolder) => {
      const { name = '', ...rest } = await readPlan(file);
      const writer = await RunWriter.create({ out: workspace.at('runs'), name, plan: { ...rest, name } });
      writer.close();
      trained.unshift(writer.folder);
      onFolder(writer.folder);
      const said = answer(trained.length);
      if (said instanceof Error) throw said;
      return said;
    },
  };
}

/** The window is gone after its first run. */
async function leftAfterOne() {
  const killed = new Error('killed');
  const sweep = await sweepOf(await readPlan(plan));
  await expect(
    runSweep(
      sweep,
      runner(() => killed),
    ),
  ).rejects.toBe(killed);
  const [first = ''] = trained;
  const own = (await readSweep(first))!;
  expect(await unfinishedSweep(trained)).toMatchObject({ driver: { pid: process.pid } });
  await writeSweep(first, { ...own, driver: GONE });
  return sweep;
}

test('a sweep whose window is gone is found by its newest run, and goes on to its end', async () => {
  const sweep = await leftAfterOne();
  const left = (await unfinishedSweep(trained))!;
  expect(left).toEqual({
    ...{ id: sweep.id, name: 'tiny', stages: [1, 0] },
    runs: [{ folder: trained[0], frozenStages: 1 }],
  });
  await driveSweep(left);
  expect(await unfinishedSweep(trained)).toMatchObject({ driver: { pid: process.pid } });
  const again = await sweepAgain(left, sweepOf);
  const told: number[] = [];
  const going = { ...runner(), onStep: (index: number) => void told.push(index) };
  const { folders, complete } = await runSweep(again, going, left.runs);
  expect([complete, told]).toEqual([true, [1]]);
  expect(folders).toEqual(trained.toReversed());
  const series = await Promise.all(folders.map((folder) => readSweep(folder)));
  expect(series.map((each) => [each?.id, each?.frozenStages])).toEqual([
    [sweep.id, 1],
    [sweep.id, 0],
  ]);
  const plans = await Promise.all(folders.map((folder) => readPlan(path.join(folder, 'plan.json'))));
  expect(plans.map(({ name }) => name)).toEqual(['tiny-frozen-1', 'tiny-frozen-0']);
  expect({ ...plans[1], name: '', phases: [] }).toEqual({ ...plans[0], name: '', phases: [] });
  await writeSweep(trained[0]!, { ...series[1]!, driver: GONE });
  expect(await unfinishedSweep(trained)).toBeUndefined();
});

test('a sweep that people have ended is not gone on with', async () => {
  await leftAfterOne();
  await endSweep(trained[0]);
  expect(await unfinishedSweep(trained)).toBeUndefined();
  // So is one that was cancelled while its run went on.
  const sweep = await sweepOf(await readPlan(plan));
  expect(
    await runSweep(
      sweep,
      runner(() => false),
    ),
  ).toMatchObject({ complete: false });
  expect(await readSweep(trained[0]!)).toMatchObject({ id: sweep.id, ended: true });
  expect(await unfinishedSweep(trained)).toBeUndefined();
});

test('only what people trained last is gone on with', async () => {
  await leftAfterOne();
  const other = await temporaryFolder();
  expect(await unfinishedSweep([other, ...trained])).toBeUndefined();
  expect(await unfinishedSweep([])).toBeUndefined();
  // Of an older version's series nobody knows what is left.
  const { id, frozenStages } = (await readSweep(trained[0]!))!;
  await writeSweep(trained[0]!, { id, frozenStages });
  expect(await unfinishedSweep(trained)).toBeUndefined();
});

test('a sweep whose model is another by now says so', async () => {
  await leftAfterOne();
  const left = (await unfinishedSweep(trained))!;
  await expect(sweepAgain({ ...left, stages: [2, 1, 0] }, sweepOf)).rejects.toMatchObject({
    code: 'SWEEP_CHANGED',
    message: expect.stringMatching(/found a model .* stages 1, 0, expected 2, 1, 0 as when/) as string,
  });
  await rm(workspace.at('tiny.h5'));
  await expect(sweepAgain(left, sweepOf)).rejects.toMatchObject({ code: 'FILE_MISSING' });
  await writeFile(path.join(trained[0]!, 'plan.json'), '{}');
  await expect(sweepAgain(left, sweepOf)).rejects.toMatchObject({ kind: 'input' });
});
