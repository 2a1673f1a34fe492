import { describe, expect, it } from 'vitest';
import { phaseSchema } from '../../../src/core/plan/plan';
import { PhaseRate } from '../../../src/trainer/phaseRate';

const phase = (schedule?: object) =>
  phaseSchema.parse({ epochs: 4, optimizer: { kind: 'sgd', learningRate: 0.5 }, schedule });

describe('the learning rate of a phase', () => {
  it('is left alone without a schedule', () => {
    const rate = new PhaseRate(phase(), 10);
    rate.after({ val_loss: 1 });
    expect(rate.at(0)).toBeUndefined();
    expect(rate.state).toBeUndefined();
  });

  it('goes by steps and epochs', () => {
    const rate = new PhaseRate(phase({ kind: 'step', epochs: 2, factor: 0.5, warmup: { steps: 10 } }), 10);
    expect([0, 5, 10, 29, 30].map((step) => rate.at(step))).toEqual([0, 0.25, 0.5, 0.5, 0.25]);
    expect(rate.state).toBeUndefined();
  });

  it('is less after a plateau, and goes on so from a checkpoint', () => {
    const plateau = { kind: 'reduceOnPlateau', patience: 2, factor: 0.5 };
    const rate = new PhaseRate(phase(plateau), 10);
    for (const value of [1, NaN, 1]) rate.after({ val_loss: value });
    expect(rate.at(30)).toBe(0.25);
    rate.after({ val_loss: 1 });
    const kept = JSON.parse(JSON.stringify(rate.state)) as Record<string, number>;
    const resumed = new PhaseRate(phase(plateau), 10, kept);
    for (const one of [rate, resumed]) one.after({ val_loss: 1 });
    expect([rate.at(0), resumed.at(0)]).toEqual([0.125, 0.125]);
  });
});
