import { appendFile, chmod, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import type { RunEvent } from '../../src/core/run/events';
import type { FromTrainer } from '../../src/protocol/trainer';
import { readMachine } from '../../src/runs/machineFile';
import { readRun } from '../../src/runs/runReader';
import { steerRun, stopRun, type TrainerProcess } from '../../src/trainer/client';
import { temporaryFolder } from '../support/temporary';
import { carryOut, follow, openWorkspace, start, weightBytes } from './workspace';

const eventsOf = async (folder: string) => (await readRun(folder)).events;
const isEvent =
  (type: RunEvent['type']) =>
  (each: FromTrainer): each is Extract<FromTrainer, { type: 'event' }> =>
    each.type === 'event' && each.event.type === type;

const isRun = (each: FromTrainer) => each.type === 'run';
const isAskedCheckpoint = (each: FromTrainer): each is Extract<FromTrainer, { type: 'event' }> =>
  each.type === 'event' && each.event.type === 'checkpoint' && each.event.reason === 'asked';

const ENDLESS: Partial<PlanInput> = {
  phases: [{ epochs: 1_000_000, optimizer: { kind: 'sgd', learningRate: 0.001 } }],
};

/** A run that waits before its first step. */
async function pausedRun(changes: Partial<PlanInput> = ENDLESS) {
  const workspace = await openWorkspace();
  const trainer = await start({ type: 'train', plan: await workspace.plan(changes) });
  const first = follow(trainer);
  trainer.steer({ type: 'pause' });
  const { folder } = await first(isRun);
  await first(isEvent('paused'));
  return { workspace, trainer, folder, first };
}

async function ended(trainer: TrainerProcess): Promise<number | null> {
  return (await trainer.exited).code;
}

describe('a run that goes', () => {
  it('pauses and goes on, and comes to the same bytes', async () => {
    const { workspace, trainer, folder } = await pausedRun({});
    trainer.steer({ type: 'resume' });
    expect(await ended(trainer)).toBe(0);
    const { events, problems } = await readRun(folder);
    expect(problems).toEqual([]);
    const pause = events.flatMap((event) =>
      event.type === 'paused' || event.type === 'resumed' ? [[event.type, event.step, event.epoch]] : [],
    );
    expect(pause).toEqual([
      ['paused', 0, 0],
      ['resumed', 0, 0],
    ]);
    const whole = await carryOut({ type: 'train', plan: workspace.at('tiny.plan.json') });
    const result = (run: string) => weightBytes(path.join(run, 'model', 'model.h5'));
    expect(await result(folder)).toEqual(await result(whole.folder ?? ''));
  });

  it('is steered by who has nothing but its folder: paused, kept, slowed, let go on and stopped at its best', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({ ...ENDLESS, checkpoint: { every: 1, keep: 1 } });
    const trainer = await start({ type: 'train', plan }, { detached: true });
    const first = follow(trainer);
    const { folder } = await first(isRun);
    await first(isEvent('epoch'));
    // Two windows that ask at once ask for the same.
    await Promise.all([steerRun(folder, { type: 'pause' }), steerRun(folder, { type: 'pause' })]);
    await first(isEvent('paused'));
    await steerRun(folder, { type: 'saveCheckpoint' });
    await first(isAskedCheckpoint);
    await steerRun(folder, { type: 'setLearningRate', learningRate: 1e-4 });
    expect((await first(isEvent('learningRate'))).event).toMatchObject({ learningRate: 1e-4 });
    await steerRun(folder, { type: 'resume' });
    await first(isEvent('resumed'));
    await stopRun(folder, { keepBest: true });
    expect(await ended(trainer)).toBe(130);
    const { status, events, problems } = await readRun(folder);
    expect({ status, problems }).toEqual({ status: 'stopped', problems: [] });
    const types = events.map(({ type }) => type);
    expect(types).toContain('restored');
    expect(types.filter((type) => type === 'paused')).toHaveLength(1);
    // It is over: nobody is asked.
    const { size } = await stat(path.join(folder, 'steering.jsonl'));
    await steerRun(folder, { type: 'pause' });
    expect((await stat(path.join(folder, 'steering.jsonl'))).size).toBe(size);
  });

  it('takes from its folder only what is asked after it began, among whatever else is written there', async () => {
    const { trainer, folder } = await pausedRun({ ...ENDLESS, checkpoint: { every: 1, keep: 1 } });
    const file = path.join(folder, 'steering.jsonl');
    const line = (id: string, message: object) => `${JSON.stringify({ id, time: 0, ...message })}\n`;
    await trainer.stop();
    await appendFile(file, `${line('old', { type: 'stop' })}{"id":"torn","time":0,"ty`);
    const again = await start({ type: 'train', plan: path.join(folder, 'plan.json'), resume: folder });
    const first = follow(again);
    await first(isEvent('resumed'));
    const hostile = [
      ...['null', '[]', '{"type":"stop"}', '{"id":1,"time":0,"type":"stop"}', '\u0000', '{'.repeat(5000)],
      ...['{"id":"x","time":0,"type":"setLearningRate","learningRate":"1"}', 'x'.repeat(3_000_000)],
    ];
    await appendFile(file, `\n${hostile.join('\n')}\n`);
    await steerRun(folder, { type: 'pause' });
    const { event } = await first(isEvent('paused'));
    expect(event.time).toBeGreaterThan(0);
    await appendFile(file, line('once', { type: 'saveCheckpoint' }).repeat(3));
    await steerRun(folder, { type: 'setLearningRate', learningRate: 1e-5 });
    await first(isEvent('learningRate'));
    const asked = (await eventsOf(folder)).filter(
      (each) => each.type === 'checkpoint' && each.reason === 'asked',
    );
    expect(asked).toHaveLength(1);
    await again.stop();
  });

  it('is stopped by signals where it does not hear its folder', async () => {
    const { trainer, folder } = await pausedRun();
    await rm(path.join(folder, 'steering.jsonl'));
    await expect(steerRun(folder, { type: 'resume' })).rejects.toMatchObject({ code: 'RUN_DEAF' });
    await stopRun(folder);
    expect(await ended(trainer)).toBe(130);
    expect((await readRun(folder)).status).toBe('stopped');
  });

  it('can be stopped while it waits', async () => {
    const { trainer, folder } = await pausedRun();
    expect((await trainer.stop()).code).toBe(130);
    expect((await readRun(folder)).status).toBe('stopped');
  });

  it('keeps a checkpoint when it is asked to, also while it waits', async () => {
    const { trainer, folder, first } = await pausedRun();
    trainer.steer({ type: 'saveCheckpoint' });
    const { event } = await first(isEvent('checkpoint'));
    expect(event).toMatchObject({ reason: 'asked', step: 0, folder: 'checkpoints/epoch-0000' });
    await trainer.stop();
    const heard = await carryOut({
      type: 'predict',
      model: path.join(folder, 'checkpoints/epoch-0000/model.safetensors'),
      input: path.join(folder, '../../data/plain/0.png'),
      top: 1,
      engine: 'cpu',
    });
    expect(heard.failed).toBeUndefined();
  });

  it('takes another learning rate, for the rest of the phase', async () => {
    const optimizer = { kind: 'sgd' as const, learningRate: 0.01 };
    const { trainer, folder } = await pausedRun({
      phases: [
        { epochs: 1, optimizer },
        { epochs: 1, optimizer },
      ],
    });
    const before = weightsAtEndOf(folder);
    trainer.steer({ type: 'setLearningRate', learningRate: 1e-30 });
    trainer.steer({ type: 'resume' });
    expect(await ended(trainer)).toBe(0);
    const events = await eventsOf(folder);
    expect(events.find(({ type }) => type === 'learningRate')).toMatchObject({
      step: 0,
      learningRate: 1e-30,
    });
    expect(events.filter(({ type }) => type === 'learningRate')).toHaveLength(1);
    expect(await weightsAtEndOf(folder)).not.toEqual(await before);
  });

  it('is not told a learning rate that is none', async () => {
    const { trainer, folder } = await pausedRun({});
    trainer.steer({ type: 'setLearningRate', learningRate: -1 });
    trainer.steer({ type: 'resume' });
    expect(await ended(trainer)).toBe(0);
    const events = await eventsOf(folder);
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'LEARNING_RATE' }));
    expect(events.map(({ type }) => type)).not.toContain('learningRate');
  });
});

