import { spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { planSchema, type Plan } from '../../../src/core/plan/plan';
import type { RunEvent } from '../../../src/core/run/events';
import { formatEventLine } from '../../../src/runs/eventLine';
import { listRuns } from '../../../src/runs/listRuns';
import { parseRunFolderName, runFolderName } from '../../../src/runs/runFolder';
import { currentProcess, isAlive } from '../../../src/runs/runProcess';
import { readRun } from '../../../src/runs/runReader';
import { tailRun } from '../../../src/runs/runTail';
import { RunWriter } from '../../../src/runs/runWriter';
import { temporaryFolder } from '../../support/temporary';

const start: RunEvent = {
  type: 'start',
  time: 1_700_000_000_000,
  version: 1,
  name: 'digits',
  engine: 'cpu',
  device: 'JavaScript',
  epochs: 2,
  stepsPerEpoch: 3,
  trainSamples: 10,
  validationSamples: 2,
  batchSize: 4,
  classes: ['a', 'b'],
  totalParams: 7,
  trainableParams: 5,
};
const step = (number: number): RunEvent => ({
  type: 'step',
  time: start.time + number,
  step: number,
  epoch: 1,
  metrics: { loss: 1 / number },
});
const end: RunEvent = { type: 'end', time: start.time + 100, status: 'finished', model: ['model/model.h5'] };

function planIn(folder: string): Plan {
  return planSchema.parse({
    version: 1,
    model: path.join(folder, 'models', 'digits.h5'),
    recipe: path.join(folder, 'digits.surgery.json'),
    data: { kind: 'images', train: path.join(folder, 'data') },
    phases: [{ epochs: 2, optimizer: { kind: 'sgd' } }],
    out: path.join(folder, 'runs'),
  });
}

async function writtenRun(events: readonly RunEvent[]): Promise<string> {
  const folder = await temporaryFolder();
  const writer = await RunWriter.create({
    out: path.join(folder, 'runs'),
    name: 'digits',
    plan: planIn(folder),
  });
  for (const event of events) writer.append(event);
  writer.close();
  return writer.folder;
}

/** Says of a run folder that another process writes it. */
async function pretendProcess(run: string, pid: number, identity: string | null): Promise<void> {
  await writeFile(
    path.join(run, 'process.json'),
    JSON.stringify({ version: 1, pid, identity, startedAt: 0 }),
  );
}

async function until(condition: () => boolean, what: string): Promise<void> {
  await expect.poll(condition, { message: `waited for ${what}`, interval: 10 }).toBe(true);
}

describe("a run folder's name", () => {
  it('sorts by time and can be read back', () => {
    const name = runFolderName(Date.UTC(2026, 10, 21, 23, 5, 9, 123), 'my model');
    expect(name).toBe('2026-11-21T23-05-09Z-my-model');
    expect(parseRunFolderName(`/x/${name}`)).toEqual({
      name: 'my-model',
      startedAt: Date.UTC(2026, 10, 21, 23, 5, 9),
    });
  });

  it.each([
    ['../../etc', 'etc'],
    ['Größe: "5"', 'Größe-5'],
    ['...', 'run'],
    ['x'.repeat(500), 'x'.repeat(64)],
  ])('makes a safe name of %j', (name, slug) => {
    expect(runFolderName(0, name)).toBe(`1970-01-01T00-00-00Z-${slug}`);
  });
});

describe('writing a run', () => {
  it('writes the plan and the recipe as they stand in the run folder', async () => {
    const folder = await temporaryFolder();
    const recipe = {
      version: 1 as const,
      base: { path: path.join(folder, 'models', 'digits.h5'), sha256: 'a'.repeat(64), bytes: 3 },
      operations: [
        { op: 'graft' as const, donor: path.join(folder, 'models', 'vgg.h5'), after: 'relu' },
        { op: 'warmStart' as const, from: { path: path.join(folder, 'net.pth') } },
      ],
      freeze: [],
    };
    const writer = await RunWriter.create({
      out: path.join(folder, 'runs'),
      name: 'd',
      plan: planIn(folder),
      recipe,
    });
    writer.close();
    const read = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(path.join(writer.folder, name), 'utf8'));
    expect(await read('plan.json')).toMatchObject({
      model: '../../models/digits.h5',
      recipe: 'recipe.json',
      data: { train: '../../data', validation: 0.2 },
      out: '..',
    });
    expect(await read('recipe.json')).toMatchObject({
      base: { path: '../../models/digits.h5' },
      operations: [{ donor: '../../models/vgg.h5' }, { from: { path: '../../net.pth' } }],
    });
    expect(await read('process.json')).toMatchObject({ version: 1, pid: process.pid });
  });

  it('gives two runs of one second a folder each', async () => {
    const folder = await temporaryFolder();
    const create = () => RunWriter.create({ out: folder, name: 'same', plan: planIn(folder) });
    const [first, second] = await Promise.all([create(), create()]);
    first.close();
    second.close();
    expect(first.folder).not.toBe(second.folder);
  });

  it('says where it cannot write', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'runs'), 'a file');
    const create = RunWriter.create({ out: path.join(folder, 'runs'), name: 'd', plan: planIn(folder) });
    await expect(create).rejects.toMatchObject({
      kind: 'work',
      code: 'RUN_WRITE',
      path: path.join(folder, 'runs'),
    });
  });
});

