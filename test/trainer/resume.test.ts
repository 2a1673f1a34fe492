import { appendFile, cp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import type { RunEvent } from '../../src/core/run/events';
import { longerRequest } from '../../src/host/longerRequest';
import { startOf } from '../../src/core/run/runStart';
import { listCheckpoints } from '../../src/runs/checkpointFolder';
import { readRun } from '../../src/runs/runReader';
import {
  carryOut,
  message,
  openWorkspace,
  start,
  weightBytes,
  type Faults,
  type Workspace,
} from './workspace';

/** Two phases of different freeze sets, an optimizer with a memory, batches in another order each epoch. */
const PLAN: Partial<PlanInput> = {
  phases: [
    {
      epochs: 3,
      optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 },
      freeze: [{ match: { kind: 'Conv2D' } }],
    },
    { epochs: 4, optimizer: { kind: 'adam', learningRate: 0.01 } },
  ],
  checkpoint: { every: 1, keep: 2 },
  seed: 3,
};

const eventsOf = async (folder: string) => (await readRun(folder)).events;
const resultOf = (folder: string) => weightBytes(path.join(folder, 'model', 'model.h5'));

const stepsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step' ? [event.step] : []));

/** The metrics that stay when a resumed run has told some steps again: of each step and epoch the last. */
function metricsOf(events: readonly RunEvent[]): ReadonlyMap<string, unknown> {
  return new Map(
    events.flatMap((event) =>
      event.type === 'step' || event.type === 'epoch'
        ? [[`${event.type} ${event.type === 'step' ? event.step : event.epoch}`, event.metrics] as const]
        : [],
    ),
  );
}

/** Runs a plan until its process is killed, and returns the folder that it left. */
async function killedAt(plan: string, faults: Faults): Promise<string> {
  const { folder, code } = await carryOut({ type: 'train', plan }, faults);
  expect(code).toBeNull();
  return folder ?? '';
}

/** A run of the plan that was killed in its sixth epoch. */
async function killedRun(
  changes: Partial<PlanInput> = {},
): Promise<{ workspace: Workspace; folder: string }> {
  const workspace = await openWorkspace();
  const plan = await workspace.plan({ ...PLAN, ...changes });
  const folder = await killedAt(plan, { killAfter: '"step":28' });
  return { workspace, folder };
}

const resume = (workspace: Workspace, folder: string) =>
  carryOut({ type: 'train', plan: workspace.at('tiny.plan.json'), resume: folder });

describe('a run that was killed', () => {
  it.each<[string, Faults]>([
    ['in the middle of an epoch', { killAfter: '"step":13' }],
    ['in the middle of a line of its log', { tearAt: '"step":13' }],
    ['between two phases', { killAfter: 'checkpoints/epoch-0003' }],
    ['while it writes the weights of a checkpoint', { killIn: 'model.safetensors', nth: 5 }],
    ['while it writes the memory of the optimizer', { killIn: 'optimizer.safetensors', nth: 6 }],
  ])('%s ends with the bytes of one that was not', async (_, faults) => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan(PLAN);
    const whole = await carryOut({ type: 'train', plan });
    const folder = await killedAt(plan, faults);
    expect((await readRun(folder)).status).toBe('lost');
    const resumed = await carryOut({ type: 'train', plan, resume: folder });
    expect(resumed).toMatchObject({ code: 0, folder });
    expect(await resultOf(folder)).toEqual(await resultOf(whole.folder ?? ''));

    const record = await readRun(folder);
    expect(record).toMatchObject({ status: 'finished', problems: [] });
    expect(record.events.filter(({ type }) => type === 'resumed')).toHaveLength(1);
    expect(metricsOf(record.events)).toEqual(metricsOf(await eventsOf(whole.folder ?? '')));
  });

  it('and torn in its log and its newest checkpoint goes on from the one before', async () => {
    const { workspace, folder } = await killedRun();
    const checkpoints = path.join(folder, 'checkpoints');
    await truncate(path.join(checkpoints, 'epoch-0005', 'optimizer.safetensors'), 100);
    await appendFile(path.join(folder, 'events.jsonl'), '{"type":"step","ti');
    const resumed = await resume(workspace, folder);
    expect(resumed.code).toBe(0);
    const { events, problems } = await readRun(folder);
    expect(problems).toEqual([]);
    expect(events.find(({ type }) => type === 'resumed')).toMatchObject({
      checkpoint: 'checkpoints/epoch-0004',
    });
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'CHECKPOINT_BROKEN' }));
    const whole = await carryOut({ type: 'train', plan: workspace.at('tiny.plan.json') });
    expect(await resultOf(folder)).toEqual(await resultOf(whole.folder ?? ''));
  });

  it('goes on where it has moved, without a plan beside it', async () => {
    const { workspace, folder } = await killedRun();
    const moved = `${workspace.folder}-moved`;
    await cp(workspace.folder, moved, { recursive: true, preserveTimestamps: true });
    await rm(workspace.folder, { recursive: true });
    const there = path.join(moved, path.relative(workspace.folder, folder));
    const { code } = await carryOut({ type: 'train', plan: path.join(there, 'plan.json'), resume: there });
    await rm(moved, { recursive: true });
    expect(code).toBe(0);
  });
});

