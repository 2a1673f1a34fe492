import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  parameterCount,
  sizeOf,
  type Layer,
  type LayerGraph,
  type WeightRef,
} from '../../src/core/graph/layerGraph';
import { parsePlan } from '../../src/core/plan/parsePlan';
import type { PlanInput } from '../../src/core/plan/plan';
import { summarize } from '../../src/core/summary/summarize';
import { parseRecipe } from '../../src/core/surgery/parseRecipe';
import { replay } from '../../src/core/surgery/replay';
import { writeNpy } from '../../src/data/npy';
import { donorsOf } from '../../src/formats/donors';
import { exportModel } from '../../src/formats/exportModel';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { repository, runPython } from '../support/python';
import { fixture } from '../unit/formats/fixtures';
import { residualNet } from '../webview/support/models';

const FOLDER = path.join(repository, '.cache/parity/python');
const DIGITS = path.join(repository, 'samples/digits-0-4.h5');

interface KerasModel {
  readonly name: string;
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    readonly params: number;
    readonly trainable: boolean;
    readonly sums: Readonly<Record<string, number>>;
  }[];
  readonly operations: readonly string[];
  readonly outputs: readonly (readonly (number | null)[])[];
  readonly total: number;
  readonly trainable: number;
  readonly history: readonly string[];
  readonly epochs: number;
}

interface Case {
  readonly base: string;
  readonly recipe: unknown;
  readonly plan?: PlanInput;
}

/** What the process answers: the model that a script made, beside ours loaded from a file where there is one. */
interface KerasAnswer extends KerasModel {
  /** Layers whose weights are not those of our file: they start anew. */
  readonly fresh: readonly string[];
  /** Between predictions of both, once those layers have our weights; the largest, of numbers around 1. */
  readonly difference: number;
}

const RESIDUAL = path.join(FOLDER, 'residual.h5');
const ARCHIVE = path.join(FOLDER, 'residual.keras');
const head = [
  { kind: 'Dropout', config: { rate: 0.25 } },
  { kind: 'Dense', name: 'head', config: { units: 5, activation: 'softmax', kernel_regularizer: 'l2' } },
];
const images = {
  version: 1,
  model: DIGITS,
  data: {
    kind: 'images',
    train: path.join(FOLDER, 'images'),
    validation: 0.25,
    preprocess: 'unit',
  },
  phases: [{ epochs: 1, optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true } }],
  batchSize: 8,
  metrics: ['accuracy', 'top5'],
} as const satisfies PlanInput;

