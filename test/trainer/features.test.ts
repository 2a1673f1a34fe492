import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/core/plan/plan';
import { readRun } from '../../src/runs/runReader';
import { carryOut, openWorkspace, weightBytes, type Heard } from './workspace';

/** The head alone is trained; the normalization is folded into the convolution. */
const FROZEN: PlanInput['phases'] = [
  {
    epochs: 3,
    optimizer: { kind: 'adam', learningRate: 0.01 },
    freeze: [{ match: { all: true } }, { match: { names: ['scores'] }, trainable: true }],
  },
];

const eventsOf = ({ messages }: Heard) =>
  messages.flatMap((message) => (message.type === 'event' ? [message.event] : []));
const keptIn = (heard: Heard) =>
  eventsOf(heard).flatMap((event) => (event.type === 'features' && event.kept ? [event.kept] : []));
const lossesOf = (heard: Heard) =>
  eventsOf(heard).flatMap((event) =>
    event.type === 'epoch' ? [event.metrics.loss, event.metrics.val_loss].map(Number) : [],
  );

describe('a run with a frozen backbone', () => {
  it('computes features once, has the losses of a run without, and leaves them to the next run', async () => {
    const { plan, at } = await openWorkspace();
    const run = async (changes: Partial<PlanInput>) => {
      const heard = await carryOut({
        type: 'train',
        plan: await plan({ phases: FROZEN, engine: 'wasm', ...changes }),
      });
      expect(heard.failed).toBeUndefined();
      return heard;
    };
    const plain = await run({ cacheFeatures: 'off' });
    const first = await run({});
    const second = await run({});
    expect([plain, first, second].map((heard) => keptIn(heard).map(({ computed }) => computed))).toEqual([
      [],
      [24],
      [0],
    ]);
    expect(keptIn(first)[0]!.by).toContain('ONNX Runtime');
    expect(lossesOf(plain)).toHaveLength(6);
    lossesOf(plain).forEach((loss, index) => expect(lossesOf(first)[index]).toBeCloseTo(loss, 4));
    expect(lossesOf(second)).toEqual(lossesOf(first));
    expect(await readFile(path.join(first.folder!, 'log.txt'), 'utf8')).toContain(
      '24 computed by ONNX Runtime',
    );
    expect((await readRun(first.folder!)).events.some(({ type }) => type === 'features')).toBe(true);
    const before = await weightBytes(at('tiny.h5'));
    const after = await weightBytes(path.join(first.folder!, 'model/model.h5'));
    const changed = [...before.keys()].filter((name) => before.get(name) !== after.get(name));
    expect(changed.toSorted()).toEqual(['scores/bias', 'scores/kernel']);
  });

  it('keeps the features of augmented copies', async () => {
    const { plan } = await openWorkspace();
    const data = { kind: 'images', train: 'data', validation: 0.25, preprocess: 'unit' } as const;
    const heard = await carryOut({
      type: 'train',
      plan: await plan({
        version: 2,
        phases: FROZEN,
        engine: 'wasm',
        data: { ...data, augment: { flip: 'horizontal', copies: 2 } },
      }),
    });
    expect(heard.failed).toBeUndefined();
    // 18 images to train on, twice, and 6 to validate on.
    expect(keptIn(heard).map(({ computed }) => computed)).toEqual([42]);
  });
});
