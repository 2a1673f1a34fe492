import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/core/plan/parsePlan';
import type { PlanInput } from '../../../src/core/plan/plan';
import { formOfPlan } from '../../../src/host/formOfPlan';
import { parseEpochs } from '../../../src/host/longerRequest';
import { planOf } from '../../../src/host/planOf';
import type { TrainingForm } from '../../../src/protocol/editor';

const FORM: TrainingForm = {
  ...{ dataFolder: path.resolve('/data/digits'), epochs: 4, batchSize: 16, seed: 7 },
  ...{ optimizer: 'sgd', learningRate: 0.05, validation: 0.25, preprocess: 'tf' },
};
const STAGES = 6;
const [planPath, modelPath] = [path.resolve('/models/a.plan.json'), path.resolve('/models/a.h5')];
const planFrom = (form: TrainingForm) => parsePlan(planOf({ planPath, modelPath, form, stages: STAGES }));

describe('the form of a plan', () => {
  it.each<[string, Partial<TrainingForm>]>([
    ['the least', {}],
    ['another optimizer', { optimizer: 'adamw', learningRate: 1e-4 }],
    ['stored statistics', { batchNorm: 'inference' }],
    ['a schedule', { schedule: { kind: 'cosine', warmup: { steps: 20 } } }],
    ['a rate that falls on a plateau', { schedule: { kind: 'reduceOnPlateau', patience: 3 } }],
    ['augmentation', { augment: { flip: 'horizontal', rotate: 0.1, zoom: 0.2 } }],
    ['early stopping', { earlyStopping: { monitor: 'val_accuracy', patience: 2, restoreBest: true } }],
    ['checkpoints', { checkpoint: { every: 2, keep: 3 } }],
    ['balanced classes', { classWeights: 'balanced', labelSmoothing: 0.1, cacheFeatures: 'off' }],
    ['fine-tuning some stages', { fineTune: { stages: 2, learningRate: 1e-5, epochs: 3 } }],
    ['fine-tuning all stages', { fineTune: { stages: STAGES, learningRate: 1e-5, epochs: 3 } }],
    ['no validation', { validation: 0, earlyStopping: { patience: 2 } }],
  ])('means the same plan: %s', (_, more) => {
    const plan = planFrom({ ...FORM, ...more });
    const form = formOfPlan(plan, STAGES);
    expect(form && planFrom(form)).toEqual(plan);
  });

  it.each<[string, Partial<PlanInput>]>([
    ['arrays', { data: { kind: 'arrays', x: 'x.npy', y: 'y.npy' } }],
    ['a folder of its own to validate on', { data: { kind: 'images', train: 'a', validation: 'b' } }],
    ['freeze rules of a phase', { phases: [{ epochs: 1, optimizer: { kind: 'sgd' }, freeze: [] }] }],
    ['SGD of its own', { phases: [{ epochs: 1, optimizer: { kind: 'sgd', momentum: 0.5 } }] }],
    ['three phases', { phases: [1, 2, 3].map((epochs) => ({ epochs, optimizer: { kind: 'adam' } })) }],
    ['another loss', { loss: 'categoricalCrossentropy' }],
    ['no TensorBoard', { tensorboard: false }],
    ['samples in order', { shuffle: false }],
  ])('is none where the form has no words for it: %s', (_, changes) => {
    const plan = { ...planOf({ planPath, modelPath, form: FORM, stages: STAGES }), ...changes };
    expect(formOfPlan(parsePlan(plan), STAGES)).toBeUndefined();
  });
});

it.each([
  ['5', 5],
  [' 12 ', 12],
  ['100000', 100_000],
  ['100001', undefined],
  ['0', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['many', undefined],
])('epochs as typed: %j', (text, epochs) => {
  expect(parseEpochs(text)).toBe(epochs);
});