const CASES: Readonly<Record<string, Case>> = {
  as_it_is: { base: DIGITS, recipe: {} },
  sequential_as_it_is: { base: fixture('keras3/sequential.h5'), recipe: {} },
  new_head: {
    base: DIGITS,
    recipe: {
      operations: [
        { op: 'cut', after: 'flatten' },
        { op: 'append', after: 'flatten', layers: head },
      ],
      freeze: [
        { match: { upTo: 'block2_relu' } },
        { match: { kind: 'BatchNormalization' }, trainable: true },
        { match: { names: ['block1a_bn'] } },
      ],
    },
  },
  cut_and_patterns: {
    base: RESIDUAL,
    recipe: {
      operations: [{ op: 'cut', after: 'conv3_block2_out' }],
      freeze: [
        { match: { all: true } },
        { match: { regex: '^conv3.*_[12]_(conv|bn)$' }, trainable: true },
        { match: { stages: 1 } },
        { match: { upTo: 'avg_pool' }, trainable: false },
        { match: { regex: 'block2' }, trainable: true },
      ],
    },
  },
  through_the_middle: {
    base: RESIDUAL,
    recipe: {
      operations: [
        { op: 'remove', layers: ['conv2_block2_1_relu', 'conv2_block2_2_conv', 'conv2_block2_2_bn'] },
        {
          op: 'insert',
          between: ['conv2_block1_out', 'conv2_block2_add'],
          layers: [
            { kind: 'BatchNormalization', config: { momentum: 0.9 } },
            { kind: 'Dropout', config: { rate: 0.1 } },
          ],
        },
        {
          op: 'insert',
          between: ['images', 'conv1_conv'],
          layers: [{ kind: 'Rescaling', config: { scale: 0.5 } }],
        },
        { op: 'rename', layer: 'conv1_conv', to: 'stem' },
        { op: 'configure', layer: 'predictions', config: { units: 4, kernel_initializer: 'he_normal' } },
        { op: 'reinitialize', layers: ['conv4_block2_2_conv'] },
        { op: 'append', after: 'avg_pool', layers: [{ kind: 'Dense', config: { units: 3 } }] },
      ],
      freeze: [{ match: { upTo: 'conv3_block1_out' } }],
    },
  },
  sequential_in_the_middle: {
    base: fixture('keras3/sequential.h5'),
    recipe: {
      operations: [
        { op: 'rename', layer: 'pixels', to: 'image' },
        { op: 'remove', layers: ['drop'] },
        {
          op: 'insert',
          between: ['image', 'conv'],
          layers: [{ kind: 'Rescaling', config: { scale: 0.5 } }],
        },
      ],
      freeze: [{ match: { upTo: 'norm' } }],
    },
  },
  of_a_keras_archive: {
    base: ARCHIVE,
    recipe: {
      operations: [
        { op: 'cut', after: 'avg_pool' },
        { op: 'append', after: 'avg_pool', layers: head },
        { op: 'configure', layer: 'dropout', config: { rate: 0.5 } },
      ],
      freeze: [{ match: { upTo: 'avg_pool' } }],
    },
  },
  several_ends: {
    base: fixture('keras3/branches.h5'),
    recipe: {
      operations: [
        { op: 'append', after: 'label', layers: [{ kind: 'Dense', name: 'labels', config: { units: 4 } }] },
      ],
      freeze: [{ match: { names: ['shared'] } }],
    },
  },
  one_end_left: {
    base: fixture('keras3/branches.h5'),
    recipe: { operations: [{ op: 'cut', after: 'rectified' }] },
  },
  of_a_nested_base: {
    base: fixture('python/backbone.keras'),
    recipe: {
      operations: [
        { op: 'cut', after: 'pool' },
        { op: 'append', after: 'pool', layers: head },
        { op: 'configure', layer: 'dropout', config: { rate: 0.5 } },
      ],
      freeze: [{ match: { stages: 1 } }, { match: { names: ['stem'] }, trainable: true }],
    },
  },
  of_a_base_called_twice: {
    base: fixture('keras3/nested.h5'),
    recipe: {
      operations: [
        { op: 'rename', layer: 'backbone_conv', to: 'shared' },
        { op: 'append', after: 'pool', layers: [{ kind: 'Dense', config: { units: 3 } }] },
      ],
      freeze: [{ match: { upTo: 'conv' } }, { match: { kind: 'BatchNormalization' }, trainable: true }],
    },
  },
  cut_at_an_operation: {
    base: fixture('python/backbone.keras'),
    recipe: {
      operations: [
        { op: 'cut', after: 'multiply' },
        { op: 'append', after: 'multiply', layers: [{ kind: 'GlobalMaxPooling2D', name: 'max' }] },
      ],
    },
  },
  replaced: {
    base: RESIDUAL,
    recipe: {
      operations: [
        {
          op: 'replace',
          layer: 'conv2_block1_2_conv',
          with: { kind: 'Conv2D', name: 'wide', config: { filters: 16, kernel_size: 5, padding: 'same' } },
        },
        {
          op: 'replace',
          layer: 'conv2_block1_out',
          with: { kind: 'Activation', config: { activation: 'silu' } },
        },
        { op: 'replace', layer: 'conv4_block2_add', with: { kind: 'Maximum', name: 'larger' } },
        {
          op: 'replace',
          layer: 'conv1_conv',
          with: { kind: 'Conv2D', config: { filters: 16, kernel_size: 5, padding: 'same' } },
        },
      ],
      freeze: [{ match: { names: ['wide', 'conv1_conv'] } }],
    },
  },
  of_another_size: {
    base: RESIDUAL,
    recipe: { operations: [{ op: 'inputShape', shape: [40, 48, 3] }] },
  },
  with_weights_that_no_longer_fit: {
    base: fixture('keras3/sequential.h5'),
    recipe: { operations: [{ op: 'inputShape', shape: [11, 8, 3], input: 'pixels' }] },
  },
  grafted: {
    base: RESIDUAL,
    recipe: {
      operations: [
        {
          op: 'graft',
          donor: RESIDUAL,
          from: 'conv2_block2_1_conv',
          to: 'conv2_block2_out',
          after: 'conv2_block1_out',
        },
        {
          op: 'append',
          after: 'conv2_block2_out_1',
          layers: [{ kind: 'Conv2D', name: 'narrow', config: { filters: 3, kernel_size: 1 } }],
        },
        {
          op: 'graft',
          donor: fixture('python/backbone.keras'),
          from: 'stem',
          to: 'add_2',
          after: 'narrow',
        },
      ],
      freeze: [{ match: { upTo: 'multiply_1' } }],
    },
  },
  grafted_on_a_nested_base: {
    base: fixture('python/backbone.keras'),
    recipe: {
      operations: [{ op: 'graft', donor: fixture('keras3/nested.h5'), to: 'classes', after: 'scale' }],
    },
  },
  warm_started: {
    base: RESIDUAL,
    recipe: {
      operations: [
        { op: 'reinitialize', layers: ['conv1_conv', 'conv2_block1_1_conv', 'conv4_block2_2_conv'] },
        {
          op: 'warmStart',
          from: ARCHIVE,
          match: '^conv[12]',
          map: { conv4_block2_2_conv: 'conv4_block1_2_conv' },
        },
      ],
    },
  },
  warm_started_by_a_list: {
    base: fixture('python/backbone.keras'),
    recipe: {
      operations: [
        { op: 'rename', layer: 'stem', to: 'conv' },
        {
          op: 'warmStart',
          from: fixture('keras3/nested.h5'),
          match: '(?<name>classes)',
          map: { norm: 'norm' },
        },
        { op: 'warmStart', from: fixture('python/backbone.keras'), map: { conv: 'stem' } },
      ],
    },
  },
  trained_on_images: {
    base: DIGITS,
    recipe: {
      operations: [
        { op: 'cut', after: 'flatten' },
        { op: 'append', after: 'flatten', layers: head },
      ],
    },
    plan: {
      ...images,
      phases: [
        ...images.phases,
        {
          epochs: 1,
          optimizer: { kind: 'adam', learningRate: 1e-4 },
          freeze: [{ match: { regex: '^block1' } }],
          batchNorm: 'inference',
        },
      ],
    },
  },
  trained_on_arrays: {
    base: DIGITS,
    recipe: { freeze: [{ match: { upTo: 'flatten' } }] },
    plan: {
      version: 1,
      model: DIGITS,
      data: {
        kind: 'arrays',
        x: path.join(FOLDER, 'x.npy'),
        y: path.join(FOLDER, 'y.npy'),
        validation: 0.25,
      },
      phases: images.phases,
      shuffle: false,
    },
  },
};

