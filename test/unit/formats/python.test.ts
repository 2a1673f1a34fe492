import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parsePlan } from '../../../src/core/plan/parsePlan';
import type { PlanInput } from '../../../src/core/plan/plan';
import { donorPathsIn } from '../../../src/core/surgery/donors';
import { parseRecipe } from '../../../src/core/surgery/parseRecipe';
import type { ModelFile } from '../../../src/formats/format';
import { pythonScript } from '../../../src/formats/python/write';
import { literal, text } from '../../../src/formats/python/literal';
import { openModel, writeModel } from '../../../src/formats/registry';
import { repository } from '../../support/python';
import { failureOf } from '../core/surgery/sampleGraphs';
import { fixture } from './fixtures';

const DIGITS = path.join(repository, 'samples/digits-0-4.h5');
const BACKBONE = fixture('python/backbone.keras');
const TARGET = path.join(repository, 'samples/fine-tune.py');

async function scriptOf(recipe: object, plan?: PlanInput, model = DIGITS): Promise<string> {
  const base = await openModel(model);
  const parsed = parseRecipe({ version: 1, ...recipe });
  const donors = new Map<string, ModelFile>();
  for (const donor of donorPathsIn(parsed)) donors.set(donor, await openModel(donor));
  return pythonScript({ base, donors, recipe: parsed, ...(plan && { plan: parsePlan(plan) }) }, TARGET);
}

const plan = (given: object = {}): PlanInput => ({
  version: 1,
  model: DIGITS,
  data: { kind: 'images', train: path.join(repository, 'samples/digits-5-9'), preprocess: 'unit' },
  phases: [{ epochs: 5, optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: true } }],
  ...given,
});

