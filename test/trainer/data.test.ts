import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { initialValues } from '../../src/core/initializers/initialValues';
import type { PlanInput } from '../../src/core/plan/plan';
import type { EpochEvent, RunEvent } from '../../src/core/run/events';
import { formatNpy } from '../../src/data/npy';
import { writeModel } from '../../src/formats/registry';
import { readRun } from '../../src/runs/runReader';
import { idx } from '../support/imageFiles';
import { npz } from '../support/npz';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { chain } from '../unit/support/graphs';
import { carryOut, trainerEntry } from './workspace';

const CLI = path.join(path.dirname(trainerEntry), 'cli.js');
const DIGITS = path.join(repository, 'samples/digits-5-9');

/** Real digits, so many of each, one of each in turn. */
async function digits(names: readonly string[], each: number) {
  const folders = await Promise.all(
    names.map(async (name) => (await readdir(path.join(DIGITS, name))).toSorted().slice(0, each)),
  );
  return Array.from({ length: each * names.length }, (_, index) => {
    const label = index % names.length;
    const file = path.join(DIGITS, names[label], folders[label][Math.floor(index / names.length)]);
    return { label, file };
  });
}

/** A net that learns to tell a few digits apart in a few steps, in a folder of its own. */
async function model(size: number, channels: 1 | 3, units: number): Promise<string> {
  const folder = await temporaryFolder();
  const graph = chain(
    [null, size, size, channels],
    { kind: 'Flatten', name: 'flatten' },
    { kind: 'Dense', name: 'scores', config: { units, activation: 'softmax' } },
  );
  const weights = (
    layer: string,
    { name, shape }: { readonly name: string; readonly shape: readonly number[] },
  ) =>
    Promise.resolve(
      name === 'bias'
        ? new Float32Array(shape[0] ?? 0)
        : initialValues({ kind: 'GlorotUniform', config: {} }, shape, layer.length),
    );
  await writeModel({ graph, weights }, path.join(folder, 'tiny.h5'), 'h5');
  return folder;
}

async function train(folder: string, data: PlanInput['data']): Promise<readonly RunEvent[]> {
  const plan: PlanInput = {
    version: 2,
    model: 'tiny.h5',
    data,
    phases: [{ epochs: 4, optimizer: { kind: 'adam', learningRate: 0.03 } }],
    batchSize: 8,
    engine: 'cpu',
  };
  await writeFile(path.join(folder, 'tiny.plan.json'), JSON.stringify(plan));
  const heard = await carryOut({ type: 'train', plan: path.join(folder, 'tiny.plan.json') });
  expect(heard.failed).toBeUndefined();
  const { status, events } = await readRun(heard.folder ?? '');
  expect(status).toBe('finished');
  return events;
}

const epochsOf = (events: readonly RunEvent[]) =>
  events.filter((event): event is EpochEvent => event.type === 'epoch').map(({ metrics }) => metrics);

/** Over the run the loss has fallen: what was read has something to do with its labels. */
function expectLearning(events: readonly RunEvent[], classes: readonly string[]): void {
  expect(events[0]).toMatchObject({ type: 'start', classes });
  const losses = epochsOf(events).map(({ loss }) => loss);
  expect(losses).toHaveLength(4);
  expect(losses.at(-1)).toBeLessThan(0.7 * (losses[0] ?? 0));
  expect(epochsOf(events).at(-1)?.val_accuracy).toBeGreaterThanOrEqual(0.75);
}

const NAMES = ['5', '6', '7'];

