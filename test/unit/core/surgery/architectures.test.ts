import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { checkInvariants } from '../../../../src/core/graph/invariants';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { layerNamed } from '../../../../src/core/graph/lookup';
import { blockEndingIn } from '../../../../src/core/surgery/block';
import type { Donors } from '../../../../src/core/surgery/donors';
import { labelOf } from '../../../../src/core/surgery/label';
import type { Operation, Recipe } from '../../../../src/core/surgery/recipe';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import { createReplayer, replay } from '../../../../src/core/surgery/replay';
import { architecture, ARCHITECTURES } from '../../../support/architectures';
import { randomFrom, type Random } from './randomNumbers';
import { failureOf, operateOn, untouched, wiring } from './sampleGraphs';

/** Operations that are carried out on each; a seed that found a bug stays. */
const LENGTH = 50;
const SEEDS = [1];
/** Tries at most: at random, many an operation is refused. */
const TRIES = 600;

const DONORS: Donors = new Map([
  ['/donors/mobilenet.h5', architecture('NestedMobileNet')],
  ['/donors/resnet.h5', architecture('ResNet50')],
]);

const NEW_LAYERS = [
  { kind: 'Dense', config: { units: 3 } },
  { kind: 'ReLU' },
  { kind: 'Dropout', config: { rate: 0.3 } },
  { kind: 'Conv2D', config: { filters: 8, kernel_size: 3, padding: 'same' } },
  { kind: 'BatchNormalization' },
  { kind: 'GlobalAveragePooling2D' },
  { kind: 'Activation', config: { activation: 'tanh' } },
];

const KINDS: readonly Operation['op'][] = [
  ...(['cut', 'remove', 'append', 'insert', 'rename', 'configure', 'reinitialize'] as const),
  ...(['replace', 'inputShape', 'graft', 'warmStart'] as const),
];

function randomOperation(op: Operation['op'], graph: LayerGraph, random: Random): Operation {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const { layers } = graph;
  const name = () => pick(layers).name;
  const chain = () => Array.from({ length: 1 + random(2) }, () => pick(NEW_LAYERS));
  const donor = pick([...DONORS.keys()]);
  const donated = DONORS.get(donor)!.layers;
  switch (op) {
    case 'cut':
      // Near the end, so that something is left to operate on.
      return { op, after: layers[layers.length - 1 - random(Math.min(layers.length, 12))]!.name };
    case 'remove': {
      const start = random(layers.length);
      return { op, layers: layers.slice(start, start + 1 + random(3)).map((layer) => layer.name) };
    }
    case 'append':
      return { op, after: pick(layers.slice(-8)).name, layers: chain() };
    case 'insert': {
      const reader = pick(layers);
      const input = reader.calls[0]?.inputs[0]?.layer;
      const before = layers.find(({ id }) => id === input)?.name ?? name();
      return { op, between: [before, reader.name], layers: [pick(NEW_LAYERS)] };
    }
    case 'rename':
      return { op, layer: name(), to: `renamed_${random(10_000)}` };
    case 'configure': {
      const config = pick([{ units: 4 }, { filters: 6 }, { activation: 'relu' }, { epsilon: 0.01 }]);
      const [field] = Object.keys(config);
      const having = layers.filter((layer) => field! in layer.config);
      return { op, layer: having.length > 0 ? pick(having).name : name(), config };
    }
    case 'reinitialize':
      return { op, layers: [name()] };
    case 'replace':
      return { op, layer: name(), with: pick(NEW_LAYERS) };
    case 'inputShape':
      return {
        op,
        shape: pick([
          [null, null, 3],
          [96, 96, 3],
          [80, 64, 3],
        ]),
      };
    case 'graft': {
      const start = random(donated.length);
      const to = donated[Math.min(donated.length - 1, start + random(12))]!.name;
      return { op, donor, from: donated[start]!.name, to, after: pick(layers.slice(-8)).name };
    }
    case 'warmStart':
      return { op, from: { path: donor }, match: pick(['conv', '^conv1', 'bn']) };
  }
}

describe.each(ARCHITECTURES)('operations at random on %s', (name) => {
  test.each(SEEDS)('seed %i', (seed) => {
    const base = architecture(name);
    const random = randomFrom(seed * 1000 + name.length);
    const incremental = createReplayer(base, DONORS);
    const states = [incremental(EMPTY_RECIPE)];
    const done = new Map<string, number>();
    let recipe: Recipe = EMPTY_RECIPE;
    for (let tries = 0; recipe.operations.length < LENGTH && tries < TRIES; tries++) {
      // Each kind in its turn, so that the refused ones do not leave the easy ones alone.
      const op = KINDS[tries % KINDS.length]!;
      const operation = randomOperation(op, states.at(-1)!.graph, random);
      const next = { ...recipe, operations: [...recipe.operations, operation] };
      try {
        states.push(incremental(next));
        recipe = next;
        done.set(op, (done.get(op) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.kind).toBe('input');
        expect(error.message).not.toContain('\n');
      }
    }
    expect(recipe.operations).toHaveLength(LENGTH);
    expect([...done.keys()].sort()).toEqual([...KINDS].sort());

    for (const [index, { graph }] of states.entries()) {
      expect(checkInvariants(graph), labelOf(recipe.operations[index - 1] ?? recipe.operations[0]!)).toEqual(
        [],
      );
    }
    // Replaying from nothing gives what operating one by one gave.
    const replayed = replay(base, JSON.parse(JSON.stringify(recipe)) as Recipe, DONORS);
    expect(replayed).toEqual(states.at(-1));
    // As many undos give the very states that were, the first one last.
    for (let length = LENGTH; length >= 0; length--) {
      const undone = incremental({ ...recipe, operations: recipe.operations.slice(0, length) });
      expect(undone.graph).toBe(states[length]!.graph);
    }
    expect(incremental(EMPTY_RECIPE).graph).toBe(base);
  });
});

describe('removing whole blocks', () => {
  test.each([
    // Its shortcut is the tensor itself.
    ['ResNet50', 'conv3_block2_add', 'conv3_block1_out', 9, 'conv3_block2_out'],
    ['ResNet50V2', 'conv2_block2_out', 'conv2_block1_out', 11, 'conv2_block3_preact_bn'],
    ['MobileNetV2', 'block_4_add', 'block_3_project_BN', 9, 'block_5_expand'],
    ['InceptionV3', 'mixed1', 'mixed0', 23, 'conv2d_19'],
  ])('%s: the block that %s ends', (name, merge, before, size, reader) => {
    const base = architecture(name);
    const block = blockEndingIn(base, layerNamed(base, merge))!;
    expect(base.layers.find(({ id }) => id === block.from.layer)?.name).toBe(before);
    expect(block.layers).toHaveLength(size);
    const layers = block.layers.map((layer) => layer.name);
    const remove = () => operateOn(base, { op: 'remove', layers });
    if (name === 'InceptionV3') {
      // 256 channels where 288 were: a block that widens cannot go.
      expect(failureOf(remove)).toMatch(
        /^REMOVE_MISFIT: .*its trained kernel \(1, 1, 288, 64\) would not fit/,
      );
      return;
    }
    const { graph, inference } = remove();
    expect(inference.faults).toEqual([]);
    expect(wiring(graph)[reader]).toContain(before);
    expect(untouched(base, graph)).toHaveLength(base.layers.length - size - (name === 'ResNet50' ? 1 : 2));
  });
});