const scriptOf = (name: string) => path.join(FOLDER, `${name}.py`);

const fileOf = (name: string) => path.join(FOLDER, `${name}-ours.keras`);

const parsedRecipe = ({ recipe }: Case) => parseRecipe({ version: 1, ...Object(recipe) });

/** What recipe and rules make of the model here. */
async function oursOf(each: Case): Promise<LayerGraph> {
  const recipe = parsedRecipe(each);
  const donors = await donorsOf(recipe);
  return replay((await openModel(each.base)).graph, recipe, donors.graphs).graph;
}

/** The script of a case, and the model that the case makes here. */
async function writeCase(name: string, each: Case): Promise<void> {
  const [file, recipe] = [await openModel(each.base), parsedRecipe(each)];
  const donors = await donorsOf(recipe);
  const replayed = replay(file.graph, recipe, donors.graphs);
  const model = { file, recipe, ...replayed };
  const plan = each.plan && { plan: parsePlan(each.plan) };
  await exportModel(model, scriptOf(name), 'python', { force: true, ...plan });
  if (!plan) await exportModel(model, fileOf(name), 'keras', { force: true });
}

/** A few images of each class, and as many samples as arrays. */
async function writeData(): Promise<void> {
  const samples = path.join(repository, 'samples/digits-5-9');
  for (const digit of ['5', '6', '7', '8', '9']) {
    const folder = path.join(FOLDER, 'images', digit);
    await mkdir(folder, { recursive: true });
    for (const image of ['0000.png', '0001.png', '0002.png', '0003.png']) {
      await writeFile(path.join(folder, image), await readFile(path.join(samples, digit, image)));
    }
  }
  const x = Float32Array.from({ length: 16 * 28 * 28 }, (_, index) => ((index * 7) % 256) / 255);
  await writeNpy(path.join(FOLDER, 'x.npy'), [16, 28, 28, 1], x);
  await writeNpy(
    path.join(FOLDER, 'y.npy'),
    [16],
    Float32Array.from({ length: 16 }, (_, index) => index % 5),
  );
}

let models: ReadonlyMap<string, KerasAnswer>;

beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  await writeData();
  const weights = (_: string, { shape }: WeightRef) =>
    Promise.resolve(Float32Array.from({ length: sizeOf(shape) }, (_, index) => (index % 101) / 1000));
  await writeModel({ graph: residualNet(), weights }, RESIDUAL, 'h5', { force: true });
  await writeModel({ graph: residualNet(), weights }, ARCHIVE, 'keras', { force: true });
  for (const [name, each] of Object.entries(CASES)) await writeCase(name, each);
  const names = Object.keys(CASES);
  const files = names.flatMap((name) => [scriptOf(name), CASES[name].plan ? '-' : fileOf(name)]);
  const printed = await runPython(path.join(repository, 'test/parity/pythonScripts.py'), files);
  const described = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as KerasAnswer[];
  models = new Map(names.map((name, place) => [name, described[place]]));
});

