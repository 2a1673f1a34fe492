import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { EngineName, PlanInput } from '../../src/core/plan/plan';
import { repository, runPython } from '../support/python';
import { installTestEngine } from '../support/tensorflowEngine';
import { temporaryFolder } from '../support/temporary';
import { carryOut } from '../trainer/workspace';

interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly confusion: readonly (readonly number[])[];
}

beforeAll(installTestEngine, 240_000);

it('a model measures as real Keras has it, on each engine', async () => {
  const folder = await temporaryFolder();
  const script = path.join(repository, 'test/parity/evaluation.py');
  const keras = JSON.parse(await runPython(script, [folder])) as Measured;
  const arrays = { x: 'x.npy', y: 'y.npy' };
  const content: PlanInput = {
    version: 2,
    model: 'model.h5',
    data: { kind: 'arrays', ...arrays, validation: arrays },
    phases: [{ epochs: 1, optimizer: { kind: 'sgd', learningRate: 0.1 } }],
    loss: 'categoricalCrossentropy',
    labelSmoothing: 0.1,
    metrics: ['accuracy', 'top2', 'auc'],
    batchSize: 16,
  };
  const plan = path.join(folder, 'model.plan.json');
  await writeFile(plan, JSON.stringify(content));
  for (const engine of ['cpu', 'wasm', 'tensorflow'] satisfies EngineName[]) {
    const model = path.join(folder, 'model.h5');
    const { messages, failed } = await carryOut({ type: 'evaluate', model, plan, engine, allowCpu: true });
    expect(failed).toBeUndefined();
    const answer = messages.find((message) => message.type === 'evaluated');
    expect(answer?.evaluation.samples).toBe(50);
    expect(answer?.evaluation.confusion?.counts).toEqual(keras.confusion);
    const { metrics = {} } = answer?.evaluation ?? {};
    expect(Object.keys(metrics).toSorted()).toEqual(Object.keys(keras.metrics).toSorted());
    for (const [name, value] of Object.entries(keras.metrics)) {
      expect(metrics[name], `${name} on ${engine}`).toBeCloseTo(value, 5);
    }
  }
});