describe('a run that was killed resumes to the byte', () => {
  const adam = { kind: 'adam' as const, learningRate: 0.01 };
  const headAlone = [{ match: { all: true as const } }, { match: { names: ['scores'] }, trainable: true }];
  const images = { kind: 'images', train: 'data', validation: 0.25, preprocess: 'unit' } as const;
  const augment = { flip: 'horizontal', rotate: 0.1, shift: 0.2, contrast: 0.3 } as const;
  /** No epoch is so much better: the rate falls after each. */
  const falling = { kind: 'reduceOnPlateau', patience: 1, factor: 0.5, minDelta: 100 } as const;

  it.each<[string, Partial<PlanInput>]>([
    ['on WebAssembly', { engine: 'wasm' }],
    [
      'on features that are kept',
      {
        engine: 'wasm',
        phases: [
          { epochs: 3, optimizer: adam, freeze: headAlone },
          { epochs: 4, optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9 }, freeze: headAlone },
        ],
      },
    ],
    [
      'with a rate that falls where a metric gets no better',
      { version: 2, phases: [{ epochs: 7, optimizer: adam, schedule: falling }] },
    ],
    [
      'in the middle of a warm-up',
      {
        version: 2,
        phases: [
          { epochs: 1, optimizer: adam },
          { epochs: 6, optimizer: adam, schedule: { kind: 'cosine', warmup: { steps: 27 } } },
        ],
      },
    ],
    ['with images that are augmented anew in each epoch', { version: 2, data: { ...images, augment } }],
    [
      'with features of augmented copies',
      {
        version: 2,
        engine: 'wasm',
        data: { ...images, augment: { ...augment, copies: 2 } },
        phases: [{ epochs: 7, optimizer: adam, freeze: headAlone }],
      },
    ],
  ])('%s', async (_, changes) => {
    const { workspace, folder } = await killedRun(changes);
    const [checkpoint] = await listCheckpoints(folder);
    const { phases } = JSON.parse(await readFile(workspace.at('tiny.plan.json'), 'utf8')) as PlanInput;
    if (phases[0]?.schedule?.kind === 'reduceOnPlateau') {
      expect(checkpoint?.state.schedule).toMatchObject({ share: 0.5 ** 4 });
    }
    expect((await resume(workspace, folder)).failed).toBeUndefined();
    const whole = await carryOut({ type: 'train', plan: workspace.at('tiny.plan.json') });
    expect(await resultOf(folder)).toEqual(await resultOf(whole.folder ?? ''));
    expect(metricsOf(await eventsOf(folder))).toEqual(metricsOf(await eventsOf(whole.folder ?? '')));
  });
});

describe('a run that was stopped', () => {
  it('goes on from the step where it was stopped', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({ ...PLAN, checkpoint: undefined });
    const stoppedRun = await carryOut({ type: 'train', plan }, { killAfter: '"step":13', signal: 'SIGTERM' });
    expect(stoppedRun.code).toBe(130);
    const { folder = '' } = stoppedRun;
    const stopped = await eventsOf(folder);
    const kept = stopped.find((event) => event.type === 'checkpoint');
    expect(kept).toMatchObject({
      reason: 'last',
      step: stepsOf(stopped).at(-1),
    });

    const resumed = await resume(workspace, folder);
    expect(resumed.failed).toBeUndefined();
    const whole = await carryOut({ type: 'train', plan });
    expect(await resultOf(folder)).toEqual(await resultOf(whole.folder ?? ''));
    // A finished run whose plan asks for no checkpoints keeps none.
    expect(await readdir(folder)).not.toContain('checkpoints');
  });
});

