import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';

const CLI = path.join(repository, 'dist/cli.js');
const SAMPLE = path.join(repository, 'samples/digits-0-4.h5');
const TFJS = path.join(repository, 'test/fixtures/tfjs/sequential-saved');

/** Runs the built command line as a person would, in a folder. */
function cli(cwd: string, argv: readonly string[]) {
  return new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [CLI, ...argv], { cwd }, (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

/** Every file below a folder. */
const listing = async (folder: string) => (await readdir(folder, { recursive: true })).toSorted();

const plan = {
  version: 1,
  model: 'digits.h5',
  data: { kind: 'images', train: 'data', preprocess: 'unit' },
  phases: [{ epochs: 1, optimizer: { kind: 'sgd' } }],
  engine: 'wasm',
};

async function writePlan(folder: string, changes: object = {}): Promise<void> {
  await writeFile(path.join(folder, 'a.plan.json'), JSON.stringify({ ...plan, ...changes }));
}

/** Five classes of two real digits each, and the sample model. */
async function trainingFolder(folder: string): Promise<void> {
  await cp(SAMPLE, path.join(folder, 'digits.h5'));
  for (const digit of ['5', '6', '7', '8', '9']) {
    await mkdir(path.join(folder, 'data', digit), { recursive: true });
    for (const name of ['0000.png', '0001.png']) {
      const image = path.join(repository, 'samples/digits-5-9', digit, name);
      await cp(image, path.join(folder, 'data', digit, name));
    }
  }
  await writePlan(folder);
}

interface BadInput {
  readonly what: string;
  readonly argv: readonly string[];
  /** The file that the message must name, what was found, and what was expected. */
  readonly says: readonly (string | RegExp)[];
  readonly prepare: (folder: string) => Promise<void>;
}

const CASES: readonly BadInput[] = [
  {
    what: 'a truncated .h5',
    argv: ['summary', 'torn.h5'],
    says: ['torn.h5', /found \d+ bytes/, /expected \d+/],
    prepare: async (folder) => {
      const whole = await readFile(SAMPLE);
      await writeFile(path.join(folder, 'torn.h5'), whole.subarray(0, whole.length / 2));
    },
  },
  {
    what: 'a text file named .h5',
    argv: ['summary', 'letter.h5'],
    says: ['letter.h5', 'found text', 'expected one of Keras HDF5'],
    prepare: (folder) => writeFile(path.join(folder, 'letter.h5'), 'Dear reader, this is no model.'),
  },
  {
    what: 'a model.json whose shard is missing',
    argv: ['summary', 'net/model.json'],
    says: ['model.json', 'weights.bin is missing', 'expected it at'],
    prepare: async (folder) => {
      await cp(TFJS, path.join(folder, 'net'), { recursive: true });
      for (const name of await readdir(path.join(folder, 'net'))) {
        if (name.endsWith('.bin')) await rm(path.join(folder, 'net', name));
      }
    },
  },
  {
    what: 'a model.json whose shard is short',
    argv: ['summary', 'net/model.json'],
    says: ['.bin', 'found 7 bytes', /expected \d+/],
    prepare: async (folder) => {
      await cp(TFJS, path.join(folder, 'net'), { recursive: true });
      const names = await readdir(path.join(folder, 'net'));
      for (const name of names.filter((file) => file.endsWith('.bin'))) {
        await truncate(path.join(folder, 'net', name), 7);
      }
    },
  },
  {
    what: 'a layer kind nobody knows, when it comes to training',
    argv: ['train', 'a.plan.json'],
    says: ['net', 'MyAttention', 'cut it away'],
    prepare: async (folder) => {
      await trainingFolder(folder);
      await cp(TFJS, path.join(folder, 'net'), { recursive: true });
      const file = path.join(folder, 'net', 'model.json');
      const text = await readFile(file, 'utf8');
      await writeFile(file, text.replace(/"class_name":\s*"Dense"/, '"class_name":"MyAttention"'));
      await writePlan(folder, { model: 'net/model.json' });
    },
  },
  {
    what: 'an image that does not decode',
    argv: ['train', 'a.plan.json'],
    says: ['broken.png', 'found 8 bytes of text', 'expected'],
    prepare: async (folder) => {
      await trainingFolder(folder);
      await writeFile(path.join(folder, 'data/5/broken.png'), 'no image');
    },
  },
  {
    what: 'a class folder with no image',
    argv: ['train', 'a.plan.json'],
    says: ['data', '"none" has no image', 'expected at least one'],
    prepare: async (folder) => {
      await trainingFolder(folder);
      await mkdir(path.join(folder, 'data/none'));
    },
  },
  {
    what: 'a recipe for another file',
    argv: ['apply', 'digits.h5', '--recipe', 'r.surgery.json', '--out', 'new.h5'],
    says: ['digits.h5', /found \d+ bytes with SHA-256 .* expected the file that the recipe was made for/],
    prepare: async (folder) => {
      await trainingFolder(folder);
      const base = { path: 'digits.h5', sha256: '0'.repeat(64), bytes: 9 };
      await writeFile(path.join(folder, 'r.surgery.json'), JSON.stringify({ version: 1, base }));
    },
  },
];

test.each(CASES)('$what: one line, status 3, nothing written', async ({ argv, says, prepare }) => {
  const folder = await temporaryFolder();
  await prepare(folder);
  const before = await listing(folder);

  const ended = await cli(folder, argv);
  expect(ended).toMatchObject({ status: 3, stdout: '' });
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  expect(ended.stderr).toMatch(/^error [A-Z0-9_]+: /);
  for (const text of says) expect(ended.stderr).toMatch(text);

  const asJson = await cli(folder, [...argv, '--json']);
  expect(asJson.status).toBe(3);
  const { error } = JSON.parse(asJson.stdout) as { error: { code: string; message: string } };
  expect(ended.stderr).toBe(`error ${error.code}: ${error.message}\n`);
  expect(await listing(folder)).toEqual(before);
});
