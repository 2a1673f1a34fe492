import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program';
import { parsePlan } from '../../../src/core/plan/parsePlan';
import type { RunEvent } from '../../../src/core/run/events';
import { writeNotes } from '../../../src/runs/runNotes';
import { RunWriter } from '../../../src/runs/runWriter';
import { temporaryFolder } from '../../support/temporary';

let out: string;
beforeEach(async () => {
  out = path.join(await temporaryFolder(), 'runs');
});

async function run(...argv: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runProgram(['runs', ...argv, '--out', out], {
    write: (text) => void stdout.push(text),
    warn: (line) => void stderr.push(`${line}\n`),
    columns: undefined,
    trainerEntry: 'no-trainer.js',
    onInterrupt: () => () => undefined,
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}

const epoch = (number: number, accuracy: number): RunEvent => ({
  ...{ type: 'epoch', time: 1000 * number, epoch: number, step: number, seconds: 1, samplesPerSecond: 8 },
  metrics: { loss: 1 / number, accuracy },
});

/** A run of two epochs; its folder. */
async function write(name: string, accuracy: number, batchSize = 4): Promise<string> {
  const plan = parsePlan({
    version: 1,
    model: path.join(out, '..', 'digits.h5'),
    data: { kind: 'images', train: path.join(out, '..', 'data') },
    phases: [{ epochs: 2, optimizer: { kind: 'sgd' } }],
    batchSize,
    out,
  });
  const writer = await RunWriter.create({ out, name, plan });
  writer.append({
    type: 'start',
    time: 0,
    version: 1,
    name,
    ...{ engine: 'cpu', device: 'JavaScript', epochs: 2, stepsPerEpoch: 1, trainSamples: 8 },
    ...{ validationSamples: 0, batchSize, classes: [], totalParams: 7, trainableParams: 5 },
  });
  writer.append({ type: 'step', time: 1, step: 1, epoch: 1, metrics: { loss: 2, accuracy: 0.1 } });
  writer.append(epoch(1, accuracy));
  writer.append(epoch(2, accuracy / 2));
  await mkdir(path.join(writer.folder, 'model'));
  await writeFile(path.join(writer.folder, 'model', 'model.h5'), 'bytes');
  writer.append({ type: 'end', time: 3000, status: 'finished', model: ['model/model.h5'] });
  writer.close();
  return writer.folder;
}

describe('runs list', () => {
  test('lists none where there are none', async () => {
    expect(await run('list')).toEqual({ status: 0, stdout: `no runs in ${out}\n`, stderr: '' });
  });

  test('lists them by a metric, with what is wrong with them', async () => {
    await write('worse', 0.5);
    const better = await write('better', 0.75);
    await rm(path.join(better, 'plan.json'));
    const { stdout } = await run('list', '--sort', 'accuracy');
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^run +status +best +epoch +epochs +seconds +trained$/);
    expect(lines[1]).toMatch(/-better +finished +accuracy 0\.7500 +1 +2 +3 +5 +1 problem$/);
    expect(lines[2]).toMatch(/-worse +finished +accuracy 0\.5000 +1 +2 +3 +5$/);
    const { runs } = JSON.parse((await run('list', '--name', 'worse', '--json')).stdout) as {
      runs: object[];
    };
    expect(runs).toMatchObject([
      {
        name: 'worse',
        status: 'finished',
        startedAt: '1970-01-01T00:00:00.000Z',
        best: { metric: 'loss', epoch: 2 },
      },
    ]);
  });

  test('goes by the name and the tags that people gave a run', async () => {
    await writeNotes(await write('digits', 0.5), { name: 'The one', tags: ['best so far'] });
    const { runs } = JSON.parse((await run('list', '--name', 'so far', '--json')).stdout) as {
      runs: object[];
    };
    expect(runs).toMatchObject([{ name: 'The one', tags: ['best so far'] }]);
  });

  test('lists a folder that is only half written, and passes one over that is no run', async () => {
    const half = await write('half', 0.5);
    await writeFile(path.join(half, 'events.jsonl'), '{"type":"sta');
    await mkdir(path.join(out, 'notes'));
    const { stdout, status } = await run('list');
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).toMatch(/-half +starting +– +– +0 +0 +–\n/);
  });

  test('refuses a status that there is not', async () => {
    const { status, stderr } = await run('list', '--status', 'done');
    expect([status, stderr]).toEqual([
      2,
      'error OPTION_VALUE: --status: found "done", expected one of starting, running, finished, stopped, failed, lost\n',
    ]);
  });
});

