import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../../package.json';
import { runProgram } from '../../../src/cli/program';
import { fingerprintOf } from '../../../src/formats/fingerprint';

const DIGITS = path.resolve('samples/digits-0-4.h5');

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'model-surgery-cli-'));
  await copyFile(DIGITS, at('digits.h5'));
  await writeFile(
    at('new-head.surgery.json'),
    JSON.stringify({
      version: 1,
      base: { path: 'digits.h5', ...(await fingerprintOf(DIGITS)) },
      operations: [
        { op: 'cut', after: 'flatten' },
        {
          op: 'append',
          after: 'flatten',
          layers: [{ kind: 'Dense', name: 'head', config: { units: 3, activation: 'softmax' } }],
        },
      ],
      freeze: [{ match: { upTo: 'flatten' } }],
    }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the program in this process; the temporary folder is taken out of what it says. */
async function run(...argv: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runProgram(argv, {
    write: (text) => void stdout.push(text),
    warn: (line) => void stderr.push(`${line}\n`),
    columns: undefined,
    trainerEntry: at('no-trainer.js'),
    onInterrupt: () => () => undefined,
  });
  const clean = (texts: string[]) =>
    texts.join('').replaceAll(`${folder}${path.sep}`, '').replaceAll(folder, '.');
  return { status, stdout: clean(stdout), stderr: clean(stderr) };
}

describe('summary', () => {
  test('prints the table of Keras', async () => {
    const { status, stdout } = await run('summary', at('digits.h5'));
    expect(status).toBe(0);
    expect(stdout).toContain('│ predictions (Dense)                  │ (None, 5) ');
    expect(stdout).toContain(' Total params: 108,261 (422.89 KB)');
  });

  test('prints the JSON of the contract, after a recipe', async () => {
    const { status, stdout, stderr } = await run(
      ...['summary', at('digits.h5'), '--recipe', at('new-head.surgery.json'), '--json'],
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    const summary = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(summary)).toEqual([
      ...[
        'format',
        'name',
        'layers',
        'totalParams',
        'trainableParams',
        'nonTrainableParams',
        'inputs',
        'outputs',
        'report',
      ],
    ]);
    expect(summary).toMatchObject({
      format: 'h5',
      trainableParams: 1568 * 3 + 3,
      inputs: [{ name: 'digit', shape: [null, 28, 28, 1] }],
      outputs: [{ name: 'head', shape: [null, 3] }],
      report: [],
    });
    expect((summary.layers as unknown[]).at(-1)).toEqual({
      name: 'head',
      kind: 'Dense',
      outputShape: [null, 3],
      params: 4707,
      trainableParams: 4707,
      trainable: true,
      inbound: ['flatten'],
      group: [],
    });
  });

  test('reports faults and what the recipe did, and is done all the same', async () => {
    await writeFile(
      at('odd.surgery.json'),
      JSON.stringify({
        version: 1,
        operations: [
          {
            op: 'append',
            after: 'flatten',
            layers: [{ kind: 'Conv2D', name: 'late', config: { filters: 1, kernel_size: 1 } }],
          },
        ],
      }),
    );
    const { status, stdout } = await run(
      'summary',
      at('digits.h5'),
      '--recipe',
      at('odd.surgery.json'),
      '--json',
    );
    expect(status).toBe(0);
    const { report } = JSON.parse(stdout) as { report: unknown };
    expect(report).toMatchObject([
      { severity: 'error', code: 'SHAPE_MISMATCH', layer: 'late' },
      { severity: 'warning', code: 'LAYERS_DROPPED', layer: 'flatten' },
    ]);
    const text = await run('summary', at('digits.h5'), '--recipe', at('odd.surgery.json'));
    expect(text.stderr).toMatch(/^error SHAPE_MISMATCH: .*\nwarning LAYERS_DROPPED: .*\n$/);
  });
});

describe('apply', () => {
  test.each([
    ['h5', 'grafted.h5'],
    ['tfjs', 'grafted'],
  ])('writes %s by the name of the target, and what it writes can be read', async (format, name) => {
    const { status, stdout, stderr } = await run(
      ...['apply', at('digits.h5'), '--recipe', at('new-head.surgery.json'), '--out', at(name)],
    );
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `wrote ${name} (${format})\n`,
      stderr: '',
    });
    const read = JSON.parse((await run('summary', at(name), '--json')).stdout) as Record<string, unknown>;
    const expected = JSON.parse(
      (await run('summary', at('digits.h5'), '--recipe', at('new-head.surgery.json'), '--json')).stdout,
    ) as Record<string, unknown>;
    expect(read).toEqual({ ...expected, format });
  });

  test('overwrites when told to, and never its base or a folder of something else', async () => {
    const command = ['apply', at('digits.h5'), '--recipe', at('new-head.surgery.json'), '--out'];
    await run(...command, at('again'));
    expect(await run(...command, at('again'))).toMatchObject({
      status: 2,
      stderr: /^error FILE_EXISTS: again/,
    });
    expect(await run(...command, at('again'), '--force')).toMatchObject({ status: 0, stderr: '' });
    expect((await run(...command, at('digits.h5'), '--force')).stderr).toMatch(/^error OUTPUT_IS_INPUT/);
    expect((await run(...command, folder, '--force')).stderr).toMatch(/^error OUTPUT_IS_INPUT/);
    await mkdir(at('mine'));
    await writeFile(at('mine', 'thesis.txt'), 'text');
    for (const to of ['tfjs', 'h5']) {
      const { status, stderr } = await run(...command, at('mine'), '--to', to, '--force');
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/^error OUTPUT_IS_FOLDER: mine: .*"thesis.txt"/),
      ]);
    }
    expect(await readFile(at('mine', 'thesis.txt'), 'utf8')).toBe('text');
    expect((await run(...command, at('x.json'))).stderr).toMatch(/^error OUTPUT_NAME: x.json/);
    expect((await run(...command, at('x.exe'))).stderr).toMatch(/^error FORMAT_UNKNOWN: /);
    expect(await fingerprintOf(at('digits.h5'))).toEqual(await fingerprintOf(DIGITS));
  });

  test('writes nothing where anything is wrong', async () => {
    const before = await readdir(folder);
    const apply = (recipe: object, model = 'digits.h5') =>
      writeFile(at('bad.surgery.json'), JSON.stringify({ version: 1, ...recipe })).then(() =>
        run('apply', at(model), '--recipe', at('bad.surgery.json'), '--out', at('never.h5')),
      );
    await writeFile(at('text.h5'), 'not a model');
    const lost = { base: { path: 'digits.h5', sha256: '0'.repeat(64), bytes: 1 } };
    const late = [
      {
        op: 'append',
        after: 'flatten',
        layers: [{ kind: 'Conv2D', config: { filters: 1, kernel_size: 1 } }],
      },
    ];
    const cases: [() => ReturnType<typeof run>, RegExp][] = [
      [
        () => apply({ operations: [{ op: 'cut', after: 'flaten' }] }),
        /^error LAYER_UNKNOWN: Cut after flaten: no layer is named "flaten"; the nearest is "flatten"\n$/,
      ],
      [
        () => apply({ operations: [{ op: 'cutt' }] }),
        /^error RECIPE_INVALID: bad.surgery.json: in the recipe, operations\[0\].op: /,
      ],
      [() => apply(lost), /^error RECIPE_FOR_ANOTHER_FILE: digits.h5: found \d+ bytes .* digits.h5: 1 bytes/],
      [() => apply({ operations: late }), /^error SHAPE_MISMATCH: digits.h5: "conv2d"/],
      [() => apply({}, 'text.h5'), /^error NOT_A_MODEL: text.h5: /],
      [() => apply({}, 'none.h5'), /^error FILE_MISSING: none.h5: /],
    ];
    for (const [running, expected] of cases) {
      const { status, stdout, stderr } = await running();
      expect([status, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(expected);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect((await readdir(folder)).sort()).toEqual([...before, 'bad.surgery.json', 'text.h5'].sort());
  });
});

describe('train', () => {
  test('lengthens a run, not a plan', async () => {
    const { status, stderr } = await run('train', 'a.plan.json', '--epochs', '2');
    expect([status, stderr]).toEqual([
      2,
      'error OPTION_VALUE: --epochs lengthens a run: name it with --resume RUN, or change the plan\n',
    ]);
    expect((await run('train', '--resume', 'run', '--epochs', '0')).stderr).toContain(
      '--epochs: found "0", expected a whole number from 1 on',
    );
  });
});

describe('the program', () => {
  test('reports errors as JSON on standard output when JSON is asked for', async () => {
    const { status, stdout, stderr } = await run('summary', at('none.h5'), '--json');
    expect([status, stderr]).toEqual([3, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'FILE_MISSING', message: 'none.h5: there is no such file', path: 'none.h5' },
    });
  });

  test('says where in the program an error comes from only when asked', async () => {
    expect((await run('summary', at('none.h5'))).stderr).toBe(
      'error FILE_MISSING: none.h5: there is no such file\n',
    );
    expect((await run('summary', at('none.h5'), '--verbose')).stderr).toMatch(
      /there is no such file\n +at .*\n/s,
    );
  });

  test('helps', async () => {
    expect(await run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    const { status, stdout } = await run('--help');
    expect(status).toBe(0);
    for (const command of [
      'summary MODEL',
      'apply MODEL',
      'convert MODEL',
      'train PLAN',
      'predict MODEL',
      'engines [install NAME]',
    ])
      expect(stdout).toContain(command);
    expect((await run('train', '--help')).stdout).toContain(
      'model-surgery train PLAN [--engine E] [--resume RUN] [--epochs N] [--find-rate] [--allow-cpu] [--json]',
    );
  });

  test('knows what is no command', async () => {
    expect(await run('trian')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error COMMAND_UNKNOWN: there is no command "trian"; the nearest is train\n',
    });
    expect((await run()).status).toBe(2);
  });
});
