import { beforeAll, describe, it } from 'vitest';
import { openEngine } from '../../src/trainer/engines/engine';
import { followPlan, trainingPlans } from '../support/trainingPlans';

/** A tiny net trained from the same start, on the same samples, as real Keras has trained it (trainingPlans.py). */
describe('plans of 30 steps against Keras', () => {
  beforeAll(async () => {
    await openEngine('wasm');
  });

  it.each(trainingPlans.map((plan) => [plan.name, plan] as const))('%s', (_name, plan) => followPlan(plan));
});
