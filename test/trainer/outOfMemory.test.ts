import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import { writeNpy } from '../../src/data/npy';
import { listCheckpoints } from '../../src/runs/checkpointFolder';
import { readRun } from '../../src/runs/runReader';
import { carryOut, openWorkspace, weightBytes, type Workspace } from './workspace';

const SAMPLES = 12_288;
const optimizer = { kind: 'adam' as const, learningRate: 0.01 };

/** Samples of 256 bytes: one batch of all of them takes many megabytes in the tiny model. */
async function arrays(workspace: Workspace): Promise<PlanInput['data']> {
  const x = Float32Array.from({ length: SAMPLES * 64 }, (_, index) => (index % 7) / 7);
  await writeNpy(workspace.at('x.npy'), [SAMPLES, 8, 8, 1], x);
  const y = Float32Array.from({ length: SAMPLES }, (_, row) => row % 2);
  await writeNpy(workspace.at('y.npy'), [SAMPLES], y);
  return { kind: 'arrays', x: 'x.npy', y: 'y.npy', validation: 0 };
}

/** What the module begins with, and too little for a step of all layers on a third of the samples. */
const HEAP = 17 * 2 ** 20;

async function trained(workspace: Workspace, changes: Partial<PlanInput>) {
  const plan = await workspace.plan({
    data: await arrays(workspace),
    phases: [{ epochs: 1, optimizer }],
    engine: 'wasm',
    ...changes,
  });
  return carryOut({ type: 'train', plan }, { heap: HEAP });
}

describe('a step that the memory of the engine does not hold', () => {
  it('ends the run with the batch size that fits, which does, and four times of it does not', async () => {
    const workspace = await openWorkspace();
    const { failed, code, folder = '' } = await trained(workspace, { batchSize: SAMPLES });
    expect([code, failed?.code]).toEqual([1, 'OUT_OF_MEMORY']);
    expect(failed?.message).toMatch(
      /^step 1 \(epoch 1\): found no memory for a batch of 12288, a batch of \d+ fits: set "batchSize" to \d+ \(.*engine wasm: found no room for \d+ bytes more in its heap of \d+ MB/,
    );
    const { status, events, problems } = await readRun(folder);
    expect({ status, problems }).toEqual({ status: 'failed', problems: [] });
    expect(events.at(-1)).toMatchObject({ error: { code: 'OUT_OF_MEMORY', message: failed?.message } });

    const fits = Number(/"batchSize" to (\d+)/.exec(failed?.message ?? '')?.[1]);
    expect((await trained(workspace, { batchSize: fits })).failed).toBeUndefined();
    expect((await trained(workspace, { batchSize: fits * 4 })).failed?.code).toBe('OUT_OF_MEMORY');
  });

  it('keeps the last checkpoint, and nothing of the batches that were tried', async () => {
    const workspace = await openWorkspace();
    const headAlone = [{ match: { all: true as const } }, { match: { names: ['scores'] }, trainable: true }];
    const phases: PlanInput['phases'] = [
      { epochs: 1, optimizer, freeze: headAlone },
      { epochs: 1, optimizer },
    ];
    // The head alone needs less than all layers do: the second phase is the one that does not fit.
    const changes = { phases, cacheFeatures: 'off' as const, checkpoint: { every: 1, keep: 2 } };
    const { failed, folder = '' } = await trained(workspace, { ...changes, batchSize: SAMPLES / 3 });
    expect(failed?.message).toMatch(
      /^step 4 \(epoch 2\): found no memory for a batch of 4096, a batch of \d+ fits/,
    );
    const [newest, ...others] = await listCheckpoints(folder);
    expect(newest?.state).toMatchObject({ epoch: 1, step: 3 });
    expect(others).toEqual([]);

    const plan = workspace.at('tiny.plan.json');
    const resumed = await carryOut({ type: 'train', plan, resume: folder });
    expect(resumed.failed).toBeUndefined();
    const whole = await carryOut({ type: 'train', plan });
    const result = (run = '') => weightBytes(path.join(run, 'model', 'model.h5'));
    expect(await result(folder)).toEqual(await result(whole.folder));
  });

  it('says so where not even one sample fits', async () => {
    const workspace = await openWorkspace();
    const layers = [{ kind: 'UpSampling2D', name: 'wide', config: { size: 100_000 } }];
    const operations = [{ op: 'insert', between: ['relu', 'pool'], layers }];
    await writeFile(workspace.at('wide.surgery.json'), JSON.stringify({ version: 1, operations }));
    const plan = await workspace.plan({ recipe: 'wide.surgery.json' });
    const { failed, code, folder = '' } = await carryOut({ type: 'train', plan });
    expect([code, failed?.code]).toEqual([1, 'OUT_OF_MEMORY']);
    expect(failed?.message).toMatch(
      /^step 1 \(epoch 1\): found no memory for a batch of 4, nor for one sample: use smaller inputs, /,
    );
    expect(await readFile(path.join(folder, 'log.txt'), 'utf8')).toContain('nor for one sample');
  });
});
