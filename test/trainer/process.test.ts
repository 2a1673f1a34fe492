import { spawn } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/core/run/events';
import { fingerprintOf } from '../../src/formats/fingerprint';
import { openModel } from '../../src/formats/registry';
import { TRAINER_PROTOCOL, type FromTrainer } from '../../src/protocol/trainer';
import { listRuns } from '../../src/runs/listRuns';
import { readRun } from '../../src/runs/runReader';
import { steerRun, stopRun } from '../../src/trainer/client';
import { writeFiles } from '../support/images';
import {
  carryOut,
  message,
  openWorkspace,
  runs,
  start,
  trainerEntry,
  until,
  weightBytes,
  type Workspace,
} from './workspace';

/** Longer than any test waits. */
const ENDLESS = [{ epochs: 1_000_000, optimizer: { kind: 'sgd' as const, learningRate: 0.001 } }];

const isRun = (each: FromTrainer) => each.type === 'run';
const isEpoch = (each: FromTrainer): each is Extract<FromTrainer, { type: 'event' }> =>
  each.type === 'event' && each.event.type === 'epoch';

/** An endless run, some epochs in. */
async function endlessRun(workspace: Workspace) {
  const trainer = await start(
    { type: 'train', plan: await workspace.plan({ phases: ENDLESS }) },
    { detached: true },
  );
  const { folder } = await message(trainer, isRun);
  await message(trainer, isEpoch);
  return { trainer, folder };
}

const typesOf = (events: readonly RunEvent[]) => events.map(({ type }) => type);