describe('runs show', () => {
  test('prints a report, and says where the model is gone', async () => {
    const folder = await write('digits', 0.5);
    await rm(path.join(folder, 'model'), { recursive: true });
    const { stdout } = await run('show', path.basename(folder));
    expect(stdout).toContain('# digits\n');
    expect(stdout).toContain('| accuracy | 0.2500 | 0.2500 |');
    expect(stdout).toContain('model.h5: the model that the run wrote is not there any more');
  });

  test('prints steps and epochs as CSV', async () => {
    const { stdout } = await run('show', await write('digits', 0.5), '--csv');
    expect(stdout.split('\n').map((line) => line.split(',').slice(0, 3).join())).toEqual([
      'kind,epoch,step',
      'step,1,1',
      'epoch,1,1',
      'epoch,2,2',
      '',
    ]);
  });

  test('saves a report with its pictures, and the metrics, whole and over nothing', async () => {
    const folder = await write('digits', 0.5);
    const report = path.join(out, '..', 'my #1 report.md');
    expect(await run('show', folder, '--save', report)).toMatchObject({
      status: 0,
      stdout: `wrote ${report}\n`,
    });
    const text = await readFile(report, 'utf8');
    expect(text).toContain('![Loss](<my%20%231%20report-pictures/loss.svg>)');
    expect(text).toContain('![Accuracy](<my%20%231%20report-pictures/accuracy.svg>)');
    const svg = await readFile(path.join(out, '..', 'my #1 report-pictures', 'loss.svg'), 'utf8');
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect((await run('show', folder, '--save', report)).stderr).toContain('error FILE_EXISTS');
    expect((await run('show', folder, '--save', report, '--force')).status).toBe(0);
    const csv = path.join(out, '..', 'digits.csv');
    await run('show', folder, '--csv', '--save', csv);
    expect((await readFile(csv, 'utf8')).split('\n')[0]).toMatch(/^kind,epoch,step,time,loss,accuracy,/);
    expect((await run('show', folder, '--json', '--save', csv)).status).toBe(2);
    const left = await readdir(path.join(out, '..'), { recursive: true });
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('shows a torn line, a newer plan, events of a newer version and NaN as what they are', async () => {
    const folder = await write('digits', 0.5);
    const plan = JSON.parse(await readFile(path.join(folder, 'plan.json'), 'utf8')) as object;
    await writeFile(path.join(folder, 'plan.json'), JSON.stringify({ ...plan, version: 7 }));
    const more =
      '{"type":"epo\n{"type":"weather","time":1}\n' +
      '{"type":"epoch","time":4000,"epoch":3,"step":3,"metrics":{"loss":null},"seconds":1,"samplesPerSecond":1}\n{"torn';
    await appendFile(path.join(folder, 'events.jsonl'), more);
    const { status, stdout } = await run('show', folder);
    expect(status).toBe(0);
    for (const said of [
      'plan.json: found version 7, expected at most 2; a newer Model Surgery wrote it, update this one',
      'is no event; it was left out',
      'events of type "weather" are not known here and were left out',
      '| loss | 0.5000 | NaN |',
    ])
      expect(stdout).toContain(said);
  });

  test('refuses what is not there, and two forms at once', async () => {
    expect((await run('show', 'nothing')).stderr).toMatch(
      /^error RUN_MISSING: .*nothing there, expected the folder of a run\n$/,
    );
    expect((await run('show', await write('digits', 0.5), '--csv', '--markdown')).status).toBe(2);
  });
});

describe('runs steer', () => {
  /** A run of this very process, which hears nothing itself. */
  async function going() {
    const folder = await write('live', 0.5);
    const events = path.join(folder, 'events.jsonl');
    const lines = (await readFile(events, 'utf8')).trim().split('\n');
    await writeFile(events, `${lines.slice(0, -1).join('\n')}\n`);
    await writeFile(path.join(folder, 'steering.jsonl'), '');
    const asked = async () =>
      (await readFile(path.join(folder, 'steering.jsonl'), 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown);
    return { folder, asked };
  }

  test.each([
    [['pause'], { type: 'pause' }],
    [['resume'], { type: 'resume' }],
    [['checkpoint'], { type: 'saveCheckpoint' }],
    [['rate', '1e-4'], { type: 'setLearningRate', learningRate: 1e-4 }],
  ])('asks a run through its folder: %j', async (words, message) => {
    const { folder, asked } = await going();
    expect(await run('steer', folder, ...words)).toEqual({
      status: 0,
      stdout: '',
      stderr: `asked ${folder}\n`,
    });
    expect(await asked()).toEqual([expect.objectContaining(message)]);
  });

  test.each([
    [[], 'takes pause, resume, checkpoint, stop or rate X, found ""'],
    [['explode'], 'takes pause, resume, checkpoint, stop or rate X, found "explode"'],
    [['pause', 'now'], 'found "pause now"'],
    [['rate'], 'found "rate"'],
    [['rate', '0'], 'rate: found "0", expected a number above 0'],
    [['rate', 'fast'], 'rate: found "fast", expected a number above 0'],
  ])('refuses other words and asks nothing: %j', async (words, text) => {
    const { folder, asked } = await going();
    const { status, stderr } = await run('steer', folder, ...words);
    expect([status, stderr]).toEqual([2, expect.stringContaining(text)]);
    expect(await asked()).toEqual([]);
  });

  test('refuses a run that is over', async () => {
    const folder = await write('over', 0.5);
    const { status, stderr } = await run('steer', folder, 'pause');
    expect([status, stderr]).toEqual([
      2,
      `error RUN_OVER: ${folder}: the run is finished, expected one that is going on\n`,
    ]);
  });
});

describe('runs compare', () => {
  test('prints what differs beside what came out', async () => {
    const [one, two] = [await write('one', 0.5, 4), await write('two', 0.75, 8)];
    const { stdout, stderr } = await run('compare', one, path.basename(two), '--metric', 'accuracy');
    expect(stderr).toBe('');
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(lines).toContainEqual(['batchSize', '4', '8']);
    expect(lines).toContainEqual(['best epoch', '1', '1']);
    expect(lines).toContainEqual(['accuracy (best epoch)', '0.5000', '0.7500']);
    expect(lines.map(([name]) => name)).not.toContain('model');
  });

  test('as JSON is the comparison itself', async () => {
    const [one, two] = [await write('one', 0.5), await write('two', 0.75)];
    const { stdout } = await run('compare', one, two, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ name: 'one' }, { name: 'two' }],
      ...{ operations: [], freezeSets: [], plan: [] },
    });
  });

  test('takes two runs at least', async () => {
    const { status, stderr } = await run('compare', 'one');
    expect([status, stderr]).toEqual([
      2,
      'error OPERAND: runs takes list, show RUN, compare RUN RUN… or steer RUN …, found "compare one"\n',
    ]);
  });
});