function modelOf(name: string): KerasAnswer {
  const model = models.get(name);
  if (!model) throw new Error(`no model ${name}`);
  return model;
}

describe('the model that a script makes in Keras', () => {
  test.each(Object.keys(CASES))('%s: has the layers, parameters and freezing of the recipe', async (name) => {
    const ours = await oursOf(CASES[name]);
    const theirs = modelOf(name);
    const summary = summarize(ours);
    // A Sequential does not count its input among its layers.
    const shown = summary.layers.filter(({ kind }) => kind !== 'InputLayer');
    const byName = new Map(
      theirs.layers.filter(({ kind }) => kind !== 'InputLayer').map((each) => [each.name, each]),
    );
    // Operations on tensors are none of its layers.
    const layers = shown.filter(({ name: each }) => !theirs.operations.includes(each));
    expect(shown.length - layers.length).toBe(theirs.operations.length);
    expect([...byName.keys()].sort()).toEqual(layers.map((layer) => layer.name).sort());
    for (const layer of layers) {
      const { kind, params } = layer;
      expect(byName.get(layer.name)).toMatchObject({ kind, params });
    }
    expect(theirs.name).toBe(summary.name);
    expect(theirs.total).toBe(summary.totalParams);
    expect(theirs.outputs).toEqual(summary.outputs.map(({ shape }) => shape));
  });

  test.each(Object.keys(CASES).filter((name) => !CASES[name].plan))(
    '%s: keeps the weights that the recipe keeps, frozen alike',
    async (name) => {
      const ours = await oursOf(CASES[name]);
      const theirs = new Map(modelOf(name).layers.map((layer) => [layer.name, layer]));
      const reader = openWeights();
      let compared = 0;
      for (const layer of ours.layers) {
        if (parameterCount(layer) === 0) continue;
        expect([layer.name, theirs.get(layer.name)?.trainable]).toEqual([layer.name, layer.trainable]);
        for (const weight of layer.weights) {
          if (weight.source.from === 'initializer') continue;
          const sum = (await reader.read(weight)).reduce((total, value) => total + value, 0);
          expect(theirs.get(layer.name)?.sums[weight.name]).toBeCloseTo(sum, 3);
          compared++;
        }
      }
      await reader.close();
      expect(compared).toBeGreaterThan(0);
      expect(modelOf(name).trainable).toBe(summarize(ours).trainableParams);
    },
  );

  test.each(Object.keys(CASES).filter((name) => !CASES[name].plan))(
    '%s: predicts what the model made here predicts',
    async (name) => {
      const { fresh, difference } = modelOf(name);
      const isFresh = ({ weights }: Layer) => weights.some(({ source }) => source.from === 'initializer');
      const ours = (await oursOf(CASES[name])).layers.filter(isFresh).map((layer) => layer.name);
      expect(ours).toEqual(expect.arrayContaining([...fresh]));
      expect(difference).toBeLessThan(1e-5);
    },
  );

  test('is trained in the phases of the plan', () => {
    const both = ['accuracy', 'loss', 'top5', 'val_accuracy', 'val_loss', 'val_top5'];
    expect(modelOf('trained_on_images')).toMatchObject({ epochs: 1, history: both });
    const frozen = modelOf('trained_on_images').layers.filter(({ trainable }) => !trainable);
    expect(frozen.map(({ name }) => name).sort()).toEqual([
      'block1a_bn',
      'block1a_conv',
      'block1a_relu',
      'block1b_bn',
      'block1b_conv',
      'block1b_relu',
    ]);
    expect(modelOf('trained_on_arrays').history).toEqual(['accuracy', 'loss', 'val_accuracy', 'val_loss']);
  });

  test('has the moving statistics of before where the plan trains on them', async () => {
    const { graph } = await openModel(DIGITS);
    const bn = graph.layers.find(({ name }) => name === 'block1a_bn');
    const reader = openWeights();
    const before = await Promise.all(bn?.weights.map((weight) => reader.read(weight)) ?? []);
    await reader.close();
    const sums = bn?.weights.map((weight, place) => [
      weight.name,
      before[place]?.reduce((total, value) => total + value, 0),
    ]);
    const after = modelOf('trained_on_arrays').layers.find(({ name }) => name === 'block1a_bn');
    expect(sums).toHaveLength(4);
    for (const [name, sum] of sums ?? []) expect(after?.sums[String(name)]).toBeCloseTo(Number(sum), 4);
  });
});
