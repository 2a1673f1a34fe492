import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../../src/cli/program';
import { openModel, writableFormats } from '../../../src/formats/registry';
import { fixture } from '../formats/fixtures';

const DIGITS = path.resolve('samples/digits-0-4.h5');
const CHECKPOINT = fixture('tensorflow/name-based.index');

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'model-surgery-convert-'));
  await copyFile(DIGITS, at('digits.h5'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...argv: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const status = await runProgram(argv, {
    write: (text) => void stdout.push(text),
    warn: (line) => void stderr.push(`${line}\n`),
    columns: undefined,
    trainerEntry: at('no-trainer.js'),
    onInterrupt: () => () => undefined,
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('').replaceAll(`${folder}${path.sep}`, '') };
}

const summaryOf = async (model: string) =>
  JSON.parse((await run('summary', model, '--json')).stdout) as Record<string, unknown>;

describe('convert', () => {
  test.each([
    ['h5', 'copy.h5'],
    ['h5', 'copy.hdf5'],
    ['tfjs', 'copy'],
  ])('writes %s by the name of the target, the same model', async (format, name) => {
    const { status, stdout, stderr } = await run('convert', at('digits.h5'), '--out', at(name), '--json');
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ format, path: at(name) });
    expect(await summaryOf(at(name))).toEqual({ ...(await summaryOf(at('digits.h5'))), format });
  });

  test.each(writableFormats().filter(({ name }) => name !== 'python' && name !== 'tfjs'))(
    'writes $name so that it can be read',
    async ({ name, extensions }) => {
      const out = at(`every${extensions[0]}`);
      expect(await run('convert', at('digits.h5'), '--out', out)).toMatchObject({ status: 0, stderr: '' });
      expect(await summaryOf(out)).toMatchObject({ format: name, totalParams: 108_261 });
    },
  );

  test('refuses what is only read, and says what is written', async () => {
    const { status, stderr } = await run('convert', at('digits.h5'), '--out', at('digits.pt'));
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^error FORMAT_READ_ONLY: .*pytorch.*h5.*python/),
    ]);
  });

  test('writes a script that loads the model as it is', async () => {
    expect((await run('convert', at('digits.h5'), '--out', at('digits.py'))).status).toBe(0);
    const script = await readFile(at('digits.py'), 'utf8');
    expect(script).toContain('model = keras.saving.load_model(HERE / "digits.h5", compile=False)\n');
    expect(script).not.toContain('def rebuild');
    expect((await run('convert', at('digits.h5'), '--out', at('digits.py'))).stderr).toMatch(
      /^error FILE_EXISTS: /,
    );
  });

  test('refuses formats that there are not, before it opens anything', async () => {
    for (const args of [['--to', 'pickle'], []]) {
      const { status, stderr } = await run('convert', at('none.h5'), '--out', at('x.pickle'), ...args);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/^error FORMAT_UNKNOWN: .*\.py|python/)]);
    }
  });

  test('refuses a base that Keras does not open, by name', async () => {
    await run('convert', at('digits.h5'), '--out', at('web'));
    const { status, stderr } = await run('convert', at('web', 'model.json'), '--out', at('web.py'));
    expect([status, stderr]).toEqual([3, expect.stringMatching(/^error PYTHON_BASE: .*tfjs.*convert it/)]);
  });
});

describe('apply with a plan', () => {
  const plan = (model: string) =>
    writeFile(
      at('digits.plan.json'),
      JSON.stringify({
        version: 1,
        model,
        data: { kind: 'images', train: 'images' },
        phases: [{ epochs: 3, optimizer: { kind: 'adam' } }],
      }),
    );
  const apply = (out: string) =>
    run(
      'apply',
      at('digits.h5'),
      '--recipe',
      at('r.json'),
      '--plan',
      at('digits.plan.json'),
      '--out',
      at(out),
    );

  test('writes a script that trains', async () => {
    await plan('digits.h5');
    await writeFile(at('r.json'), JSON.stringify({ version: 1, freeze: [{ match: { upTo: 'flatten' } }] }));
    expect(await apply('train.py')).toEqual({
      status: 0,
      stderr: '',
      stdout: `wrote ${at('train.py')} (python)\n`,
    });
    const script = await readFile(at('train.py'), 'utf8');
    expect(script).toContain('model.fit(train, validation_data=validation, epochs=3)');
    expect(script).toContain('str(HERE / "images")');
  });

  test('refuses a plan for another model, and one for a format that has no place for it', async () => {
    await plan('other.h5');
    expect(await apply('other.py')).toMatchObject({ status: 3, stderr: /^error PLAN_FOR_ANOTHER_MODEL: / });
    expect(await apply('other.h5')).toMatchObject({ status: 2, stderr: /^error OPTION_VALUE: --plan: / });
    expect((await readdir(folder)).filter((name) => name.startsWith('other'))).toEqual([]);
  });
});

describe('a file of weights without an architecture', () => {
  test('is summarized as a table of its weights', async () => {
    const { status, stdout, stderr } = await run('summary', CHECKPOINT);
    expect(status).toBe(0);
    const { graph } = await openModel(CHECKPOINT);
    for (const { name, shape, dtype } of graph.layers.flatMap((layer) => layer.weights)) {
      expect(stdout).toMatch(new RegExp(`│ ${name} +│ \\(${shape.join(', ')}\\) +│ ${dtype} +│`));
    }
    expect(stdout).toMatch(/ Total params: \d/);
    expect(stderr).toMatch(/^warning WEIGHTS_ONLY: /);
  });

  test('is not operated on, converted or trained', async () => {
    await writeFile(at('any.json'), JSON.stringify({ version: 1 }));
    const commands = [
      ['convert', CHECKPOINT, '--out', at('never.h5')],
      ['apply', CHECKPOINT, '--recipe', at('any.json'), '--out', at('never.h5')],
      ['summary', CHECKPOINT, '--recipe', at('any.json')],
    ];
    for (const command of commands) {
      const { status, stderr } = await run(...command);
      expect([status, stderr]).toEqual([
        3,
        expect.stringMatching(/^error WEIGHTS_ONLY: .*without an architecture/),
      ]);
    }
  });
});