describe('reading a run', () => {
  it('gives back what was written', async () => {
    const run = await writtenRun([start, step(1), end]);
    const record = await readRun(run);
    expect(record).toMatchObject({ name: 'digits', startedAt: start.time, status: 'finished' });
    expect(record.events).toEqual([start, step(1), end]);
    expect(record.plan?.model).toBe('../../models/digits.h5');
    expect(record.problems).toEqual([]);
  });

  it('reads a log that was cut off at any byte', async () => {
    const run = await writtenRun([start, step(1), step(2)]);
    const file = path.join(run, 'events.jsonl');
    const whole = await readFile(file);
    const lines = [start, step(1), step(2)].map((event) => Buffer.byteLength(formatEventLine(event)));
    for (let cut = 0; cut <= whole.length; cut += 1) {
      await writeFile(file, whole.subarray(0, cut));
      const { events, bytes, problems } = await readRun(run);
      let ends = 0;
      const expected = lines.filter((length) => (ends += length) <= cut);
      expect(events).toHaveLength(expected.length);
      expect(bytes).toBe(expected.reduce((sum, length) => sum + length, 0));
      expect(problems).toEqual([]);
    }
  });

  it('leaves out what it does not understand, and says so', async () => {
    const run = await writtenRun([start]);
    await appendFile(
      path.join(run, 'events.jsonl'),
      `{"type":"weather","time":1}\nnot json\n{"type":"step","time":1}\n${formatEventLine(step(1))}`,
    );
    const { events, problems } = await readRun(run);
    expect(events).toEqual([start, step(1)]);
    expect(problems.map(({ code, message }) => [code, message.slice(message.indexOf(': ') + 2)])).toEqual([
      ['EVENT_BROKEN', 'line 3 is no event; it was left out'],
      ['EVENT_BROKEN', 'line 4 is no event; it was left out'],
      ['EVENT_UNKNOWN', 'events of type "weather" are not known here and were left out'],
    ]);
  });

  it('reads a folder of which hardly anything is left', async () => {
    const run = path.join(await temporaryFolder(), '2026-11-21T23-05-09Z-digits');
    await mkdir(run);
    const { name, status, events, problems } = await readRun(run);
    expect({ name, status, events }).toEqual({ name: 'digits', status: 'lost', events: [] });
    expect(problems.map((problem) => path.basename(problem.path))).toEqual([
      'process.json',
      'events.jsonl',
      'plan.json',
    ]);
  });

  it('refuses what is no folder', async () => {
    await expect(readRun(path.join(await temporaryFolder(), 'x'))).rejects.toMatchObject({
      code: 'RUN_MISSING',
    });
  });
});