describe('what a run takes of its machine', () => {
  it('is told while it goes on, its cards by the driver, and no longer', async () => {
    const bin = await temporaryFolder();
    await writeFile(
      path.join(bin, 'nvidia-smi'),
      '#!/bin/sh\nwhile echo "0, GPU-1, Card, 42, 1024, 4096"; do sleep 1; done\n',
    );
    await chmod(path.join(bin, 'nvidia-smi'), 0o755);
    const { PATH } = process.env;
    process.env.PATH = `${bin}${path.delimiter}${PATH}`;
    onTestFinished(() => void (process.env.PATH = PATH));
    const { trainer, folder } = await pausedRun();
    const told = async () => (await readMachine(folder))?.gpus;
    await expect
      .poll(told, { timeout: 60_000 })
      .toEqual([{ name: 'Card', load: 0.42, memoryUsed: 2 ** 30, memoryTotal: 2 ** 32 }]);
    const machine = await readMachine(folder);
    expect(machine?.memory).toBeGreaterThan(10 * 2 ** 20);
    expect(machine?.tensors).toBeGreaterThan(0);
    const files = await readdir(folder);
    await trainer.stop();
    expect(files).toContain('machine.json');
    expect(await readdir(folder)).not.toContain('machine.json');
    expect((await readRun(folder)).problems).toEqual([]);
  });
});

