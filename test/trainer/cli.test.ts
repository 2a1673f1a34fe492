import { spawn } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/core/run/events';
import type { RateFound } from '../../src/protocol/trainer';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { carryOut, openWorkspace, trainerEntry, weightBytes } from './workspace';

const CLI = path.join(path.dirname(trainerEntry), 'cli.js');
const DIGITS = path.join(repository, 'samples/digits-5-9');

const RECIPE = {
  version: 1,
  operations: [
    { op: 'cut', after: 'flatten' },
    {
      op: 'append',
      after: 'flatten',
      layers: [{ kind: 'Dense', name: 'head', config: { units: 5, activation: 'softmax' } }],
    },
  ],
  freeze: [{ match: { upTo: 'flatten' } }],
};

/** A folder with the sample model, the recipe above and a plan of so many epochs. */
async function workspace(epochs: number): Promise<string> {
  const folder = await temporaryFolder();
  await cp(path.join(repository, 'samples/digits-0-4.h5'), path.join(folder, 'digits.h5'));
  await writeFile(path.join(folder, 'digits.surgery.json'), JSON.stringify(RECIPE));
  const plan = {
    version: 1,
    model: 'digits.h5',
    recipe: 'digits.surgery.json',
    data: { kind: 'images', train: DIGITS, validation: 0.2, preprocess: 'unit' },
    phases: [{ epochs, optimizer: { kind: 'adam', learningRate: 0.001 } }],
    engine: 'wasm',
  };
  await writeFile(path.join(folder, 'digits.plan.json'), JSON.stringify(plan));
  return folder;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built program. `watch` is given its standard output so far, and a way to interrupt it. */
function run(
  folder: string,
  argv: readonly string[],
  watch?: (stdout: string, interrupt: () => void) => void,
) {
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout.push(text);
      watch?.(stdout.join(''), () => child.kill('SIGINT'));
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout: stdout.join(''), stderr: stderr.join('') }));
  });
}

const eventsIn = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);

describe('model-surgery train', () => {
  test('trains, tells it in lines, and the result predicts', async () => {
    const folder = await workspace(2);
    const trained = await run(folder, ['train', 'digits.plan.json']);
    expect(trained).toMatchObject({ status: 0, stderr: '' });
    const lines = trained.stdout.trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'run',
      'digits:',
      'phase',
      'frozen',
      'epoch',
      'epoch',
      'finished:',
    ]);
    // No terminal, no redrawing.
    expect(trained.stdout).not.toMatch(/[\r\u001b]/);
    expect(Number(/val_accuracy ([\d.]+)/.exec(lines[5] ?? '')?.[1])).toBeGreaterThan(0.85);

    const model = path.join(/^run (.*)$/m.exec(trained.stdout)?.[1] ?? '', 'model');
    const image = path.join(DIGITS, '7', (await readdir(path.join(DIGITS, '7'))).toSorted()[0] ?? '');
    const predicted = await run(folder, ['predict', model, '--input', image, '--top', '1', '--json']);
    expect(predicted).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(predicted.stdout)).toMatchObject({
      shape: [1, 5],
      predictions: [{ top: [{ label: '7' }] }],
    });
  });

  test('with --json prints the events of the run, and nothing else', async () => {
    const folder = await workspace(1);
    const { status, stdout, stderr } = await run(folder, ['train', 'digits.plan.json', '--json']);
    expect(status).toBe(0);
    const runFolder = /^run (.*)\n$/.exec(stderr)?.[1] ?? '';
    expect(stdout).toBe(await readFile(path.join(runFolder, 'events.jsonl'), 'utf8'));
    expect([eventsIn(stdout)[0]?.type, eventsIn(stdout).at(-1)?.type]).toEqual(['start', 'end']);
  });

  test('stops when interrupted, keeps what was learned and ends with 130', async () => {
    const folder = await workspace(500);
    const ended = await run(folder, ['train', 'digits.plan.json', '--json'], (stdout, interrupt) => {
      if (stdout.includes('"type":"epoch"')) interrupt();
    });
    expect(ended.status).toBe(130);
    expect(ended.stderr).toContain('interrupted: ');
    const end = eventsIn(ended.stdout).at(-1);
    expect(end).toMatchObject({ type: 'end', status: 'stopped' });
    const runFolder = /^run (.*)$/m.exec(ended.stderr)?.[1] ?? '';
    const summary = await run(folder, ['summary', path.join(runFolder, 'model', 'model.h5'), '--json']);
    expect(JSON.parse(summary.stdout)).toMatchObject({
      format: 'h5',
      outputs: [{ name: 'head', shape: [null, 5] }],
    });
  });
});