describe('a run', () => {
  it('is told as it goes and written as it is told', async () => {
    const workspace = await openWorkspace();
    const { messages, folder = '', code } = await carryOut({ type: 'train', plan: await workspace.plan() });
    expect(code).toBe(0);
    expect([messages[0]?.type, messages.at(-1)?.type]).toEqual(['run', 'done']);
    const told = messages.flatMap((each) => (each.type === 'event' ? [each.event] : []));
    const record = await readRun(folder);
    expect(record).toMatchObject({ name: 'tiny', status: 'finished', problems: [] });
    expect(record.events).toEqual(told);
    // 9 training images a class, 18 in all, in batches of 4.
    const steps = new Array<string>(5).fill('step');
    expect(typesOf(told)).toEqual(['start', 'phase', ...steps, 'epoch', ...steps, 'epoch', 'end']);
    expect(told[0]).toMatchObject({
      engine: 'cpu',
      epochs: 2,
      stepsPerEpoch: 5,
      trainSamples: 18,
      validationSamples: 6,
      classes: ['plain', 'striped'],
      // 3·3·4 + 4, 4·4, 4·2 + 2; the moving statistics are not trained.
      totalParams: 66,
      trainableParams: 58,
    });
    expect(Object.keys(told.findLast((event) => event.type === 'epoch')?.metrics ?? {})).toEqual([
      'loss',
      'accuracy',
      'val_loss',
      'val_accuracy',
    ]);
    expect(await readdir(workspace.folder)).toEqual(['data', 'runs', 'tiny.h5', 'tiny.plan.json']);
  });

  it('leaves a model that opens again, as .h5 and as TensorFlow.js, with its labels', async () => {
    const workspace = await openWorkspace();
    const { folder = '' } = await carryOut({ type: 'train', plan: await workspace.plan() });
    const [h5, tfjs] = [path.join(folder, 'model', 'model.h5'), path.join(folder, 'model', 'model.json')];
    expect((await openModel(h5)).labels).toEqual(['plain', 'striped']);
    expect((await openModel(tfjs)).labels).toEqual(['plain', 'striped']);
    const weights = await weightBytes(h5);
    expect(weights).toEqual(await weightBytes(tfjs));
    expect(weights.get('scores/kernel')).not.toBe(
      (await weightBytes(workspace.at('tiny.h5'))).get('scores/kernel'),
    );
  });

  it('is the same again from the plan in its folder', async () => {
    const workspace = await openWorkspace();
    const first = await carryOut({ type: 'train', plan: await workspace.plan({ shuffle: true, seed: 7 }) });
    const again = await carryOut({ type: 'train', plan: path.join(first.folder ?? '', 'plan.json') });
    expect(path.dirname(again.folder ?? '')).toBe(workspace.at('runs'));
    const metrics = async (folder = '') =>
      (await readRun(folder)).events.flatMap((event) => ('metrics' in event ? [event.metrics] : []));
    expect(await metrics(again.folder)).toEqual(await metrics(first.folder));
  });

  it('leaves frozen weights and statistics as they were, to the byte', async () => {
    const workspace = await openWorkspace();
    await writeFile(
      workspace.at('head.surgery.json'),
      JSON.stringify({
        version: 1,
        base: { path: 'tiny.h5', ...(await fingerprintOf(workspace.at('tiny.h5'))) },
        operations: [
          { op: 'cut', after: 'pool' },
          {
            op: 'append',
            after: 'pool',
            layers: [{ kind: 'Dense', name: 'head', config: { units: 2, activation: 'softmax' } }],
          },
        ],
        freeze: [{ match: { upTo: 'pool' } }],
      }),
    );
    const optimizer = { kind: 'sgd' as const, learningRate: 0.1 };
    const plan = await workspace.plan({
      recipe: 'head.surgery.json',
      phases: [
        { epochs: 2, optimizer },
        { epochs: 1, optimizer, freeze: [{ match: { kind: 'Conv2D' } }], batchNorm: 'inference' },
        { epochs: 1, optimizer, freeze: [{ match: { names: ['conv', 'norm'] } }] },
      ],
    });
    const { folder = '' } = await carryOut({ type: 'train', plan });
    const [before, after] = [
      await weightBytes(workspace.at('tiny.h5')),
      await weightBytes(path.join(folder, 'model', 'model.h5')),
    ];
    const same = [...after].filter(([name, bytes]) => before.get(name) === bytes).map(([name]) => name);
    // The second phase trains gamma and beta; its moving statistics stand still.
    expect(same).toEqual(['conv/kernel', 'conv/bias', 'norm/moving_mean', 'norm/moving_variance']);
    expect(after.has('norm/gamma')).toBe(true);
    const { events } = await readRun(folder);
    expect(events.filter((event) => event.type === 'warning').map(({ code }) => code)).not.toContain(
      'FROZEN_CHANGED',
    );
    expect(
      events
        .filter((event) => event.type === 'phase')
        .map((event) => [event.epoch, event.trainableLayers, event.frozenLayers]),
    ).toEqual([
      [1, 1, 2],
      [3, 2, 1],
      [4, 1, 2],
    ]);
  });

  it('fails where the loss is no longer a number, and says so in its folder', async () => {
    const workspace = await openWorkspace();
    const phases = [{ epochs: 50, optimizer: { kind: 'sgd' as const, learningRate: 1e30 } }];
    const {
      folder = '',
      failed,
      code,
    } = await carryOut({ type: 'train', plan: await workspace.plan({ phases }) });
    expect([code, failed?.code]).toEqual([1, 'LOSS_NOT_FINITE']);
    const record = await readRun(folder);
    expect(record.status).toBe('failed');
    expect(record.events.at(-1)).toMatchObject({
      type: 'end',
      model: [],
      error: { code: 'LOSS_NOT_FINITE' },
    });
    expect(record.problems).toEqual([]);
  });
});

