import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program';
import { fixture, temporaryFolder } from '../formats/fixtures';

/** Runs the program in this process. */
async function run(...argv: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runProgram(argv, {
    write: (text) => void stdout.push(text),
    warn: (line) => void stderr.push(`${line}\n`),
    columns: undefined,
    trainerEntry: 'no-trainer.js',
    onInterrupt: () => () => undefined,
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}

const MODEL = fixture('keras3/sequential.h5');

/** A recipe whose donor's path is relative to it. */
async function recipeOf(operation: Record<string, unknown>) {
  const folder = await temporaryFolder();
  const recipe = path.join(folder, 'r.surgery.json');
  const from = path.relative(folder, fixture('keras3/only.weights.h5'));
  await writeFile(recipe, JSON.stringify({ version: 1, operations: [{ from, ...operation }] }));
  return { recipe, folder, donor: fixture('keras3/only.weights.h5') };
}

test('summary and apply say what a warm start matched', async () => {
  const { recipe, folder, donor } = await recipeOf({
    op: 'warmStart',
    match: 'conv|norm',
    map: { classes: 'conv' },
  });
  const line = [
    `warm start from ${donor}: matched 6 of 8 weights`,
    '  left as it was: classes/kernel: found (3, 3, 1, 4), expected (36, 3)',
    '  left as it was: classes/bias: found (4,), expected (3,)',
    '  not taken: classes/0',
    '  not taken: classes/1',
    '',
  ].join('\n');
  expect((await run('summary', MODEL, '--recipe', recipe)).stdout).toContain(line);

  const out = path.join(folder, 'out.h5');
  const applied = await run('apply', MODEL, '--recipe', recipe, '--out', out);
  expect(applied).toEqual({ status: 0, stdout: `${line}wrote ${out} (h5)\n`, stderr: '' });

  const json = await run('summary', MODEL, '--recipe', recipe, '--json');
  const { warmStarts } = JSON.parse(json.stdout) as { warmStarts: Record<string, unknown>[] };
  expect(warmStarts).toHaveLength(1);
  expect(warmStarts[0]).toMatchObject({
    ...{ operation: 0, from: donor, unused: ['classes/0', 'classes/1'] },
    unmatched: [
      { layer: 'classes', weight: 'kernel', why: 'shape', found: [3, 3, 1, 4], expected: [36, 3] },
      { layer: 'classes', weight: 'bias', why: 'shape', found: [4], expected: [3] },
    ],
  });
  const again = await run('apply', MODEL, '--recipe', recipe, '--out', out, '--force', '--json');
  expect(JSON.parse(again.stdout)).toEqual({ format: 'h5', path: out, warmStarts });
  expect(JSON.parse((await run('summary', MODEL, '--json')).stdout)).not.toHaveProperty('warmStarts');
});

test('a warm start that matches nothing is a warning, a donor that is not there an error', async () => {
  const { recipe } = await recipeOf({ op: 'warmStart', match: '^nothing$' });
  const { status, stderr } = await run('summary', MODEL, '--recipe', recipe);
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^warning WARM_START_MATCHES_NOTHING: /)]);
  const missing = await recipeOf({ op: 'warmStart', from: 'none.h5' });
  const failed = await run('summary', MODEL, '--recipe', missing.recipe);
  expect(failed.status).toBe(3);
  expect(failed.stderr).toBe(
    `error FILE_MISSING: ${path.join(missing.folder, 'none.h5')}: there is no such file\n`,
  );
});
