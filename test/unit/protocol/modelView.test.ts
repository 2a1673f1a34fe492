import { describe, expect, it } from 'vitest';
import { stagesOf } from '../../../src/core/graph/stages';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { labelOf } from '../../../src/core/surgery/label';
import { EMPTY_RECIPE, type Recipe } from '../../../src/core/surgery/recipe';
import { createReplayer, replay } from '../../../src/core/surgery/replay';
import { toModelView } from '../../../src/protocol/modelView';
import { zooEntry } from '../../../src/zoo/registry';
import { GraphBuilder } from '../support/graphs';

function digits(): LayerGraph {
  const build = new GraphBuilder('digits');
  const image = build.input([null, 8, 8, 1], 'image');
  const conv = build.add(
    {
      kind: 'Conv2D',
      name: 'conv',
      config: { filters: 4, kernel_size: [3, 3], padding: 'same' },
      weights: { kernel: [3, 3, 1, 4], bias: [4] },
    },
    image,
  );
  const norm = build.add(
    {
      kind: 'BatchNormalization',
      name: 'norm',
      weights: { gamma: [4], beta: [4], moving_mean: [4], moving_variance: [4] },
    },
    conv,
  );
  const pool = build.add({ kind: 'GlobalAveragePooling2D', name: 'pool' }, norm);
  const odd = build.add({ kind: 'Mystery', name: 'odd', opaque: 'no kind is named Mystery' }, pool);
  return build.outputs(
    build.add(
      { kind: 'Dense', name: 'head', config: { units: 3 }, weights: { kernel: [4, 3], bias: [3] } },
      odd,
    ),
  );
}

function viewOf(base: LayerGraph, recipe: Recipe) {
  const { graph, inference, faults } = replay(base, recipe);
  return toModelView({
    graph,
    inference,
    faults,
    recipe,
    history: recipe.operations.map(labelOf),
    baseIds: new Set(base.layers.map((layer) => layer.id)),
    stages: stagesOf(graph, inference),
    file: 'digits.h5',
    format: 'h5',
  });
}

const grafted: Recipe = {
  version: 1,
  operations: [
    { op: 'cut', after: 'pool' },
    {
      op: 'append',
      after: 'pool',
      layers: [{ kind: 'Dense', name: 'predictions', config: { units: 5, activation: 'softmax' } }],
    },
  ],
  freeze: [{ match: { upTo: 'pool' } }],
};

describe('toModelView', () => {
  it('names the published architecture that a model begins with, until surgery makes it another', () => {
    const vgg = zooEntry('VGG16').build();
    expect(viewOf(vgg, EMPTY_RECIPE).backbone).toEqual({ family: 'VGG', preprocess: 'caffe' });
    const little: Recipe = { ...EMPTY_RECIPE, operations: [{ op: 'cut', after: 'block1_pool' }] };
    expect(viewOf(vgg, little)).not.toHaveProperty('backbone');
  });

  it('says of each layer what the graph and its shapes say', () => {
    const view = viewOf(digits(), EMPTY_RECIPE);
    expect(view.layers.map((layer) => [layer.name, layer.family, layer.isInput, layer.isOutput])).toEqual([
      ['image', 'core', true, false],
      ['conv', 'convolution', false, false],
      ['norm', 'normalization', false, false],
      ['pool', 'pooling', false, false],
      ['odd', 'opaque', false, false],
      ['head', 'core', false, true],
    ]);
    const conv = view.layers[1];
    expect(conv).toMatchObject({
      inputs: ['id:image'],
      inputShapes: [[null, 8, 8, 1]],
      outputShape: [null, 8, 8, 4],
      params: 40,
      trainableParams: 40,
      grafted: false,
      stage: 0,
    });
    expect(conv?.flops).toBeGreaterThan(2 * 8 * 8 * 9 * 4 - 1);
  });

  it('has null where an opaque layer hides a shape, and says why it is opaque', () => {
    const [, , , , odd, head] = viewOf(digits(), EMPTY_RECIPE).layers;
    expect(odd).toMatchObject({ outputShape: null, opaque: 'no kind is named Mystery', stage: -1 });
    expect(head).toMatchObject({ inputShapes: [null] });
  });

  it('counts every number once: trainable, frozen, or a statistic', () => {
    expect(viewOf(digits(), EMPTY_RECIPE).totals).toMatchObject({
      params: 40 + 16 + 15,
      trainable: 40 + 8 + 15,
      frozen: 0,
      statistics: 8,
    });
    expect(viewOf(digits(), grafted).totals).toMatchObject({
      params: 40 + 16 + 25,
      trainable: 25,
      frozen: 40 + 8,
      statistics: 8,
    });
  });

  it('marks what the recipe added, and which weights start fresh', () => {
    const view = viewOf(digits(), grafted);
    expect(view.history).toEqual(['Cut after pool', 'Append predictions after pool']);
    const added = view.layers.at(-1);
    expect(added).toMatchObject({
      name: 'predictions',
      grafted: true,
      isOutput: true,
      outputShape: [null, 5],
    });
    expect(added?.weights.map(({ name, fresh }) => [name, fresh])).toEqual([
      ['kernel', true],
      ['bias', true],
    ]);
    expect(new Set(view.layers[1]?.weights.map(({ fresh }) => fresh))).toEqual(new Set([false]));
    expect(view.layers.filter((layer) => layer.trainable).map((layer) => layer.name)).toEqual([
      'predictions',
    ]);
  });

  it('puts a fault on its layer and in the list, once', () => {
    const broken: Recipe = {
      ...EMPTY_RECIPE,
      operations: [
        { op: 'append', after: 'pool', layers: [{ kind: 'MaxPooling2D', name: 'misfit', config: {} }] },
      ],
    };
    const view = viewOf(digits(), broken);
    const misfit = view.layers.find((layer) => layer.name === 'misfit');
    expect(misfit?.faults).toHaveLength(1);
    expect(misfit?.faults[0]?.severity).toBe('error');
    expect(view.faults.filter((fault) => fault.layer === 'misfit')).toEqual(misfit?.faults);
  });

  it('keeps the parts of a layer that freezing does not speak of, and wholes of the others', () => {
    const base = digits();
    const replayed = createReplayer(base);
    const viewAfter = (recipe: Recipe) => {
      const { graph, inference, faults } = replayed(recipe);
      const stages = stagesOf(graph, inference);
      const source = { graph, inference, faults, recipe, history: [], baseIds, stages };
      return { stages, view: toModelView({ ...source, file: 'digits.h5', format: 'h5' }) };
    };
    const baseIds = new Set(base.layers.map(({ id }) => id));
    const before = viewAfter(EMPTY_RECIPE);
    const after = viewAfter({ ...EMPTY_RECIPE, freeze: [{ match: { kind: 'Conv2D' } }] });
    expect(after.stages).toBe(before.stages);
    after.view.layers.forEach((layer, place) => {
      const old = before.view.layers[place]!;
      if (layer.name !== 'conv') return expect(layer).toBe(old);
      const { trainable, trainableParams, ...rest } = layer;
      expect([trainable, trainableParams]).toEqual([false, 0]);
      for (const [key, value] of Object.entries(rest)) expect(value).toBe(old[key as keyof typeof old]);
    });
  });

  it('is plain JSON', () => {
    const view = viewOf(digits(), grafted);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });
});