describe('stopping a run', () => {
  it('ends the process tree, keeps the run readable and the model as it was', async () => {
    const { trainer, folder } = await endlessRun(await openWorkspace());
    expect(await trainer.stop()).toEqual({ code: 130, signal: null });
    const record = await readRun(folder);
    expect(record).toMatchObject({ status: 'stopped', problems: [] });
    expect(record.events.at(-1)).toMatchObject({ model: ['model/model.h5', 'model/model.json'] });
    expect((await openModel(path.join(folder, 'model', 'model.h5'))).graph.layers).toHaveLength(6);
    // The whole group: the trainer led it.
    expect(() => process.kill(-trainer.pid, 0)).toThrow('ESRCH');
  });

  it('works from another window, which has only the folder', async () => {
    const { trainer, folder } = await endlessRun(await openWorkspace());
    await stopRun(folder);
    expect(await runs(trainer.pid)).toBe(false);
    expect((await readRun(folder)).status).toBe('stopped');
    // Nothing to stop any more, and nobody else is.
    await stopRun(folder);
  });

  it('before the first step writes nothing', async () => {
    const workspace = await openWorkspace();
    const trainer = await start({ type: 'train', plan: await workspace.plan({ phases: ENDLESS }) });
    const answers: FromTrainer[] = [];
    trainer.onMessage((each) => answers.push(each));
    expect(await trainer.stop()).toEqual({ code: 130, signal: null });
    if (answers.some(isRun)) expect((await listRuns(workspace.at('runs')))[0]?.status).toBe('stopped');
    else expect(await readdir(workspace.folder)).not.toContain('runs');
  });
});