describe('a run that is trained longer', () => {
  const momentum = { kind: 'sgd' as const, learningRate: 0.05, momentum: 0.9 };
  const length = (epochs: number): Partial<PlanInput> => ({
    ...PLAN,
    phases: [
      { ...PLAN.phases![0]!, epochs: 1 },
      { epochs, optimizer: momentum },
    ],
  });
  const lengthen = (folder: string, longer: number) =>
    carryOut({ type: 'train', plan: path.join(folder, 'plan.json'), resume: folder, longer });

  it('comes to the bytes of one that was as long from the beginning, in the same folder', async () => {
    const workspace = await openWorkspace();
    const { folder = '' } = await carryOut({ type: 'train', plan: await workspace.plan(length(2)) });
    const longer = await lengthen(folder, 2);
    expect(longer).toMatchObject({ code: 0, folder });
    const whole = await carryOut({ type: 'train', plan: await workspace.plan(length(4)) });
    expect(await resultOf(folder)).toEqual(await resultOf(whole.folder ?? ''));
    const { events, plan, status, problems } = await readRun(folder);
    expect({ status, problems }).toEqual({ status: 'finished', problems: [] });
    expect(metricsOf(events)).toEqual(metricsOf(await eventsOf(whole.folder ?? '')));
    expect(plan?.phases.map(({ epochs }) => epochs)).toEqual([1, 4]);
    expect(events.find(({ type }) => type === 'resumed')).toMatchObject({ epoch: 3, epochs: 5 });
    expect(startOf(events)?.epochs).toBe(5);

    // It has finished again, and may be killed and go on as any other.
    const refused = await carryOut({ type: 'train', plan: path.join(folder, 'plan.json'), resume: folder });
    expect(refused.failed).toMatchObject({ code: 'RUN_FINISHED' });
    const killed = await carryOut(
      { type: 'train', plan: path.join(folder, 'plan.json'), resume: folder, longer: 2 },
      { killAfter: 'checkpoints/epoch-0006' },
    );
    expect(killed.code).toBeNull();
    const on = await carryOut({ type: 'train', plan: path.join(folder, 'plan.json'), resume: folder });
    expect(on.failed).toBeUndefined();
    expect(startOf(await eventsOf(folder))?.epochs).toBe(7);
  });

  it('begins its patience anew where it had ended early', async () => {
    const workspace = await openWorkspace();
    const early: Partial<PlanInput> = {
      version: 2,
      phases: [{ epochs: 40, optimizer: { kind: 'sgd', learningRate: 1e-30 } }],
      checkpoint: { every: 1, keep: 1 },
      earlyStopping: { patience: 2, minDelta: 1 },
    };
    const { folder = '' } = await carryOut({ type: 'train', plan: await workspace.plan(early) });
    const ended = (events: readonly RunEvent[]) =>
      events.flatMap((event) => (event.type === 'epoch' ? [event.epoch] : []));
    expect(ended(await eventsOf(folder))).toEqual([1, 2, 3]);
    expect((await lengthen(folder, 1)).failed).toBeUndefined();
    expect(ended(await eventsOf(folder))).toEqual([1, 2, 3, 4]);
    expect(startOf(await eventsOf(folder))?.epochs).toBe(4);
  });

  it('needs a checkpoint, which a finished run keeps where its plan says so', async () => {
    const workspace = await openWorkspace();
    const { folder = '' } = await carryOut({ type: 'train', plan: await workspace.plan() });
    expect((await lengthen(folder, 1)).failed).toMatchObject({ code: 'NO_CHECKPOINT' });
    expect((await readRun(folder)).status).toBe('finished');
  });

  it('without one is a new run of its last phase, which begins with its model, frozen as it was', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({
      ...PLAN,
      checkpoint: undefined,
      phases: [PLAN.phases![1]!, PLAN.phases![0]!],
    });
    const { folder = '' } = await carryOut({ type: 'train', plan });
    const first = await resultOf(folder);
    const request = await longerRequest(folder, 2, async () => path.join(folder, 'model', 'model.h5'));
    const { folder: longer = '', failed } = await carryOut(request);
    expect(failed).toBeUndefined();
    expect(longer).not.toBe(folder);
    const phaseOf = (events: readonly RunEvent[]) => events.findLast(({ type }) => type === 'phase');
    expect(phaseOf(await eventsOf(longer))).toMatchObject({
      ...phaseOf(await eventsOf(folder)),
      ...{ time: expect.any(Number) as number, phase: 0, epoch: 1 },
    });
    const second = await resultOf(longer);
    const changed = [...first].filter(([name, bytes]) => second.get(name) !== bytes).map(([name]) => name);
    expect(changed.filter((name) => name.startsWith('conv/'))).toEqual([]);
    expect(changed).toContain('scores/kernel');
    const record = await readRun(longer);
    expect(record).toMatchObject({ status: 'finished', problems: [] });
    expect(record.plan?.phases.map(({ epochs }) => epochs)).toEqual([2]);
    expect(record.plan?.recipe).toBeUndefined();
  });
});

