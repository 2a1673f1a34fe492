import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import { readRun } from '../../src/runs/runReader';
import { installTestEngine } from '../support/tensorflowEngine';
import { carryOut, openWorkspace, weightBytes } from '../trainer/workspace';

/** Two phases of different freeze sets, as on the other engines. */
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
  engine: 'tensorflow',
};

const resultOf = (folder = '') => weightBytes(path.join(folder, 'model', 'model.h5'));

beforeAll(installTestEngine, 240_000);

describe('a run on TensorFlow itself', () => {
  it('that was killed ends with the bytes of one that was not', async () => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan(PLAN);
    const request = { type: 'train', plan, allowCpu: true } as const;
    const whole = await carryOut(request);
    expect(whole.failed).toBeUndefined();
    const { folder = '' } = await carryOut(request, { killAfter: '"step":28' });
    const resumed = await carryOut({ ...request, resume: folder });
    expect(resumed.failed).toBeUndefined();
    expect((await readRun(folder)).events.some(({ type }) => type === 'resumed')).toBe(true);
    expect(await resultOf(folder)).toEqual(await resultOf(whole.folder));
  });

  it('that finds no memory says so, also that no batch fits', async () => {
    const workspace = await openWorkspace();
    // A petabyte a batch: no machine has addresses for it.
    const layers = [{ kind: 'UpSampling2D', name: 'wide', config: { size: 1_400_000 } }];
    const operations = [{ op: 'insert', between: ['relu', 'pool'], layers }];
    await writeFile(workspace.at('wide.surgery.json'), JSON.stringify({ version: 1, operations }));
    const plan = await workspace.plan({ ...PLAN, recipe: 'wide.surgery.json' });
    const { failed, code } = await carryOut({ type: 'train', plan, allowCpu: true });
    expect([code, failed?.code]).toEqual([1, 'OUT_OF_MEMORY']);
    expect(failed?.message).toMatch(
      /^step 1 \(epoch 1\): found no memory for a batch of 4, nor for one sample: use smaller inputs, .*OOM/,
    );
  });
});
