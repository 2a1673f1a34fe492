import { describe, expect, it } from 'vitest';
import { afterPlateauEpoch, ON_PLATEAU } from '../../../../src/core/plan/plateau';
import { rateShare } from '../../../../src/core/plan/rate';
import { scheduleSchema } from '../../../../src/core/plan/schedule';
import document from '../../../parity/schedules.json';

const { learningRate, stepsPerEpoch, epochs } = document;

/** Keras works rates out in single precision. */
const expectRates = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  const gaps = found.map((rate, step) => Math.abs(rate - expected[step]!));
  expect(Math.max(...gaps)).toBeLessThan(learningRate * 1e-6);
};

describe('learning rates of Keras and PyTorch, step by step', () => {
  it.each(document.rates.map(({ schedule, rates }) => [JSON.stringify(schedule), schedule, rates] as const))(
    '%s',
    (_name, given, rates) => {
      const schedule = scheduleSchema.parse(given);
      const found = rates.map(
        (_, step) => learningRate * rateShare(schedule, { step, stepsPerEpoch, epochs }),
      );
      expectRates(found, rates);
    },
  );
});

describe("Keras's ReduceLROnPlateau, epoch by epoch", () => {
  it.each(document.plateaus.map((one) => [JSON.stringify(one.schedule), one] as const))(
    '%s',
    (_name, one) => {
      const schedule = scheduleSchema.parse(one.schedule);
      if (schedule.kind !== 'reduceOnPlateau') throw new Error(schedule.kind);
      let plateau = ON_PLATEAU;
      const found = one.values.map((value) => {
        plateau = afterPlateauEpoch(schedule, plateau, { val_mae: value }, learningRate);
        // What a checkpoint would keep of it.
        plateau = JSON.parse(JSON.stringify(plateau)) as typeof plateau;
        return learningRate * plateau.share;
      });
      expect(new Set(found).size).toBeGreaterThan(1);
      expectRates(found, one.rates);
    },
  );

  it('waits for a metric that is measured', () => {
    const schedule = scheduleSchema.parse({ kind: 'reduceOnPlateau', patience: 1 });
    if (schedule.kind !== 'reduceOnPlateau') throw new Error(schedule.kind);
    const before = { share: 1, best: 0.5, wait: 0, cooldown: 0 };
    expect(afterPlateauEpoch(schedule, before, { loss: 1 }, learningRate)).toBe(before);
    expect(afterPlateauEpoch(schedule, before, { val_loss: 1 }, learningRate).share).toBe(0.1);
  });
});

describe('warm-up', () => {
  it('rises in equal steps and hands over to a constant rate', () => {
    const schedule = scheduleSchema.parse({ kind: 'constant', warmup: { steps: 4, from: 0.2 } });
    const shares = [0, 1, 2, 3, 4, 9].map((step) => rateShare(schedule, { step, stepsPerEpoch, epochs }));
    shares.forEach((share, index) => expect(share).toBeCloseTo([0.2, 0.4, 0.6, 0.8, 1, 1][index]!, 12));
  });

  it('is before the first stair, not of it', () => {
    const schedule = scheduleSchema.parse({ kind: 'step', epochs: 1, warmup: { epochs: 1 } });
    const shares = [5, 9, 10].map((step) => rateShare(schedule, { step, stepsPerEpoch, epochs }));
    expect(shares).toEqual([1, 1, 0.1]);
  });
});