describe('trains on', () => {
  it('a table of files, in the command line', async () => {
    const folder = await model(8, 1, 3);
    const rows = (await digits(NAMES, 20)).map(({ label, file }) =>
      ['"', path.relative(folder, file), '";"class ""', NAMES[label], '"""'].join(''),
    );
    await writeFile(path.join(folder, 'digits.csv'), ['path;label', ...rows].join('\r\n'));
    const plan = {
      version: 1,
      model: 'tiny.h5',
      data: { kind: 'table', train: 'digits.csv', delimiter: ';', preprocess: 'unit' },
      phases: [{ epochs: 4, optimizer: { kind: 'adam', learningRate: 0.03 } }],
      batchSize: 8,
      engine: 'cpu',
    };
    await writeFile(path.join(folder, 'a.plan.json'), JSON.stringify(plan));
    const stdout = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, [CLI, 'train', 'a.plan.json', '--json'], { cwd: folder }, (error, out) =>
        error ? reject(error) : resolve(out),
      );
    });
    const events = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as RunEvent)
      .filter(({ type }) => ['start', 'epoch'].includes(type));
    expectLearning(
      events,
      NAMES.map((name) => `class "${name}"`),
    );
  });

  it("MNIST's files, packed", async () => {
    const folder = await model(8, 1, 3);
    const found = await digits(NAMES, 20);
    const pixels = await Promise.all(found.map(({ file }) => sharp(file).grayscale().raw().toBuffer()));
    await writeFile(path.join(folder, 'x.gz'), gzipSync(idx([60, 28, 28], Buffer.concat(pixels))));
    const labels = found.map(({ label }) => label);
    await writeFile(path.join(folder, 'y.gz'), gzipSync(idx([60], labels)));
    const data = { kind: 'idx', images: 'x.gz', labels: 'y.gz', preprocess: 'unit' } as const;
    expectLearning(await train(folder, data), ['0', '1', '2']);
  });

  it("CIFAR's batches, with the names of its classes", async () => {
    const folder = await model(8, 3, 10);
    const planes = await Promise.all(
      (await digits(NAMES, 30)).map(async ({ label, file }) => {
        const grey = await sharp(file).resize(32, 32).grayscale().raw().toBuffer();
        return Buffer.concat([Buffer.from([label]), grey, grey, grey]);
      }),
    );
    const classes = Array.from({ length: 10 }, (_, index) => `thing ${index}`);
    await writeFile(path.join(folder, 'data_batch_1.bin'), Buffer.concat(planes.slice(0, 60)));
    await writeFile(path.join(folder, 'test_batch.bin'), Buffer.concat(planes.slice(60)));
    await writeFile(path.join(folder, 'batches.meta.txt'), classes.join('\n'));
    const events = await train(folder, { kind: 'cifar', train: '.', preprocess: 'tf' });
    expectLearning(events, classes);
    expect(events[0]).toMatchObject({ trainSamples: 60, validationSamples: 30 });
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({ code: 'CLASS_NEARLY_EMPTY' });
  });

  it('one .npz', async () => {
    const folder = await model(4, 1, 2);
    const x = Float32Array.from(
      { length: 40 * 16 },
      (_, index) => (Math.floor(index / 16) % 2) * ((index % 7) / 7),
    );
    const y = Float32Array.from({ length: 40 }, (_, index) => index % 2);
    await npz(path.join(folder, 'all.npz'), { x: formatNpy([40, 4, 4, 1], x), y: formatNpy([40], y) });
    const events = await train(folder, { kind: 'arrays', x: 'all.npz', validation: 0.2 });
    expect(epochsOf(events).at(-1)?.val_accuracy).toBe(1);
  });
});

describe('augmented images', () => {
  async function losses(augment?: object) {
    const folder = await model(8, 1, 3);
    const rows = (await digits(NAMES, 10)).map(({ label, file }) => `${file},${label}`);
    await writeFile(path.join(folder, 'digits.csv'), ['path,label', ...rows].join('\n'));
    const data = {
      kind: 'table',
      train: 'digits.csv',
      preprocess: 'unit',
      ...(augment && { augment }),
    } as const;
    return epochsOf(await train(folder, data)).map(({ loss, val_loss }) => [loss, val_loss]);
  }

  it('are the same in every run, and others than those in the files', async () => {
    const augment = { rotate: 0.05, shift: 0.1, zoom: 0.1, brightness: 0.1, contrast: 0.2, crop: 0.1 };
    const first = await losses(augment);
    expect(await losses(augment)).toEqual(first);
    expect((await losses())[0]?.[0]).not.toBe(first[0]?.[0]);
  });
});