describe('model-surgery train --find-rate', () => {
  test('prints a table and a rate to begin with, and writes nothing', async () => {
    const folder = await workspace(1);
    const before = await readdir(folder);
    const found = await run(folder, ['train', 'digits.plan.json', '--find-rate']);
    expect(found).toMatchObject({ status: 0, stderr: '' });
    const [head, ...rows] = found.stdout.trimEnd().split('\n');
    expect(head).toBe('  rate        loss');
    expect(rows[0]).toMatch(/^ {2}1\.0e-7 {6}\d+\.\d{4}$/);
    const suggested = Number(/^suggested learning rate: (.*)$/.exec(rows.at(-1) ?? '')?.[1]);
    expect(suggested).toBeGreaterThan(1e-5);
    expect(suggested).toBeLessThan(1);
    expect(await readdir(folder)).toEqual(before);
  });

  test('prints what it tried as JSON', async () => {
    const folder = await workspace(1);
    const found = await run(folder, ['train', 'digits.plan.json', '--find-rate', '--json']);
    expect(found).toMatchObject({ status: 0, stderr: '' });
    const { suggested, tried } = JSON.parse(found.stdout) as RateFound;
    expect(tried.length).toBeGreaterThan(10);
    expect(tried.length).toBeLessThanOrEqual(100);
    expect(tried.map(({ learningRate }) => learningRate)).toContain(suggested);
  });
});

describe('model-surgery train --resume', () => {
  /** The folder of a run that was killed in the middle of its second epoch. */
  async function killed() {
    const space = await openWorkspace();
    const plan = await space.plan({ checkpoint: { every: 1, keep: 1 } });
    const heard = await carryOut({ type: 'train', plan }, { killAfter: '"step":8' });
    return { space, plan, folder: heard.folder ?? '' };
  }

  test('goes on with a run and ends it', async () => {
    const { space, plan, folder } = await killed();
    const resumed = await run(space.folder, ['train', '--resume', path.relative(space.folder, folder)]);
    expect(resumed).toMatchObject({ status: 0, stderr: '' });
    expect(resumed.stdout).toContain(`run ${folder}\n`);
    expect(resumed.stdout).toMatch(/^epoch 2\/2 /m);
    expect(resumed.stdout).not.toMatch(/^epoch 1\/2 /m);
    const whole = await carryOut({ type: 'train', plan });
    const result = (of = '') => weightBytes(path.join(of, 'model', 'model.h5'));
    expect(await result(folder)).toEqual(await result(whole.folder));

    const again = await run(space.folder, ['train', '--resume', folder]);
    expect(again.status).toBe(3);
    expect(again.stderr).toMatch(/^error RUN_FINISHED: .*cannot be resumed: it came to its end/);
  });

  test('with --json prints what happens from there on', async () => {
    const { space, folder } = await killed();
    const { length } = await readFile(path.join(folder, 'events.jsonl'), 'utf8');
    const resumed = await run(space.folder, ['train', 'tiny.plan.json', '--resume', folder, '--json']);
    expect(resumed).toMatchObject({ status: 0, stderr: `run ${folder}\n` });
    expect(resumed.stdout).toBe((await readFile(path.join(folder, 'events.jsonl'), 'utf8')).slice(length));
    const events = eventsIn(resumed.stdout);
    expect(events[0]).toMatchObject({ type: 'resumed', epoch: 1, checkpoint: 'checkpoints/epoch-0001' });
    expect(events.at(-1)).toMatchObject({ type: 'end', status: 'finished' });
  });

  test('refuses what it cannot go on with, in one line', async () => {
    const { space, folder } = await killed();
    await space.plan({ batchSize: 2, checkpoint: { every: 1, keep: 1 } });
    const cases: [string[], number, RegExp][] = [
      [['train', 'tiny.plan.json', '--resume', folder], 3, /^error RESUME_CHANGED: .*batchSize: found 2/],
      [
        ['train', '--resume', folder, '--find-rate'],
        2,
        /^error OPTION_VALUE: --find-rate begins with a plan/,
      ],
      [['train', '--resume', 'data'], 3, /^error [A-Z_]+: .*data/],
      [['train', '--resume'], 2, /^error OPTION_VALUE: --resume expects a value, RUN/],
    ];
    for (const [argv, status, expected] of cases) {
      const ended = await run(space.folder, argv);
      expect([ended.status, ended.stdout]).toEqual([status, '']);
      expect(ended.stderr).toMatch(expected);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

describe('errors of the built program', () => {
  test('are one line, with the status of their kind, and leave nothing behind', async () => {
    const folder = await workspace(1);
    await writeFile(path.join(folder, 'text.h5'), 'not a model');
    await writeFile(path.join(folder, 'bad.plan.json'), '{ "version": 1,\n}');
    const before = await readdir(folder);
    const cases: [string[], number, RegExp][] = [
      [
        ['train', 'bad.plan.json'],
        3,
        /^error JSON_INVALID: .*bad\.plan\.json: line 2, column 1: found "}", /,
      ],
      [['train', 'digits.plan.json', '--engine', 'gpu'], 2, /^error ENGINE_UNKNOWN: /],
      [['predict', 'text.h5', '--input', DIGITS], 3, /^error NOT_A_MODEL: .*text\.h5/],
      [['predict', 'digits.h5', '--input', 'none.png'], 3, /^error INPUT_MISSING: .*none\.png/],
      [['train'], 2, /^error OPERAND: train takes one PLAN, found none/],
    ];
    for (const [argv, status, expected] of cases) {
      const ended = await run(folder, argv);
      expect([ended.status, ended.stdout]).toEqual([status, '']);
      expect(ended.stderr).toMatch(expected);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(await readdir(folder)).toEqual(before);
  });
});
