import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePlan } from '../../../src/core/plan/parsePlan';
import { planSchema } from '../../../src/core/plan/plan';
import { planOf } from '../../../src/host/planOf';
import { isRecipePath, modelName, siblingOf } from '../../../src/host/siblingFiles';
import type { TrainingForm } from '../../../src/protocol/editor';
import { formProblem } from '../../../src/protocol/formPlan';

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
const stages = 6;
/** As the trainer reads it. */
const planFrom = (more: Partial<TrainingForm>) =>
  parsePlan(planOf({ planPath, modelPath, form: { ...form, ...more }, stages }));

describe('planOf', () => {
  it('says what the form says, in a plan that the schema takes', () => {
    const recipePath = siblingOf(modelPath, 'surgery');
    const plan = planSchema.parse(planOf({ planPath, modelPath, recipePath, form, stages }));
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
    const plan = planOf({ planPath, modelPath, form: { ...form, optimizer: 'adam' }, stages });
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
    const plan = planSchema.parse(planOf({ planPath, modelPath, form: given, stages }));
    expect(plan.phases[0]?.batchNorm).toBe(expected);
  });
});

describe('what a form can ask for beside that', () => {
  it('nothing, where it was remembered before there was more', () => {
    const plan = planFrom({});
    expect(plan.phases).toHaveLength(1);
    expect(plan).toMatchObject({ cacheFeatures: 'auto', phases: [{ batchNorm: 'train' }] });
    for (const word of ['earlyStopping', 'checkpoint', 'labelSmoothing', 'classWeights'] as const) {
      expect(plan[word]).toBeUndefined();
    }
    expect(plan.data).not.toHaveProperty('augment');
    expect(plan.phases[0]?.schedule).toBeUndefined();
  });

  it.each(['rmsprop', 'adam', 'adamw'] as const)('the optimizer %s, as Keras has it', (optimizer) => {
    expect(planFrom({ optimizer }).phases[0]?.optimizer).toMatchObject({
      kind: optimizer,
      learningRate: 0.05,
    });
  });

  it('early stopping, checkpoints, labels, weights of classes and no features kept', () => {
    const wanted = {
      earlyStopping: { monitor: 'val_accuracy', patience: 3, restoreBest: true },
      checkpoint: { every: 2 },
      labelSmoothing: 0.1,
      classWeights: 'balanced',
      cacheFeatures: 'off',
    } as const;
    expect(planFrom(wanted)).toMatchObject(wanted);
  });

  it('augmentation, left out where it changes nothing', () => {
    const augment = { flip: 'horizontal', rotate: 0.05, zoom: 0.1 } as const;
    expect(planFrom({ augment }).data).toMatchObject({ augment });
    expect(planFrom({ augment: { flip: undefined, rotate: 0 } }).data).not.toHaveProperty('augment');
  });

  it.each([
    [0.2, 'val_loss', 'val_accuracy'],
    [0, 'loss', 'accuracy'],
  ])('watching what is measured with %s of the images held back', (validation, plateau, stopping) => {
    const plan = planFrom({
      validation,
      schedule: { kind: 'reduceOnPlateau', patience: 2, warmup: { epochs: 1 } },
      earlyStopping: { monitor: 'val_accuracy' },
    });
    expect(plan.phases[0]?.schedule).toMatchObject({
      kind: 'reduceOnPlateau',
      monitor: plateau,
      warmup: { epochs: 1 },
    });
    expect(plan.earlyStopping?.monitor).toBe(stopping);
  });

  it('a second phase with the last stages unfrozen, at its own rate and with stored statistics', () => {
    const plan = planFrom({
      optimizer: 'adamw',
      schedule: { kind: 'cosine' },
      fineTune: { stages: 2, learningRate: 1e-5, epochs: 3 },
    });
    expect(plan.phases).toHaveLength(2);
    expect(plan.phases[1]).toMatchObject({
      epochs: 3,
      optimizer: { kind: 'adamw', learningRate: 1e-5 },
      schedule: { kind: 'cosine' },
      freeze: [{ match: { all: true }, trainable: true }, { match: { stages: 4 } }],
      batchNorm: 'inference',
    });
    expect(plan.phases[0]).toMatchObject({ batchNorm: 'train' });
  });

  it('a second phase with more stages than there are: all of them', () => {
    const plan = planFrom({ fineTune: { stages: 9, learningRate: 1e-5, epochs: 3 } });
    expect(plan.phases[1]?.freeze).toEqual([{ match: { all: true }, trainable: true }]);
  });

  it('says what the schema finds wrong', () => {
    const problemOf = (more: Partial<TrainingForm>) => formProblem({ ...form, ...more }, stages);
    expect(problemOf({})).toBeNull();
    expect(problemOf({ labelSmoothing: 1 })).toContain('labelSmoothing: found 1');
    expect(problemOf({ epochs: 0, learningRate: -1 })).toMatch(/epochs: found 0.*; .*learningRate: found -1/);
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
