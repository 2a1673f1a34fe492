import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { checkInvariants } from '../../../../src/core/graph/invariants';
import { layerNamed } from '../../../../src/core/graph/lookup';
import { blockEndingIn } from '../../../../src/core/surgery/block';
import type { Donors } from '../../../../src/core/surgery/donors';
import { labelOf } from '../../../../src/core/surgery/label';
import type { Recipe } from '../../../../src/core/surgery/recipe';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import { createReplayer, replay } from '../../../../src/core/surgery/replay';
import { architecture, ARCHITECTURES } from '../../../support/architectures';
import { randomFrom } from '../../../support/randomNumbers';
import { OPERATION_KINDS, randomOperation } from '../../../support/randomOperations';
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
      const op = OPERATION_KINDS[tries % OPERATION_KINDS.length]!;
      const operation = randomOperation(op, states.at(-1)!.graph, random, DONORS);
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
    expect([...done.keys()].sort()).toEqual([...OPERATION_KINDS].sort());

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
