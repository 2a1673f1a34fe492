import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../../../src/core/graph/infer';
import { checkInvariants } from '../../../../src/core/graph/invariants';
import { layerNamed } from '../../../../src/core/graph/lookup';
import type { Operation } from '../../../../src/core/surgery/recipe';
import { createReplayer, replay } from '../../../../src/core/surgery/replay';
import { chain, GraphBuilder } from '../../support/graphs';
import {
  failureOf,
  namesOf,
  operateOn,
  outputNames,
  residualNet,
  siameseNet,
  smallNet,
  untouched,
  wiring,
} from './sampleGraphs';

const DONOR = '/models/donor.h5';
const graftOf = (parts: { from?: string; to?: string; after: string }): Operation => ({
  op: 'graft',
  donor: { path: DONOR },
  ...parts,
});
const from = (donor: ReturnType<typeof smallNet>) => new Map([[DONOR, donor]]);

/** image → down (4 channels) → relu. */
const trunk = () =>
  chain(
    [null, 8, 8, 3],
    { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: 3, padding: 'same' } },
    { kind: 'ReLU', name: 'relu' },
    { kind: 'Dropout', name: 'drop', config: { rate: 0.1 } },
  );

describe('graft', () => {
  test('hangs a tail of another model on a layer, its weights with it', () => {
    const [net, donor] = [trunk(), residualNet()];
    const { graph, inference, notes } = operateOn(
      net,
      graftOf({ from: 'conv', to: 'bn', after: 'relu' }),
      from(donor),
    );
    expect(wiring(graph)).toEqual({
      input_layer: '',
      conv: 'input_layer',
      relu: 'conv',
      conv_1: 'relu',
      bn: 'conv_1',
    });
    expect(outputNames(graph)).toEqual(['bn']);
    expect(untouched(net, graph)).toEqual(['input_layer', 'conv', 'relu']);
    expect(layerNamed(graph, 'conv_1').weights).toBe(layerNamed(donor, 'conv').weights);
    expect(layerNamed(graph, 'conv_1').group).toEqual(['model']);
    expect(inference.faults).toEqual([]);
    expect(notes.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'LAYERS_DROPPED: grafting after "relu" left drop without an output: dropped',
    ]);
  });

  test('takes a whole block where all its ways begin at one tensor', () => {
    const donor = residualNet();
    const { graph, inference } = operateOn(trunk(), graftOf({ from: 'conv', after: 'relu' }), from(donor));
    // `add` reads what `conv` reads, which is the seam.
    expect(wiring(graph)).toMatchObject({ conv_1: 'relu', bn: 'conv_1', add: 'relu+bn', predictions: 'gap' });
    expect(inference.faults).toEqual([]);
    expect(shapeOf(inference, graph.outputs[0]!)).toEqual([null, 7]);
  });

  test('takes a whole backbone where nothing is said, without its input', () => {
    const { graph, inference } = operateOn(
      chain([null, 8, 8, 3], { kind: 'Rescaling', name: 'scale', config: { scale: 2 } }),
      graftOf({ after: 'scale' }),
      from(residualNet()),
    );
    expect(namesOf(graph)).toEqual([
      ...['input_layer', 'scale', 'stem', 'conv', 'bn', 'add', 'out_relu', 'gap', 'predictions'],
    ]);
    expect(inference.faults).toEqual([]);
    const again = operateOn(
      chain([null, 8, 8, 3], { kind: 'Rescaling', name: 'scale', config: { scale: 2 } }),
      graftOf({ from: 'image', after: 'scale' }),
      from(residualNet()),
    );
    expect(again.graph).toEqual(graph);
  });

  test('makes names, ids and groups of its own, the same ones each time', () => {
    const donors = from(residualNet());
    const operations = [
      graftOf({ from: 'conv', to: 'bn', after: 'relu' }),
      graftOf({ from: 'conv', to: 'bn', after: 'bn' }),
      graftOf({ from: 'gap', to: 'gap', after: 'bn_1' }),
    ];
    const recipe = { version: 1 as const, operations, freeze: [] };
    const { graph } = replay(trunk(), recipe, donors);
    expect(checkInvariants(graph)).toEqual([]);
    expect(namesOf(graph)).toEqual(['input_layer', 'conv', 'relu', 'conv_1', 'bn', 'conv_2', 'bn_1', 'gap']);
    expect(graph.layers.map(({ group }) => group[0])).toEqual([
      ...[undefined, undefined, undefined, 'model', 'model', 'model_1', 'model_1', 'model_2'],
    ]);
    expect(replay(trunk(), recipe, donors).graph).toEqual(graph);
  });

  test('keeps the calls of a shared layer that are on the way', () => {
    const build = new GraphBuilder('twice');
    const x = build.input([null, 4]);
    const first = build.add({ kind: 'Dense', name: 'shared', config: { units: 4 } }, x);
    const relu = build.add({ kind: 'ReLU', name: 'act' }, first);
    const second = build.call(first, relu);
    const donor = build.outputs(build.add({ kind: 'Softmax', name: 'end' }, second));
    const net = chain([null, 4], { kind: 'Dense', name: 'in', config: { units: 4 } });
    const whole = operateOn(net, graftOf({ after: 'in' }), from(donor));
    expect(wiring(whole.graph)).toMatchObject({ shared: 'in | act', act: 'shared', end: 'shared@1' });
    const tail = operateOn(net, graftOf({ from: 'act', after: 'in' }), from(donor));
    expect(wiring(tail.graph)).toMatchObject({ act: 'in', shared: 'act', end: 'shared' });
    expect(checkInvariants(tail.graph)).toEqual([]);
  });

  test('brings all outputs of the donor where no end is named, in place of the one', () => {
    const build = new GraphBuilder('two heads');
    const body = build.add({ kind: 'Dense', name: 'body', config: { units: 3 } }, build.input([null, 10]));
    const donor = build.outputs(
      build.add({ kind: 'Softmax', name: 'a' }, body),
      build.add({ kind: 'ReLU', name: 'b' }, body),
    );
    const { graph } = operateOn(smallNet(), graftOf({ after: 'dense' }), from(donor));
    expect(outputNames(graph)).toEqual(['a', 'b']);
  });

  test('shows at the seam what met what, and starts no weight of the donor anew', () => {
    const donor = residualNet();
    const { graph, inference, notes } = operateOn(smallNet(), graftOf({ after: 'bn' }), from(donor));
    expect(layerNamed(graph, 'stem').weights).toBe(layerNamed(donor, 'stem').weights);
    expect(inference.faults.map(({ code, layer, message }) => `${code} ${layer}: ${message}`)).toEqual([
      'WEIGHT_SHAPE stem: "stem" (Conv2D): weight "kernel": found (3, 3, 3, 4), expected (3, 3, 4, 4), to fit its input',
    ]);
    expect(notes.map(({ code }) => code)).toEqual(['LAYERS_DROPPED']);
    const vector = operateOn(smallNet(), graftOf({ after: 'dense' }), from(donor));
    expect(vector.inference.faults.map(({ code, layer }) => [code, layer])).toEqual([
      ['SHAPE_MISMATCH', 'stem'],
    ]);
  });

  test('is refused where a part has no one seam, no way through it, or is no model', () => {
    const refused = (
      donor: ReturnType<typeof smallNet>,
      parts: { from?: string; to?: string; after?: string },
    ) => failureOf(() => operateOn(trunk(), graftOf({ after: 'relu', ...parts }), from(donor)));
    expect(refused(residualNet(), { from: 'bn' })).toBe(
      'GRAFT_ENTERED: the donor /models/donor.h5: "add" also reads "stem", which is not on the way from "bn"; ' +
        'begin at a layer that everything passes through',
    );
    expect(refused(residualNet(), { from: 'add' })).toBe(
      'GRAFT_SEAM: the donor /models/donor.h5: "add" reads 2 tensors, expected a layer that reads one; ' +
        'begin at one before or after it',
    );
    expect(refused(siameseNet(), {})).toBe(
      'GRAFT_SEAM: the donor /models/donor.h5: found a donor with 2 inputs ("left", "right"), expected one; ' +
        'say with "from" where the part begins',
    );
    expect(refused(siameseNet(), { from: 'encoder' })).toMatch(/^GRAFT_SEAM: .*"encoder" is used 2 times/);
    expect(refused(siameseNet(), { from: 'left' })).toMatch(/^GRAFT_ENTERED: .*"apart" also reads "encoder"/);
    expect(refused(residualNet(), { from: 'gap', to: 'conv' })).toBe(
      'GRAFT_APART: the donor /models/donor.h5: no way leads from "gap" to "conv"',
    );
    expect(refused({ ...smallNet(), inputs: [], outputs: [] }, {})).toMatch(/^GRAFT_WEIGHTS_ONLY/);
    expect(refused(residualNet(), { from: 'stemm' })).toBe(
      'LAYER_UNKNOWN: no layer of the donor /models/donor.h5 is named "stemm"; the nearest is "stem"',
    );
    expect(refused(residualNet(), { after: 'nowhere' })).toMatch(/^LAYER_UNKNOWN/);
    expect(failureOf(() => operateOn(trunk(), graftOf({ after: 'relu' })))).toBe(
      'DONOR_MISSING: the donor /models/donor.h5 was not opened, expected a model to take from',
    );
  });

  test('is carried out anew when the donor is another', () => {
    const donors = new Map([[DONOR, residualNet()]]);
    const replayNext = createReplayer(trunk(), donors);
    const recipe = { version: 1 as const, operations: [graftOf({ after: 'drop' })], freeze: [] };
    const before = replayNext(recipe);
    expect(replayNext(recipe).graph).toBe(before.graph);
    donors.set(DONOR, smallNet());
    expect(namesOf(replayNext(recipe).graph)).toContain('dense');
  });
});
