import { describe, expect, test } from 'vitest';
import { checkPlan, parsePlan } from '../../../../src/core/plan/parsePlan';
import { failureOf } from '../surgery/sampleGraphs';

const images = { kind: 'images', train: 'flowers' };
const plan = (more: object = {}, phase: object = {}) => ({
  version: 1,
  model: 'm.h5',
  data: images,
  phases: [{ epochs: 2, optimizer: { kind: 'sgd' }, ...phase }],
  ...more,
});

describe('parsePlan', () => {
  test('fills in the defaults', () => {
    expect(parsePlan(plan())).toEqual({
      version: 1,
      model: 'm.h5',
      data: { kind: 'images', train: 'flowers', validation: 0.2, preprocess: 'none' },
      phases: [
        {
          epochs: 2,
          optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false },
          batchNorm: 'train',
        },
      ],
      batchSize: 32,
      shuffle: true,
      seed: 42,
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
      cacheFeatures: 'auto',
      engine: 'auto',
      out: 'runs',
    });
  });

  test('says all that is wrong, each with its place, what was found and what was expected', () => {
    const { findings } = checkPlan(
      plan(
        { batchSize: 0, seed: 'x', engine: 'gpu', data: { kind: 'images' } },
        { epochs: 1.5, optimizer: { kind: 'sgd', learningRate: -1, momentum: 2 } },
      ),
    );
    expect(findings).toEqual([
      'data.train: is missing, expected text in quotes',
      'phases[0].epochs: found 1.5, expected a whole number',
      'phases[0].optimizer.learningRate: found -1, expected a number above 0',
      'phases[0].optimizer.momentum: found 2, expected a number not above 1',
      'batchSize: found 0, expected a number above 0',
      'seed: found "x", expected a number',
      'engine: found "gpu", expected one of "auto", "tensorflow", "webgpu", "wasm", "cpu"',
    ]);
  });

  test.each([
    [plan({ phases: [] }), 'phases: found [], expected at least 1 item'],
    [
      plan({ data: { ...images, validation: true } }),
      'data.validation: found true, expected a number or text in quotes',
    ],
    [plan({ data: { ...images, validation: 1 } }), 'data.validation: found 1, expected a number below 1'],
    [plan({ data: { ...images, size: [224] } }), 'data.size: found [224], expected at least 2 items'],
    [
      plan({ data: { ...images, preprocess: 'imagenet' } }),
      /^data\.preprocess: found "imagenet", expected one of "none", "unit"/,
    ],
    [
      plan({}, { optimizer: { kind: 'adm' } }),
      'phases[0].optimizer.kind: found "adm", expected one of "sgd", "rmsprop", "adam", "adamw"',
    ],
    [
      plan({}, { freeze: [{ match: { name: 'x' } }] }),
      'phases[0].freeze[0].match: found {"name":"x"}, expected exactly one of names, regex, kind, group, stages, upTo, from, all',
    ],
    [plan({ epoch: 5 }), 'epoch: no such field'],
    [plan({ batchsize: 5 }), 'batchsize: no such field; the nearest is "batchSize"'],
    [
      plan({}, { optimizer: { kind: 'adam', learning_rate: 1 } }),
      'phases[0].optimizer.learning_rate: no such field; the nearest is "learningRate"',
    ],
    [[], 'found [], expected an object in { }'],
    ['text', 'found "text", expected an object in { }'],
  ])('%j', (json, expected) => {
    const { findings } = checkPlan(json);
    if (typeof expected === 'string') expect(findings).toEqual([expected]);
    else expect(findings?.join('\n')).toMatch(expected);
  });

  test('takes the word for TensorBoard, of both versions', () => {
    expect(parsePlan(plan({ tensorboard: true })).tensorboard).toBe(true);
    expect(parsePlan(plan({ version: 2 })).tensorboard).toBeUndefined();
    expect(checkPlan(plan({ tensorboard: 'yes' })).findings).toEqual([
      'tensorboard: found "yes", expected true or false',
    ]);
  });

  test('fills in what Keras has for stopping early, and how many checkpoints stay', () => {
    const { earlyStopping, checkpoint } = parsePlan(plan({ earlyStopping: {}, checkpoint: { every: 5 } }));
    expect(earlyStopping).toEqual({
      monitor: 'val_loss',
      patience: 0,
      minDelta: 0,
      mode: 'auto',
      restoreBest: false,
    });
    expect(checkpoint).toEqual({ every: 5, keep: 3 });
  });

  test('refuses a newer version before anything else', () => {
    expect(failureOf(() => parsePlan({ version: 3, steps: [] }))).toBe(
      'PLAN_INVALID: in the plan, version: found 3, expected 2; a newer Model Surgery wrote it, update this one',
    );
  });
});
