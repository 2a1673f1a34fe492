import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planSchema } from '../../../src/core/plan/plan';
import { planOf } from '../../../src/host/planOf';
import { isRecipePath, modelName, siblingOf } from '../../../src/host/siblingFiles';
import type { TrainingForm } from '../../../src/protocol/editor';

const form: TrainingForm = {
  dataFolder: path.resolve('/data/digits-5-9'),
  epochs: 4,
  batchSize: 16,
  optimizer: 'sgd',
  learningRate: 0.05,
  validation: 0.25,
  preprocess: 'unit',
  seed: 7,
};
const modelPath = path.resolve('/models/digits-0-4.h5');
const planPath = siblingOf(modelPath, 'plan');

describe('planOf', () => {
  it('says what the form says, in a plan that the schema takes', () => {
    const recipePath = siblingOf(modelPath, 'surgery');
    const plan = planSchema.parse(planOf({ planPath, modelPath, recipePath, form }));
    expect(plan).toMatchObject({
      name: 'digits-0-4',
      model: modelPath,
      recipe: path.resolve('/models/digits-0-4.surgery.json'),
      data: { kind: 'images', train: form.dataFolder, validation: 0.25, preprocess: 'unit' },
      phases: [{ epochs: 4, optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true } }],
      batchSize: 16,
      seed: 7,
      out: path.resolve('/models/runs'),
    });
  });

  it('names no recipe where there is none', () => {
    const plan = planOf({ planPath, modelPath, form: { ...form, optimizer: 'adam' } });
    expect(plan).not.toHaveProperty('recipe');
    expect(plan.phases[0]?.optimizer).toEqual({ kind: 'adam', learningRate: 0.05 });
  });
});

describe('BatchNormalization', () => {
  it.each([
    [undefined, 'train'],
    ['train', 'train'],
    ['inference', 'inference'],
  ] as const)('%s in the form is %s in the plan', (chosen, expected) => {
    const given = chosen === undefined ? form : { ...form, batchNorm: chosen };
    const plan = planSchema.parse(planOf({ planPath, modelPath, form: given }));
    expect(plan.phases[0]?.batchNorm).toBe(expected);
  });
});

describe('what lies beside a model', () => {
  it.each([
    ['/m/digits-0-4.h5', '/m/digits-0-4.surgery.json'],
    ['/m/net/model.json', '/m/net/model.surgery.json'],
    ['/m/v1.2.hdf5', '/m/v1.2.surgery.json'],
  ])('%s has the recipe %s', (model, recipe) => {
    expect(siblingOf(path.resolve(model), 'surgery')).toBe(path.resolve(recipe));
    expect(isRecipePath(recipe)).toBe(true);
    expect(isRecipePath(model)).toBe(false);
  });

  it('and a TF.js model is called as its folder', () => {
    expect(modelName(path.resolve('/m/digits-0-4.h5'))).toBe('digits-0-4');
    expect(modelName(path.resolve('/m/mobilenet/model.json'))).toBe('mobilenet');
  });
});
