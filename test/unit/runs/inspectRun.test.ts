import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parsePlan } from '../../../src/core/plan/parsePlan';
import type { RunEvent } from '../../../src/core/run/events';
import { inspectRun } from '../../../src/runs/inspectRun';
import { summarizeRun } from '../../../src/runs/listRuns';
import { RunWriter } from '../../../src/runs/runWriter';
import { temporaryFolder } from '../../support/temporary';

/** A process that is no more: pids begin at one, and that one is never a trainer of ours. */
const GONE = { version: 1, pid: 1, identity: 'of another boot', startedAt: 0 };

const plan = parsePlan({
  version: 1,
  model: 'digits.h5',
  data: { kind: 'images', train: 'data' },
  phases: [{ epochs: 2, optimizer: { kind: 'sgd' } }],
});
const start: RunEvent = {
  ...{ type: 'start', time: 0, version: 1, name: 'digits', engine: 'cpu', device: 'JavaScript', epochs: 2 },
  ...{ stepsPerEpoch: 1, trainSamples: 8, validationSamples: 0, batchSize: 4, classes: [] },
  ...{ totalParams: 7, trainableParams: 5 },
};
const end: RunEvent = { type: 'end', time: 9, status: 'finished', model: ['model/model.h5'] };

let folder: string;
const file = (name: string) => path.join(folder, name);

/** A run that came to its end, with its model. */
beforeEach(async () => {
  const writer = await RunWriter.create({ out: await temporaryFolder(), name: 'digits', plan });
  ({ folder } = writer);
  writer.append(start);
  writer.append({ type: 'step', time: 1, step: 1, epoch: 1, metrics: { loss: 2 } });
  writer.append(end);
  writer.close();
  await mkdir(file('model'));
  await writeFile(file('model/model.h5'), 'bytes');
  await writeFile(file('log.txt'), 'words');
});

const kill = () => writeFile(file('process.json'), JSON.stringify(GONE));
const faults = async () => (await inspectRun(folder)).faults;

describe('a run’s folder', () => {
  test('with all that belongs there has no fault', async () => {
    expect(await inspectRun(folder)).toEqual({
      ...{ faults: [], canResume: false, canTrainAgain: true, hasLog: true },
    });
    expect((await summarizeRun(folder))?.fault).toBeUndefined();
  });

  test('that is not there is gone', async () => {
    await rm(folder, { recursive: true });
    expect(await inspectRun(folder)).toMatchObject({ faults: ['gone'], canTrainAgain: false, hasLog: false });
  });

  test('half written, without a plan and a word, is empty once its trainer is gone', async () => {
    await writeFile(file('events.jsonl'), '{"type":"sta');
    // This process wrote it, and lives: it may write the rest.
    expect(await faults()).toEqual([]);
    await kill();
    expect(await faults()).toEqual(['empty', 'torn']);
    await rm(file('plan.json'));
    await rm(file('events.jsonl'));
    expect(await inspectRun(folder)).toMatchObject({
      faults: ['empty', 'planMissing'],
      ...{ canResume: false, canTrainAgain: false },
    });
    expect(await summarizeRun(folder)).toMatchObject({ status: 'lost', fault: 'empty' });
  });

  test('from a newer version is known by its start, its last event or its plan', async () => {
    await appendFile(file('events.jsonl'), '{"type":"weather","time":1}\n');
    expect(await faults()).toEqual(['newer']);
    await writeFile(
      file('events.jsonl'),
      `${JSON.stringify({ ...start, version: 2 })}\n${JSON.stringify(end)}\n`,
    );
    expect(await faults()).toEqual(['newer']);
    await writeFile(file('plan.json'), JSON.stringify({ ...plan, version: 7 }));
    expect(await faults()).toEqual(['newer', 'planNewer']);
    await writeFile(file('plan.json'), '{"ver');
    expect(await faults()).toEqual(['newer', 'planBroken']);
    expect((await summarizeRun(folder))?.fault).toBe('newer');
  });

  test('without its model says so, and not while one of its files is there', async () => {
    await rm(file('model'), { recursive: true });
    expect(await faults()).toEqual(['modelMissing']);
    expect((await summarizeRun(folder))?.fault).toBe('modelMissing');
  });

  test('that was killed can be resumed from a checkpoint, its torn line told of', async () => {
    await writeFile(file('events.jsonl'), `${JSON.stringify(start)}\n{"type":"st`);
    await kill();
    expect(await inspectRun(folder)).toMatchObject({ faults: ['torn'], canResume: false });
    await mkdir(file('checkpoints/epoch-0001'), { recursive: true });
    expect(await inspectRun(folder)).toMatchObject({ canResume: true, canTrainAgain: true });
    await rm(file('plan.json'));
    expect(await inspectRun(folder)).toMatchObject({ faults: ['planMissing', 'torn'], canResume: false });
  });
});