describe('a run whose circumstances have changed', () => {
  type Change = (workspace: Workspace, folder: string) => Promise<string | void>;

  it.each<[string, string, RegExp, Change]>([
    [
      'another plan',
      'RESUME_CHANGED',
      /plan, phases\.1\.epochs: found 5, expected 4; plan, batchSize: found 6, expected 4/,
      async (workspace) => {
        const [first, second] = PLAN.phases ?? [];
        await workspace.plan({ ...PLAN, batchSize: 6, phases: [first!, { ...second!, epochs: 5 }] });
      },
    ],
    [
      'a plan that was changed in its folder',
      'RESUME_CHANGED',
      /plan, seed: found 4, expected 3/,
      async (_, folder) => {
        const file = path.join(folder, 'plan.json');
        const json = JSON.parse(await readFile(file, 'utf8')) as PlanInput;
        await writeFile(file, JSON.stringify({ ...json, seed: 4 }));
        return file;
      },
    ],
    [
      'another model',
      'RESUME_CHANGED',
      /tiny\.h5: other layers or weights than before/,
      async (workspace) => {
        const other = await openWorkspace();
        await carryOut({ type: 'train', plan: await other.plan() });
        const [run] = await readdir(other.at('runs'));
        await cp(other.at('runs', run!, 'model', 'model.h5'), workspace.at('tiny.h5'));
      },
    ],
    [
      'an image of another size, one that is gone, and a new one',
      'RESUME_CHANGED',
      /plain\/0\.png: found \d+ bytes, expected \d+; .*striped\/11\.png: gone; .*plain\/new\.png: new/,
      async (workspace) => {
        const { mtime } = { mtime: new Date() };
        await appendFile(workspace.at('data', 'plain', '0.png'), ' ');
        await utimes(workspace.at('data', 'plain', '0.png'), mtime, mtime);
        await rm(workspace.at('data', 'striped', '11.png'));
        await cp(workspace.at('data', 'plain', '1.png'), workspace.at('data', 'plain', 'new.png'));
      },
    ],
    [
      'no checkpoint',
      'NO_CHECKPOINT',
      /found no whole checkpoint/,
      (_, folder) => rm(path.join(folder, 'checkpoints'), { recursive: true }),
    ],
  ])('%s: is refused with what changed, and left as it is', async (_, code, text, change) => {
    const { workspace, folder } = await killedRun();
    const other = await change(workspace, folder);
    const before = await readFile(path.join(folder, 'events.jsonl'), 'utf8');
    const plan = typeof other === 'string' ? other : workspace.at('tiny.plan.json');
    const heard = await carryOut({ type: 'train', plan, resume: folder });
    expect(heard.failed).toMatchObject({
      kind: 'input',
      code,
      message: expect.stringMatching(text) as string,
    });
    expect(heard.code).toBe(3);
    expect(await readFile(path.join(folder, 'events.jsonl'), 'utf8')).toBe(before);
  });

  it('is refused another engine than its own', async () => {
    const { workspace, folder } = await killedRun();
    const plan = workspace.at('tiny.plan.json');
    const heard = await carryOut({ type: 'train', plan, resume: folder, engine: 'wasm' });
    expect(heard.failed).toMatchObject({
      message: expect.stringContaining('engine: found wasm, expected cpu') as string,
    });
  });

  it('is refused while it goes on, and when it is done', async () => {
    const workspace = await openWorkspace();
    const endless = [{ epochs: 1_000_000, optimizer: { kind: 'sgd' as const, learningRate: 0.001 } }];
    const plan = await workspace.plan({ phases: endless });
    const trainer = await start({ type: 'train', plan });
    const { folder } = await message(trainer, (each) => each.type === 'run');
    const heard = await carryOut({ type: 'train', plan, resume: folder });
    expect(heard.failed).toMatchObject({ kind: 'input', code: 'RUN_ALIVE' });
    await trainer.stop();

    const done = await carryOut({ type: 'train', plan: await workspace.plan() });
    const again = await resume(workspace, done.folder ?? '');
    expect(again.failed).toMatchObject({ kind: 'input', code: 'RUN_FINISHED' });
  });
});
