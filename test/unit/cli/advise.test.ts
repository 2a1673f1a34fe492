import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program';
import { openOperated } from '../../../src/formats/operatedModel';
import { readPlan } from '../../../src/formats/planFile';

const DIGITS = path.resolve('samples/digits-0-4.h5');
const IMAGES = path.resolve('samples/digits-5-9');

let folder: string;
const at = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'model-surgery-advise-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...argv: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runProgram(['advise', DIGITS, ...argv], {
    write: (text) => void stdout.push(text),
    warn: (line) => void stderr.push(line),
    columns: undefined,
    trainerEntry: at('no-trainer.js'),
    onInterrupt: () => () => undefined,
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('\n') };
}

const about = ['--images', '400', '--classes', '5', '--like'];

test('says the advice, and writes it as a recipe and a plan that go together', async () => {
  const files = ['--recipe-out', at('a.surgery.json'), '--plan-out', at('a.plan.json'), '--data', IMAGES];
  const { status, stdout, stderr } = await run(...about, 'different', ...files);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^Cut earlier, with a shallow head\nCut after \S+, train a shallow head/);
  expect(stdout).toMatch(
    /\nStep: Cut after \S+\nStep: Append 3 layers after \S+\nPhase 1: 10 epochs, adam at 0.001; /,
  );
  expect(stdout).toContain(`wrote ${at('a.plan.json')}\n`);

  const plan = await readPlan(at('a.plan.json'));
  expect([plan.model, plan.recipe, plan.data]).toMatchObject([
    ...[DIGITS, at('a.surgery.json'), { kind: 'images', train: IMAGES, preprocess: 'unit' }],
  ]);
  const { graph, faults } = await openOperated(DIGITS, at('a.surgery.json'));
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  const trained = graph.layers.filter(({ trainable, weights }) => trainable && weights.length > 0);
  expect(trained.map(({ kind }) => kind)).toEqual(['Dense']);

  const again = await run(...about, 'different', ...files);
  expect([again.status, again.stderr]).toEqual([2, expect.stringMatching(/^error FILE_EXISTS: /)]);
});

test('gives the values as JSON', async () => {
  const { status, stdout } = await run(...about, 'unknown', '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    strategy: 'trainHead',
    operations: [],
    phases: [{ epochs: 10, optimizer: { kind: 'adam', learningRate: 0.001 } }],
    totals: { params: 108_261 },
    words: { doubt: expect.stringContaining('not known') as string },
  });
});

test.each([
  [
    ['--like', 'alike'],
    /^error OPTION_VALUE: --like: found "alike", expected one of similar, different, unknown/,
  ],
  [['--like', 'similar', '--plan-out', 'p'], /^error OPTION_MISSING: --plan-out needs --recipe-out/],
])('refuses %j', async (argv, expected) => {
  const { status, stderr } = await run('--images', '400', '--classes', '5', ...argv);
  expect([status, stderr]).toEqual([2, expect.stringMatching(expected)]);
});

test('refuses fewer images than classes', async () => {
  const { status, stderr } = await run('--images', '4', '--classes', '5', '--like', 'similar');
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^error ADVISOR_DATA: found 4 images/)]);
});