/** A window that starts a run, hears that it trains, and dies. Resolves then, with the id of the run's process. */
async function startFromWindowThatDies(plan: string): Promise<number> {
  const script = `
    import { spawn } from 'node:child_process';
    const child = spawn(process.execPath, [${JSON.stringify(trainerEntry)}], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true });
    let heard = '';
    child.stdio[3].on('data', (bytes) => {
      if (heard === '') child.stdio[3].write(${JSON.stringify(JSON.stringify({ type: 'train', plan }))} + '\\n');
      heard += bytes;
      if (heard.includes('"epoch":2')) process.kill(process.pid, 'SIGKILL');
    });
    console.log(child.pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let pid = 0;
  parent.stdout.on('data', (bytes: Buffer) => (pid = Number(bytes.toString())));
  onTestFinished(async () => {
    if (pid > 0 && (await runs(pid))) process.kill(pid, 'SIGKILL');
  });
  const signal = await new Promise((resolve) => parent.once('exit', (_, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return pid;
}

describe('a run whose process or parent goes', () => {
  it('is lost, and readable, when it is killed', async () => {
    const workspace = await openWorkspace();
    const { trainer, folder } = await endlessRun(workspace);
    process.kill(trainer.pid, 'SIGKILL');
    expect(await trainer.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const record = await readRun(folder);
    expect(record).toMatchObject({ status: 'lost', problems: [] });
    expect(typesOf(record.events).slice(0, 3)).toEqual(['start', 'phase', 'step']);
    expect((await listRuns(workspace.at('runs'))).map(({ status }) => status)).toEqual(['lost']);
  });

  it('goes on to its end when its parent is killed', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({
      phases: [{ epochs: 60, optimizer: { kind: 'sgd', learningRate: 0.01 } }],
    });
    const pid = await startFromWindowThatDies(plan);
    const [run] = await listRuns(workspace.at('runs'));
    expect(run?.status).toBe('running');
    await until(
      async () => (await listRuns(workspace.at('runs')))[0]?.status !== 'running',
      'the end of the run',
    );
    const record = await readRun(run?.folder ?? '');
    expect(record.status).toBe('finished');
    expect(record.events.filter(({ type }) => type === 'epoch')).toHaveLength(60);
    await until(async () => !(await runs(pid)), 'the end of the process');
  });

  it('waits while it is paused when its parent was killed, and goes on when it is told to', async () => {
    const workspace = await openWorkspace();
    const pid = await startFromWindowThatDies(await workspace.plan({ phases: ENDLESS }));
    const folder = (await listRuns(workspace.at('runs')))[0]?.folder ?? '';
    const told = (type: RunEvent['type']) =>
      until(async () => typesOf((await readRun(folder)).events).includes(type), type);
    await steerRun(folder, { type: 'pause' });
    await told('paused');
    await steerRun(folder, { type: 'resume' });
    await told('resumed');
    await stopRun(folder);
    expect((await readRun(folder)).status).toBe('stopped');
    await until(async () => !(await runs(pid)), 'the end of the process');
  });
});

describe('input that cannot be used', () => {
  type Spoil = (workspace: Workspace) => Promise<string>;

  it.each<[string, string, string, Spoil]>([
    [
      'an image that does not decode',
      'IMAGE_DECODE',
      'broken.png: the image does not decode: found 8 bytes of text',
      async (workspace) => {
        await writeFiles(workspace.at('data', 'plain'), { 'broken.png': 'no image' });
        return workspace.plan();
      },
    ],
    [
      'a class folder with no image',
      'DATA_CLASS_EMPTY',
      'the class folder "third" has no image',
      async (workspace) => {
        await writeFiles(workspace.at('data', 'third'), { 'notes.txt': 'later' });
        return workspace.plan();
      },
    ],
    [
      'more classes than units',
      'CLASSES_MISMATCH',
      'found 3 classes, the model\'s output "scores" has 2 units',
      async (workspace) => {
        await writeFiles(workspace.at('data', 'third'), { '1.png': '' });
        return workspace.plan();
      },
    ],
    [
      'a recipe for another file',
      'RECIPE_FOR_ANOTHER_FILE',
      'expected the file that the recipe was made for',
      async (workspace) => {
        const base = { path: 'tiny.h5', sha256: '0'.repeat(64), bytes: 9 };
        await writeFile(workspace.at('x.surgery.json'), JSON.stringify({ version: 1, base }));
        return workspace.plan({ recipe: 'x.surgery.json' });
      },
    ],
    [
      'a text file named .h5',
      'NOT_A_MODEL',
      'other.h5',
      async (workspace) => {
        await writeFile(workspace.at('other.h5'), 'this is text');
        return workspace.plan({ model: 'other.h5' });
      },
    ],
    [
      'a truncated .h5',
      'H5_TRUNCATED',
      'short.h5',
      async (workspace) => {
        const whole = await readFile(workspace.at('tiny.h5'));
        await writeFile(workspace.at('short.h5'), whole.subarray(0, whole.length / 2));
        return workspace.plan({ model: 'short.h5' });
      },
    ],
    [
      'a model with everything frozen',
      'NOTHING_TRAINABLE',
      'found no trainable weight',
      (workspace) =>
        workspace.plan({
          phases: [{ epochs: 1, optimizer: { kind: 'sgd' }, freeze: [{ match: { all: true } }] }],
        }),
    ],
    [
      'a folder of data that is not there',
      'DATA_FOLDER',
      'nowhere: nothing readable there, expected a folder of images',
      (workspace) => workspace.plan({ data: { kind: 'images', train: 'nowhere' } }),
    ],
    [
      'a plan that is not there',
      'FILE_MISSING',
      'none.plan.json',
      async (workspace) => workspace.at('none.plan.json'),
    ],
  ])('%s: a message, status 3, nothing written', async (_, code, text, spoil) => {
    const workspace = await openWorkspace();
    const plan = await spoil(workspace);
    const heard = await carryOut({ type: 'train', plan });
    expect(heard.failed).toMatchObject({
      kind: 'input',
      code,
      message: expect.stringContaining(text) as string,
    });
    expect([heard.code, heard.folder]).toEqual([3, undefined]);
    expect(await readdir(workspace.folder)).not.toContain('runs');
  });

  it('an engine that there is not: status 2', async () => {
    const workspace = await openWorkspace();
    const heard = await carryOut({ type: 'train', plan: await workspace.plan(), engine: 'abacus' });
    expect([heard.code, heard.failed?.code]).toEqual([2, 'ENGINE_UNKNOWN']);
  });
});

describe('the handshake', () => {
  it('comes first, and a trainer that nobody asks for anything ends', async () => {
    const child = spawn(process.execPath, [trainerEntry], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const channel = child.stdio[3];
    if (!channel || !('read' in channel)) throw new Error('no channel');
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const hello = await new Promise<Buffer>((resolve, reject) => {
      channel.once('data', resolve);
      void exited.then((code) => reject(new Error(`ended with ${String(code)}`)));
    });
    expect(JSON.parse(hello.toString())).toEqual({
      type: 'hello',
      protocol: TRAINER_PROTOCOL,
      pid: child.pid,
    });
    channel.destroy();
    expect(await exited).toBe(0);
  });
});
