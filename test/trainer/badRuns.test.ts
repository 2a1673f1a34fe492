import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import type { RunEvent } from '../../src/core/run/events';
import type { FromTrainer } from '../../src/protocol/trainer';
import { writeNpy } from '../../src/data/npy';
import { listCheckpoints } from '../../src/runs/checkpointFolder';
import { readRun } from '../../src/runs/runReader';
import {
  carryOut,
  follow,
  openWorkspace,
  start,
  startWithFaults,
  weightBytes,
  type Workspace,
} from './workspace';

const CHECKPOINTS = { checkpoint: { every: 1, keep: 100 } };
const optimizer = { kind: 'sgd' as const, learningRate: 0.01 };
const isEpoch = (each: FromTrainer): each is Extract<FromTrainer, { type: 'event' }> =>
  each.type === 'event' && each.event.type === 'epoch';
const warningsOf = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'warning' ? [event] : []));

/** The plan on arrays: so many good images of each class, then `last`. */
async function arrays(workspace: Workspace, last: number): Promise<Partial<PlanInput>> {
  const images = 16;
  const x = Float32Array.from({ length: images * 64 }, (_, index) => (index % 7) / 7);
  x[x.length - 1] = last;
  await writeNpy(workspace.at('x.npy'), [images, 8, 8, 1], x);
  const y = Float32Array.from({ length: images }, (_, row) => row % 2);
  await writeNpy(workspace.at('y.npy'), [images], y);
  return { data: { kind: 'arrays', x: 'x.npy', y: 'y.npy' }, shuffle: false };
}