const weightsAtEndOf = (folder: string) =>
  weightBytes(path.join(folder, 'model', 'model.h5')).catch(() => undefined);

describe('stopping early', () => {
  /** With such a rate the loss jumps: the first epochs are among the best. */
  const JUMPY: Partial<PlanInput> = {
    phases: [{ epochs: 40, optimizer: { kind: 'sgd', learningRate: 3 } }],
    checkpoint: { every: 1, keep: 100 },
  };

  it('ends a phase when patience is at its end, with the weights of its best epoch', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({ ...JUMPY, earlyStopping: { patience: 2, restoreBest: true } });
    const { folder = '', code } = await carryOut({ type: 'train', plan });
    expect(code).toBe(0);
    const events = await eventsOf(folder);
    const losses = events.flatMap((event) => (event.type === 'epoch' ? [event.metrics.val_loss ?? NaN] : []));
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(losses.length).toBe(best + 2);
    expect(losses.length).toBeLessThan(40);
    expect(events.find(({ type }) => type === 'earlyStop')).toMatchObject({
      epoch: losses.length,
      bestEpoch: best,
      monitor: 'val_loss',
      best: losses[best - 1],
    });
    expect(events.find(({ type }) => type === 'restored')).toMatchObject({ epoch: best });
    const name = `epoch-${String(best).padStart(4, '0')}`;
    const kept = await weightBytes(path.join(folder, 'checkpoints', name, 'model.safetensors'));
    expect(await weightBytes(path.join(folder, 'model', 'model.h5'))).toEqual(kept);
  });

  it('decides the same in a run that was killed between the best epoch and the end', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({ ...JUMPY, earlyStopping: { patience: 2, restoreBest: true } });
    const whole = await carryOut({ type: 'train', plan });
    const wholeEvents = await eventsOf(whole.folder ?? '');
    const last = wholeEvents.findLast(({ type }) => type === 'epoch');
    const lastEpoch = last?.type === 'epoch' ? last.epoch : 0;
    const killAfter = `checkpoints/epoch-${String(lastEpoch - 1).padStart(4, '0')}`;
    const killed = await carryOut({ type: 'train', plan }, { killAfter });
    const resumed = await carryOut({ type: 'train', plan, resume: killed.folder ?? '' });
    expect(resumed.code).toBe(0);
    const result = (run = '') => weightBytes(path.join(run, 'model', 'model.h5'));
    expect(await result(resumed.folder)).toEqual(await result(whole.folder));
    const told = (await eventsOf(resumed.folder ?? '')).find(({ type }) => type === 'earlyStop');
    expect(told).toMatchObject({
      ...wholeEvents.find(({ type }) => type === 'earlyStop'),
      time: expect.any(Number) as number,
    });
  });

  it('goes back to the best epoch of a run that is stopped, when asked to', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({ ...ENDLESS, ...JUMPY, phases: ENDLESS.phases ?? [] });
    const trainer = await start({ type: 'train', plan });
    const first = follow(trainer);
    const { folder } = await first(isRun);
    await first(isEvent('checkpoint'));
    expect((await trainer.stop({ keepBest: true })).code).toBe(130);
    const events = await eventsOf(folder);
    const restored = events.find((event) => event.type === 'restored');
    const name = `epoch-${String(restored?.type === 'restored' ? restored.epoch : 0).padStart(4, '0')}`;
    const kept = await weightBytes(path.join(folder, 'checkpoints', name, 'model.safetensors'));
    expect(await weightBytes(path.join(folder, 'model', 'model.h5'))).toEqual(kept);
  });

  it('refuses a metric that the run does not measure', async () => {
    const workspace = await openWorkspace();
    const data = { kind: 'images' as const, train: 'data', validation: 0, preprocess: 'unit' as const };
    const { failed } = await carryOut({
      type: 'train',
      plan: await workspace.plan({ data, earlyStopping: {} }),
    });
    expect(failed).toMatchObject({ kind: 'input', code: 'MONITOR_UNKNOWN' });
    expect(failed?.message).toBe(
      'earlyStopping.monitor: found "val_loss", expected one of loss, accuracy; the plan holds no data out for validation',
    );
  });
});
