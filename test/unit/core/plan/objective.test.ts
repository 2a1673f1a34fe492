import { describe, expect, it } from 'vitest';
import { checkPlan, parsePlan } from '../../../../src/core/plan/parsePlan';

const plan = (own: object, phase: object = {}) => ({
  version: 2,
  model: 'm.h5',
  data: { kind: 'images', train: 'flowers' },
  phases: [{ epochs: 2, optimizer: { kind: 'sgd' }, ...phase }],
  ...own,
});

const findings = (own: object, phase?: object) => checkPlan(plan(own, phase)).findings;

describe("a plan's optimizers", () => {
  it('have the defaults of Keras', () => {
    const kinds = ['sgd', 'rmsprop', 'adam', 'adamw'];
    const parsed = kinds.map((kind) => parsePlan(plan({}, { optimizer: { kind } })).phases[0]?.optimizer);
    expect(parsed).toEqual([
      { kind: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false },
      { kind: 'rmsprop', learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
      { kind: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
      { kind: 'adamw', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.004 },
    ]);
  });

  it('clip in one way', () => {
    expect(findings({}, { optimizer: { kind: 'sgd', clipNorm: 1, clipValue: 2 } })).toEqual([
      'phases[0].optimizer.clipValue: found 2, expected only one of clipNorm, globalClipNorm and clipValue, there is clipNorm already',
    ]);
  });
});

describe("a plan's objective", () => {
  it.each([
    ['sparseCategoricalCrossentropy', ['accuracy', 'top3', 'precision', 'recall', 'auc']],
    ['categoricalCrossentropy', ['accuracy', 'top10', 'auc']],
    ['binaryCrossentropy', ['accuracy', 'binaryAccuracy', 'precision', 'recall', 'auc']],
    ['huber', ['mae']],
  ])('of %s takes %j', (loss, metrics) => {
    expect(parsePlan(plan({ loss, metrics })).metrics).toEqual(metrics);
  });

  it('looks at what fits its loss where it names no metric', () => {
    expect(parsePlan(plan({})).metrics).toEqual(['accuracy']);
    expect(parsePlan(plan({ loss: 'meanSquaredError' })).metrics).toEqual(['mae']);
  });

  it.each([
    [
      { loss: 'meanSquaredError', metrics: ['accuracy'] },
      'metrics[0]: found "accuracy", expected a metric that fits meanSquaredError: accuracy is of ' +
        'sparseCategoricalCrossentropy, categoricalCrossentropy, binaryCrossentropy',
    ],
    [
      { metrics: ['accuracy', 'mae'] },
      'metrics[1]: found "mae", expected a metric that fits sparseCategoricalCrossentropy: mae is of ' +
        'meanSquaredError, meanAbsoluteError, huber',
    ],
    [
      { loss: 'binaryCrossentropy', metrics: ['top5'] },
      'metrics[0]: found "top5", expected a metric that fits binaryCrossentropy: top5 is of ' +
        'sparseCategoricalCrossentropy, categoricalCrossentropy',
    ],
    [
      { loss: 'huber', classWeights: 'balanced' },
      'classWeights: found "balanced", expected it with a crossentropy only: huber has no classes',
    ],
    [
      { loss: 'huber', labelSmoothing: 0.1 },
      'labelSmoothing: found 0.1, expected it with a crossentropy only: huber has no labels to smooth',
    ],
    [
      { loss: 'huber', fromLogits: true },
      'fromLogits: found true, expected it with a crossentropy only: huber has no logits',
    ],
    [{ labelSmoothing: 1 }, 'labelSmoothing: found 1, expected a number below 1'],
    [{ classWeights: { rose: -1 } }, 'classWeights.rose: found -1, expected a number not below 0'],
  ])('refuses %j', (own, expected) => {
    expect(findings(own)).toEqual([expected]);
  });

  it.each(['top0', 'top-3', 'top', 'top1.5', 'loss'])('knows no metric %s', (metric) => {
    expect(findings({ metrics: [metric] })?.[0]).toMatch(/^metrics\[0\]: found/);
  });
});

describe('a plan of version 1', () => {
  it('has no word of version 2', () => {
    const optimizer = { kind: 'adam', clipNorm: 1 };
    expect(findings({ version: 1, classWeights: 'balanced' }, { optimizer })).toEqual([
      'classWeights: found "balanced", expected it in a plan of "version": 2 only',
      'phases[0].optimizer.clipNorm: found 1, expected it in a plan of "version": 2 only',
    ]);
    expect(findings({ version: 1 }, { optimizer: { kind: 'adamw' } })).toEqual([
      'phases[0].optimizer.kind: found "adamw", expected it in a plan of "version": 2 only',
    ]);
  });
});