describe('a Keras script', () => {
  test('says the usual job as a person would', async () => {
    const recipe = {
      operations: [
        { op: 'cut', after: 'flatten' },
        {
          op: 'append',
          after: 'flatten',
          layers: [
            { kind: 'Dropout', config: { rate: 0.2 } },
            { kind: 'Dense', name: 'digits', config: { units: 5, activation: 'softmax' } },
          ],
        },
      ],
      freeze: [
        { match: { upTo: 'block2_relu' } },
        { match: { regex: '^block2_(conv|bn)$' }, trainable: true },
      ],
    };
    await expect(await scriptOf(recipe, plan())).toMatchFileSnapshot(
      path.join(repository, 'test/golden/formats/python-fine-tune.txt'),
    );
  });

  test('is the same whatever language its writer reads', async () => {
    const recipe = { operations: [{ op: 'cut', after: 'flatten' }], freeze: [{ match: { all: true } }] };
    const english = await scriptOf(recipe, plan());
    globalThis.modelSurgeryLanguage = { sentences: { 'Cut after {0}': '{0} 뒤에서 자르기' } };
    try {
      expect(await scriptOf(recipe, plan())).toBe(english);
    } finally {
      globalThis.modelSurgeryLanguage = undefined;
    }
  });

  test('says an optimizer with what differs from its usual', async () => {
    const optimizer = { kind: 'adamw', learningRate: 0.002, amsgrad: true, weightDecay: 0.1, clipNorm: 1 };
    const given = { version: 2, phases: [{ epochs: 1, optimizer }], metrics: ['top3'] };
    const script = await scriptOf({}, plan(given));
    expect(script).toContain('AdamW(0.002, amsgrad=True, weight_decay=0.1, clipnorm=1)');
    expect(script).toContain('SparseTopKCategoricalAccuracy(3, name="top3")');
  });

  test('is not written for what it could not say', async () => {
    const phases = [{ epochs: 1, optimizer: { kind: 'sgd' }, schedule: { kind: 'cosine' } }];
    const given = { version: 2, phases, labelSmoothing: 0.1, metrics: ['auc'] };
    await expect(scriptOf({}, plan(given))).rejects.toThrow(
      'the plan has labelSmoothing, schedule of phase 1, metric auc, expected',
    );
  });

  test.each([
    ['tf', 'images / 127.5 - 1'],
    ['caffe', 'images[..., ::-1] - (103.939, 116.779, 123.68)'],
    ['torch', '(images / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)'],
    [{ scale: 0.5, mean: [1], std: [2, 3, 4], channels: 'bgr' }, '(images[..., ::-1] * 0.5 - 1) / (2, 3, 4)'],
  ])('preprocesses as the plan says: %j', async (preprocess, formula) => {
    const data = { kind: 'images', train: 'images', preprocess };
    expect(await scriptOf({}, plan({ data }))).toContain(`    return ${formula}, labels\n`);
  });

  test('lists layers where an expression would mean something else in Python', async () => {
    const script = await scriptOf({ freeze: [{ match: { regex: '(?<stage>block1)a' } }] });
    expect(script).toContain('for name in ["block1a_conv", "block1a_bn", "block1a_relu"]:');
    expect(script).not.toContain('import re');
  });

  test('is not written of what it could not do', async () => {
    const several = [
      [() => scriptOf({}, undefined, fixture('tfjs/sequential-saved/model.json')), /^PYTHON_BASE: .*tfjs/],
      [
        () =>
          scriptOf({
            operations: [{ op: 'warmStart', from: fixture('tfjs/sequential-saved/model.json') }],
          }),
        /^PYTHON_DONOR: .*tfjs/,
      ],
      [
        () => scriptOf({ operations: [{ op: 'warmStart', from: fixture('keras3/only.weights.h5') }] }),
        /^PYTHON_DONOR: .*weights alone/,
      ],
      [
        () =>
          scriptOf(
            { operations: [{ op: 'configure', layer: 'add', config: { scale: 2 } }] },
            undefined,
            BACKBONE,
          ),
        /^PYTHON_OPERATION: "Set scale of add" cannot .*"add" is an operation/,
      ],
      [
        () =>
          scriptOf(
            { operations: [{ op: 'replace', layer: 'multiply_1', with: { kind: 'Concatenate' } }] },
            undefined,
            BACKBONE,
          ),
        /^PYTHON_OPERATION: .*"multiply_1" is an operation/,
      ],
      [
        () =>
          scriptOf(
            {
              operations: [
                {
                  op: 'graft',
                  donor: fixture('keras3/nested.h5'),
                  from: 'conv',
                  to: 'joined',
                  after: 'flatten',
                },
                { op: 'cut', after: 'dropout' },
              ],
            },
            undefined,
          ),
        /^PYTHON_OPERATION: "Graft nested.h5 from conv up to joined after flatten" cannot/,
      ],
      [
        () =>
          scriptOf(
            {
              operations: [
                {
                  op: 'graft',
                  donor: fixture('keras3/nested.h5'),
                  from: 'conv',
                  to: 'joined',
                  after: 'scale',
                },
              ],
            },
            undefined,
            BACKBONE,
          ),
        /^PYTHON_OPERATION: .*"norm" makes the tensor/,
      ],
      [
        () =>
          scriptOf({
            operations: [{ op: 'append', after: 'flatten', layers: [{ kind: 'Sqrt' }] }],
          }),
        /^PYTHON_LAYER: .*Sqrt/,
      ],
      [() => scriptOf({}, plan({ shuffle: false })), /^PYTHON_PLAN: .*shuffle/],
    ] as const;
    for (const [write, expected] of several) {
      await expect(
        write().then(String, (error: unknown) =>
          failureOf(() => {
            throw error;
          }),
        ),
      ).resolves.toMatch(expected);
    }
    // As it is, Keras loads a nested model itself.
    expect(await scriptOf({}, undefined, fixture('keras3/nested.h5'))).toContain('model.summary()');
  });

  test('takes nested models apart, theirs and their donors\u2019, as a person would', async () => {
    const nested = fixture('keras3/nested.h5');
    const recipe = {
      operations: [
        {
          op: 'replace',
          layer: 'stem',
          with: { kind: 'Conv2D', config: { filters: 4, kernel_size: 5, padding: 'same' } },
        },
        { op: 'inputShape', shape: [12, 12, 3] },
        { op: 'graft', donor: nested, to: 'classes', after: 'scale' },
        { op: 'warmStart', from: nested, match: '^class', map: { conv: 'conv' } },
      ],
      freeze: [{ match: { upTo: 'joined' } }],
    };
    await expect(await scriptOf(recipe, undefined, BACKBONE)).toMatchFileSnapshot(
      path.join(repository, 'test/golden/formats/python-nested.txt'),
    );
  });

  test('makes no code of names in a file or a recipe', async () => {
    const name = 'a"\nimport os\r\u2028#';
    const hostile = [{ op: 'rename', layer: 'flatten', to: name }];
    const script = await scriptOf({ operations: hostile, freeze: [{ match: { names: [name] } }] });
    expect(script).toContain('# Rename flatten to a" import os #.\n');
    expect(script).toContain('model.get_layer("flatten").name = "a\\"\\nimport os\\r');
    expect(script.split(/[\n\r]/).filter((line) => line.startsWith('import'))).toEqual(['import keras']);
    const layers = [
      { kind: 'Dense', config: { units: 1, kernel_initializer: { class_name: 'X(os)', config: {} } } },
    ];
    await expect(
      scriptOf({ operations: [{ op: 'append', after: 'flatten', layers }] }),
    ).rejects.toMatchObject({
      code: 'PYTHON_LAYER',
    });
  });

  test('needs to know where the model comes from', async () => {
    const { graph } = await openModel(DIGITS);
    const write = writeModel({ graph, weights: () => Promise.reject(new Error('unread')) }, TARGET, 'python');
    await expect(write).rejects.toMatchObject({ code: 'PYTHON_WITHOUT_BASE', kind: 'usage' });
  });
});

test('values are written as Python has them', () => {
  expect(literal({ a: [1, [true, null]], b: 1e-7, 'c"\\': [2] })).toBe(
    '{"a": (1, (True, None)), "b": 1e-7, "c\\"\\\\": (2,)}',
  );
  expect([literal(Infinity), literal(-Infinity), literal(NaN), literal([])]).toEqual([
    'float("inf")',
    'float("-inf")',
    'float("nan")',
    '()',
  ]);
  expect(text('kernel\n"ü"\u0000')).toBe('"kernel\\n\\"ü\\"\\u0000"');
});
