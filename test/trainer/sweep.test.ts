import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readSweep } from '../../src/runs/sweepFile';
import { openWorkspace, trainerEntry } from './workspace';

const CLI = path.join(path.dirname(trainerEntry), 'cli.js');

function run(folder: string, ...argv: string[]) {
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...argv], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [string[], string[]] = [[], []];
    child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, stdout: stdout.join(''), stderr: stderr.join('') }));
  });
}

interface Row {
  readonly name: string;
  readonly values: readonly unknown[];
}

test('a sweep trains a run a freeze set, and compares them', async () => {
  const { folder, at, plan } = await openWorkspace();
  const before = await plan({ phases: [{ epochs: 1, optimizer: { kind: 'adam' } }] });
  const written = await readFile(before, 'utf8');
  const swept = await run(folder, 'sweep', 'tiny.plan.json', '--json');
  expect(swept.status).toBe(0);
  const comparison = JSON.parse(swept.stdout) as {
    readonly runs: readonly { folder: string; name: string; status: string }[];
    readonly freezeSets: readonly Row[];
    readonly plan: readonly Row[];
    readonly operations: readonly Row[];
    readonly outcomes: readonly Row[];
  };
  const { runs, freezeSets, outcomes } = comparison;
  expect(runs.map(({ name, status }) => [name, status])).toEqual([
    ['tiny-frozen-1', 'finished'],
    ['tiny-frozen-0', 'finished'],
  ]);
  expect(freezeSets).toEqual([
    {
      name: 'freeze set',
      values: ['Freeze the first stage, train the rest', 'Nothing frozen'],
    },
  ]);
  expect([comparison.plan, comparison.operations]).toEqual([[], []]);
  const valuesOf = (name: string) => outcomes.find((row) => row.name === name)?.values;
  // The head alone: 4 by 2 and a bias; then the convolution's 4 by 3 by 3 and bias, and the normalization's scale and offset.
  expect(valuesOf('parameters trained')).toEqual([10, 58]);
  expect(valuesOf('val_loss (best epoch)')).toHaveLength(2);

  const series = await Promise.all(runs.map((each) => readSweep(each.folder)));
  expect(series.map((each) => each?.frozenStages)).toEqual([1, 0]);
  expect(new Set(series.map((each) => each?.id)).size).toBe(1);
  expect((await readdir(at('runs'))).length).toBe(2);
  expect(await readFile(before, 'utf8')).toBe(written);

  const listed = await run(folder, 'runs', 'list', '--sweep', series[0]?.id ?? '', '--json');
  expect((JSON.parse(listed.stdout) as { runs: unknown[] }).runs).toHaveLength(2);
});

test('a sweep of a model without stages says what to do', async () => {
  const { folder, plan } = await openWorkspace();
  await plan({ recipe: 'flat.surgery.json' });
  await writeFile(
    path.join(folder, 'flat.surgery.json'),
    JSON.stringify({
      version: 1,
      operations: [{ op: 'cut', after: 'conv' }],
      freeze: [],
    }),
  );
  const { status, stderr } = await run(folder, 'sweep', 'tiny.plan.json');
  expect(status).toBe(3);
  expect(stderr).toMatch(
    /^error SWEEP_STAGES: .*tiny\.h5: found one way to freeze its stages, expected a model/,
  );
});
