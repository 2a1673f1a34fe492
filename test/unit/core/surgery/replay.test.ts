import { describe, expect, test, vi } from 'vitest';
import { layerNamed } from '../../../../src/core/graph/lookup';
import * as infer from '../../../../src/core/graph/infer';
import type { Operation, Recipe } from '../../../../src/core/surgery/recipe';
import { createReplayer, replay } from '../../../../src/core/surgery/replay';
import { failureOf, namesOf, residualNet, smallNet } from './sampleGraphs';

const recipe = (operations: Operation[], freeze: Recipe['freeze'] = []): Recipe => ({
  version: 1,
  operations,
  freeze,
});
const frozen = (graph: ReturnType<typeof replay>['graph']) =>
  graph.layers.filter((layer) => !layer.trainable).map((layer) => layer.name);

const TRANSFER: Operation[] = [
  { op: 'cut', after: 'out_relu' },
  {
    op: 'append',
    after: 'out_relu',
    layers: [
      { kind: 'GlobalAveragePooling2D', name: 'gap' },
      { kind: 'Dropout', name: 'drop', config: { rate: 0.2 } },
      { kind: 'Dense', name: 'predictions', config: { units: 5, activation: 'softmax' } },
    ],
  },
];

describe('replay', () => {
  test('does the recipe of a transfer: cut, graft, freeze', () => {
    const { graph, faults, notes, inference } = replay(
      residualNet(),
      recipe(TRANSFER, [
        { match: { upTo: 'out_relu' } },
        { match: { kind: 'BatchNormalization' }, trainable: true },
      ]),
    );
    expect(namesOf(graph)).toEqual([
      'image',
      'stem',
      'conv',
      'bn',
      'add',
      'out_relu',
      'gap',
      'drop',
      'predictions',
    ]);
    expect(frozen(graph)).toEqual(['image', 'stem', 'conv', 'add', 'out_relu']);
    expect(infer.shapeOf(inference, graph.outputs[0]!)).toEqual([null, 5]);
    expect([faults, notes]).toEqual([[], []]);
  });

  test('says which operation failed', () => {
    const operations: Operation[] = [...TRANSFER, { op: 'remove', layers: ['gapp'] }];
    expect(failureOf(() => replay(residualNet(), recipe(operations)))).toBe(
      'LAYER_UNKNOWN: Remove gapp: no layer is named "gapp"; the nearest is "gap"',
    );
  });

  test('lets a rule about a layer that was cut away go on meaning what is left', () => {
    const rules: Recipe['freeze'] = [{ match: { upTo: 'out_relu' } }, { match: { names: ['predictions'] } }];
    const { graph } = replay(residualNet(), recipe([{ op: 'cut', after: 'bn' }], rules));
    expect(frozen(graph)).toEqual(['image', 'stem', 'conv', 'bn']);
    expect(failureOf(() => replay(residualNet(), recipe([], [{ match: { upTo: 'out_rel' } }])))).toMatch(
      /^LAYER_UNKNOWN/,
    );
  });

  test('warns of a pattern that never matched a layer', () => {
    const notes = (...freeze: Recipe['freeze']) => replay(residualNet(), recipe(TRANSFER, freeze)).notes;
    expect(notes({ match: { regex: '^conf' } }, { match: { kind: 'ReLU' } })).toMatchObject([
      {
        severity: 'warning',
        code: 'FREEZE_MATCHES_NOTHING',
        message: expect.stringContaining('{"regex":"^conf"}'),
      },
    ]);
    const gone = replay(residualNet(), recipe([{ op: 'cut', after: 'stem' }], [{ match: { kind: 'ReLU' } }]));
    expect(gone.notes).toEqual([]);
  });

  test('a new layer of an old name is the one a rule means', () => {
    const { graph } = replay(residualNet(), recipe(TRANSFER, [{ match: { names: ['predictions'] } }]));
    expect(frozen(graph)).toEqual(['predictions']);
    expect(layerNamed(graph, 'predictions').weights[0]?.shape).toEqual([4, 5]);
  });
});

describe('a replayer', () => {
  test('performs only what the last recipe has not', () => {
    const inferred = vi.spyOn(infer, 'inferShapes');
    try {
      const replayNext = createReplayer(smallNet());
      const cut: Operation = { op: 'cut', after: 'relu' };
      const one = replayNext(recipe([cut]));
      const calls = inferred.mock.calls.length;
      const two = replayNext(recipe([{ ...cut }, { op: 'rename', layer: 'relu', to: 'end' }]));
      expect(inferred.mock.calls.length - calls).toBe(1);
      expect(replayNext(recipe([cut])).graph).toBe(one.graph);
      expect(replayNext(recipe([cut], [{ match: { names: ['conv'] } }])).graph.layers[2]).toBe(
        one.graph.layers[2],
      );
      expect(replayNext(recipe([cut, { op: 'rename', layer: 'relu', to: 'end' }])).graph).toBe(two.graph);
      expect(inferred.mock.calls.length - calls).toBe(1);
    } finally {
      inferred.mockRestore();
    }
  });

  test('is as it was after a recipe that fails', () => {
    const replayNext = createReplayer(smallNet());
    const good = recipe([{ op: 'cut', after: 'relu' }]);
    const before = replayNext(good);
    failureOf(() => replayNext(recipe([...good.operations, { op: 'cut', after: 'dense' }])));
    expect(replayNext(good).graph).toBe(before.graph);
  });
});