describe('a loss that is no number', () => {
  it('of a sample: names the step, and that the samples are not numbers', async () => {
    const workspace = await openWorkspace();
    const data = await arrays(workspace, Number.NaN);
    const plan = await workspace.plan({ ...data, ...CHECKPOINTS });
    const { failed, code, folder = '' } = await carryOut({ type: 'train', plan });
    expect([code, failed?.code]).toEqual([1, 'LOSS_NOT_FINITE']);
    expect(failed?.message).toMatch(
      /is NaN at step 4 \(epoch 1\), .* the first tensor that is not finite is the samples/,
    );
    expect(await readRun(folder)).toMatchObject({ status: 'failed', problems: [] });
  });

  it('of all samples of a class: names the class', async () => {
    const workspace = await openWorkspace();
    const { data } = await arrays(workspace, 0);
    const x = Float32Array.from({ length: 16 * 64 }, (_, index) =>
      Math.floor(index / 64) % 2 === 1 ? Infinity : 0.5,
    );
    await writeNpy(workspace.at('x.npy'), [16, 8, 8, 1], x);
    const { failed } = await carryOut({
      type: 'train',
      plan: await workspace.plan({ data, shuffle: false }),
    });
    expect(failed).toMatchObject({ kind: 'work', code: 'LOSS_NOT_FINITE' });
    expect(failed?.message).toMatch(
      /at step 1 .* the samples themselves \(\d of 4 in the batch, of the class "1"\); /,
    );
  });

  it('keeps the last good checkpoint, from which the run fails the same', async () => {
    const workspace = await openWorkspace();
    const phases = [
      { epochs: 2, optimizer },
      { epochs: 50, optimizer: { ...optimizer, learningRate: 1e30 } },
    ];
    const plan = await workspace.plan({ phases, ...CHECKPOINTS });
    const first = await carryOut({ type: 'train', plan });
    expect(first.failed?.code).toBe('LOSS_NOT_FINITE');
    expect(first.failed?.message).toMatch(/is the (output of layer|weight) "/);
    const checkpoints = await listCheckpoints(first.folder ?? '');
    expect(checkpoints.length).toBeGreaterThan(0);
    for (const hex of (
      await weightBytes(path.join(checkpoints[0]?.folder ?? '', 'model.safetensors'))
    ).values()) {
      const values = new Float32Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
      expect(values.every(Number.isFinite)).toBe(true);
    }
    const again = await carryOut({ type: 'train', plan, resume: first.folder ?? '' });
    expect(again.failed?.message).toBe(first.failed?.message);
  });
});

describe('a disk that fills', () => {
  it.each(['model.safetensors', 'optimizer.safetensors'])(
    'while a checkpoint writes %s: a warning, the one before stays, and the run goes on',
    async (file) => {
      const workspace = await openWorkspace();
      const plan = await workspace.plan({ phases: [{ epochs: 4, optimizer }], ...CHECKPOINTS });
      const full = await carryOut({ type: 'train', plan }, { fullAt: file, nth: 3, times: 2 });
      expect(full.code).toBe(0);
      const { events, status } = await readRun(full.folder ?? '');
      expect(status).toBe('finished');
      const warnings = warningsOf(events).filter(({ code }) => code === 'CHECKPOINT_NOT_WRITTEN');
      expect(warnings).toHaveLength(2);
      expect(warnings[0]?.message).toMatch(
        /^no checkpoint after step 15: .* its disk is full; make room, .*; the run goes on, epoch-0002 stays$/,
      );
      expect(await readdir(path.join(full.folder ?? '', 'checkpoints'))).toEqual([
        'epoch-0001',
        'epoch-0002',
      ]);
      const whole = await carryOut({ type: 'train', plan });
      const result = (run = '') => weightBytes(path.join(run, 'model', 'model.h5'));
      expect(await result(full.folder)).toEqual(await result(whole.folder));
    },
  );
});

describe('data that changes during a run', () => {
  const endless = { phases: [{ epochs: 1_000_000, optimizer }] };

  it('is warned of, by the file', async () => {
    const workspace = await openWorkspace();
    const trainer = await start({ type: 'train', plan: await workspace.plan(endless) });
    const isWarning = (each: FromTrainer): each is Extract<FromTrainer, { type: 'event' }> =>
      each.type === 'event' && each.event.type === 'warning' && each.event.code === 'DATA_CHANGED';
    const first = follow(trainer);
    await first(isEpoch);
    const changed = workspace.at('data', 'plain', '3.png');
    await utimes(changed, new Date(), new Date(0));
    const { event } = await first(isWarning);
    expect(event).toMatchObject({ message: expect.stringContaining(changed) as string });
    await trainer.stop();
  });

  it.each<[string, string, (file: string) => Promise<void>]>([
    ['does not decode any more', 'IMAGE_DECODE', (file) => writeFile(file, 'no image')],
    ['is gone', 'IMAGE_UNREADABLE', (file) => rm(file)],
  ])('ends the run at an image that %s, and costs nothing that was learned', async (_, code, spoil) => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({ ...endless, ...CHECKPOINTS });
    // A machine without memory decodes every image in every epoch.
    const trainer = await startWithFaults({ type: 'train', plan }, { memory: 0 });
    const first = follow(trainer);
    const { folder } = await first((each) => each.type === 'run');
    await first(isEpoch);
    const file = workspace.at('data', 'striped', '5.png');
    const [bytes, { mtime }] = [await readFile(file), await stat(file)];
    await spoil(file);
    expect(await first((each) => each.type === 'failed')).toMatchObject({ code, path: file });
    expect((await trainer.exited).code).toBe(3);
    const { events, status, problems } = await readRun(folder);
    expect({ status, problems }).toEqual({ status: 'failed', problems: [] });
    expect(events.at(-1)).toMatchObject({ type: 'end', error: { code } });
    const steps = events.flatMap((event) => (event.type === 'checkpoint' ? [event.step] : []));
    const [newest] = await listCheckpoints(folder);
    expect(newest?.state.step).toBe(steps.at(-1));

    await writeFile(file, bytes);
    await utimes(file, mtime, mtime);
    const again = await start({ type: 'train', plan, resume: folder });
    const { event } = await follow(again)(isEpoch);
    expect(event.type === 'epoch' && event.step).toBeGreaterThan(newest?.state.step ?? Infinity);
    await again.stop();
  });
});