describe('the status of a run', () => {
  it('is running while its process lives', async () => {
    const run = await writtenRun([start]);
    expect((await readRun(run)).status).toBe('running');
  });

  it('is starting before the first event', async () => {
    expect((await readRun(await writtenRun([]))).status).toBe('starting');
  });

  it('is lost when the process has gone, or is another with its number', async () => {
    const run = await writtenRun([start]);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    const pid = child.pid ?? 0;
    await pretendProcess(run, pid, 'boot:12345');
    expect((await readRun(run)).status).toBe('lost');
    await pretendProcess(run, pid, null);
    expect((await readRun(run)).status).toBe('running');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect((await readRun(run)).status).toBe('lost');
  });

  it('knows this process from any other', async () => {
    const self = await currentProcess();
    expect(await isAlive(self)).toBe(true);
    expect(await isAlive({ ...self, identity: `${self.identity}0` })).toBe(false);
  });
});

describe('listing runs', () => {
  it('gives the newest first and leaves other folders out', async () => {
    const out = path.join(await temporaryFolder(), 'runs');
    const plan = planIn(out);
    const write = async (name: string, time: number, ...events: readonly RunEvent[]) => {
      const writer = await RunWriter.create({ out, name, plan });
      writer.append({ ...start, name, time });
      for (const event of events) writer.append(event);
      writer.close();
    };
    await write('old', 1000, end);
    await write('new', 3000);
    await write('long', 2000, ...Array.from({ length: 2000 }, (_, index) => step(index + 1)), end);
    await mkdir(path.join(out, 'something else'));
    expect((await listRuns(out)).map(({ name, status }) => [name, status])).toEqual([
      ['new', 'running'],
      ['long', 'finished'],
      ['old', 'finished'],
    ]);
    expect(await listRuns(path.join(out, 'nowhere'))).toEqual([]);
  });
});

describe('following a run', () => {
  it('tells each event once, whole, and the status as it changes', async () => {
    const run = await writtenRun([start]);
    const file = path.join(run, 'events.jsonl');
    const events: RunEvent[] = [];
    const statuses: string[] = [];
    const tail = tailRun(
      run,
      { onEvents: (appended) => events.push(...appended), onStatus: (status) => statuses.push(status) },
      { pollMs: 20 },
    );
    onTestFinished(() => tail.dispose());
    await until(() => events.length === 1, 'the start');
    const line = formatEventLine(step(1));
    await appendFile(file, line.slice(0, 10));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(events).toHaveLength(1);
    await appendFile(file, `${line.slice(10)}${formatEventLine(step(2))}`);
    await until(() => events.length === 3, 'two steps');
    await appendFile(file, formatEventLine(end));
    await until(() => statuses.at(-1) === 'finished', 'the end');
    expect(events).toEqual([start, step(1), step(2), end]);
    expect(statuses).toEqual(['running', 'finished']);
  });

  it('goes on after what was read', async () => {
    const run = await writtenRun([start, step(1)]);
    const file = path.join(run, 'events.jsonl');
    const after = await readRun(run);
    const events: RunEvent[] = [];
    const tail = tailRun(run, { onEvents: (appended) => events.push(...appended) }, { after, pollMs: 20 });
    onTestFinished(() => tail.dispose());
    await appendFile(file, formatEventLine(step(2)));
    await until(() => events.length > 0, 'the second step');
    expect(events).toEqual([step(2)]);
  });

  it('says that a run is lost when its process goes without an end', async () => {
    const run = await writtenRun([start]);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await pretendProcess(run, child.pid ?? 0, null);
    const statuses: string[] = [];
    const tail = tailRun(run, { onStatus: (status) => statuses.push(status) }, { pollMs: 20 });
    onTestFinished(() => tail.dispose());
    await until(() => statuses.length === 1, 'the first status');
    child.kill('SIGKILL');
    await until(() => statuses.length === 2, 'the second status');
    expect(statuses).toEqual(['running', 'lost']);
  });

  it('waits for a folder that comes later, and is silent once disposed', async () => {
    const folder = await temporaryFolder();
    const run = await writtenRun([start]);
    const later = path.join(folder, 'later');
    const events: RunEvent[] = [];
    const tail = tailRun(later, { onEvents: (appended) => events.push(...appended) }, { pollMs: 20 });
    await mkdir(later);
    await writeFile(path.join(later, 'events.jsonl'), await readFile(path.join(run, 'events.jsonl')));
    await until(() => events.length === 1, 'the start');
    tail.dispose();
    await appendFile(path.join(later, 'events.jsonl'), formatEventLine(step(1)));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(events).toEqual([start]);
    await rm(later, { recursive: true });
  });
});
