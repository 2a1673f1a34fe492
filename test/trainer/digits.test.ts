import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import { fingerprintOf } from '../../src/formats/fingerprint';
import { readRun } from '../../src/runs/runReader';
import { repository } from '../support/python';
import { temporaryFolder } from '../support/temporary';
import { carryOut, weightBytes } from './workspace';

const samples = path.join(repository, 'samples');

/** Keras's transfer experiment: a net that knows 0–4 learns 5–9 by its head alone. */
describe('the sample', () => {
  it('reaches 95 % on held-out digits 5–9, with all but the head as it was', async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => path.join(folder, name);
    await copyFile(path.join(samples, 'digits-0-4.h5'), at('digits-0-4.h5'));
    await writeFile(
      at('head.surgery.json'),
      JSON.stringify({
        version: 1,
        base: { path: 'digits-0-4.h5', ...(await fingerprintOf(at('digits-0-4.h5'))) },
        operations: [
          { op: 'cut', after: 'flatten' },
          {
            op: 'append',
            after: 'flatten',
            layers: [
              { kind: 'Dense', name: 'head_hidden', config: { units: 128, activation: 'relu' } },
              { kind: 'Dropout', name: 'head_dropout', config: { rate: 0.5 } },
              { kind: 'Dense', name: 'digits', config: { units: 5, activation: 'softmax' } },
            ],
          },
        ],
        freeze: [{ match: { upTo: 'flatten' } }],
      }),
    );
    const plan: PlanInput = {
      version: 1,
      model: 'digits-0-4.h5',
      recipe: 'head.surgery.json',
      data: { kind: 'images', train: path.join(samples, 'digits-5-9'), validation: 0.2, preprocess: 'unit' },
      phases: [{ epochs: 10, optimizer: { kind: 'adam', learningRate: 0.001 } }],
      metrics: ['accuracy', 'top5'],
      engine: 'wasm',
    };
    await writeFile(at('digits.plan.json'), JSON.stringify(plan));
    const heard = await carryOut({ type: 'train', plan: at('digits.plan.json') });
    expect(heard.failed).toBeUndefined();

    const { events, status } = await readRun(heard.folder ?? '');
    expect(status).toBe('finished');
    expect(events[0]).toMatchObject({ engine: 'wasm', classes: ['5', '6', '7', '8', '9'] });
    expect(events[0]?.type === 'start' && events[0].validationSamples).toBeGreaterThanOrEqual(150);
    const last = events.findLast((event) => event.type === 'epoch');
    expect(last?.metrics).toMatchObject({ top5: 1, val_top5: 1 });
    expect(last?.metrics.val_accuracy).toBeGreaterThanOrEqual(0.95);

    const before = await weightBytes(at('digits-0-4.h5'));
    const after = await weightBytes(path.join(heard.folder ?? '', 'model', 'model.h5'));
    const kept = [...after].filter(([name]) => before.has(name));
    expect(kept.length).toBe(after.size - 4);
    expect(kept.length).toBeGreaterThan(15);
    for (const [name, bytes] of kept) expect(bytes === before.get(name), name).toBe(true);
  });
});
