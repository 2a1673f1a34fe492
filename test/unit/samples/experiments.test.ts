import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { FreezeRule } from '../../../src/core/freeze/rule';
import { stageSweep } from '../../../src/core/freeze/sweep';
import { replay } from '../../../src/core/surgery/replay';
import type { Recipe } from '../../../src/core/surgery/recipe';
import { summarize } from '../../../src/core/summary/summarize';
import { applyFreezeRules } from '../../../src/core/freeze/apply';
import { openOperated } from '../../../src/formats/operatedModel';
import { openModel } from '../../../src/formats/registry';
import { zooEntry } from '../../../src/zoo/registry';
import type { ZooOptions } from '../../../src/zoo/architecture';
import { experimentFile, experimentRecipe } from '../../support/experiments';

/** What the experiments' READMEs have `zoo get` make, and a recipe on it. */
async function operated(name: string, options: ZooOptions, recipe: Recipe) {
  const entry = zooEntry(name);
  const graph = entry.build({ inputSize: entry.input.size, ...options });
  const { graph: made, inference, notes } = replay(graph, recipe);
  expect(inference.faults).toEqual([]);
  const { layers, totalParams, trainableParams, nonTrainableParams } = summarize(made, inference);
  const paramsOf = (layer: string) => layers.find((row) => row.name === layer)?.params;
  return { graph: made, inference, notes, totalParams, trainableParams, nonTrainableParams, paramsOf };
}

const showCount = (count?: number | null) => count?.toLocaleString('en-US');

const ofKind = (kind: string) => (layer: { kind: string }) => layer.kind === kind;

describe('the classic experiments on the architectures that they are told of', () => {
  it('1: VGG16 up to fc2, and two classes', async () => {
    const recipe = await experimentRecipe('1-feature-extractor', 'two-classes.surgery.json');
    const made = await operated('VGG16', {}, recipe);
    expect(made).toMatchObject({ totalParams: 134_268_738, trainableParams: 8194 });
    expect(made.graph.layers.slice(-2).map(({ name }) => name)).toEqual(['fc2', 'two_classes']);
  });

  it('2: ResNet50 with frozen convolutions and trainable normalizations', async () => {
    const recipe = await experimentRecipe('2-resnet50', 'cifar100.surgery.json');
    const { graph, inference, totalParams, paramsOf } = await operated(
      ...(['ResNet50', { includeTop: false }, recipe] as const),
    );
    const weighted = graph.layers.filter(({ weights }) => weights.length > 0);
    const frozen = weighted.filter(({ trainable }) => !trainable);
    const backbone = weighted.filter(({ name }) => name !== 'predictions');
    const trained = backbone.filter(({ trainable }) => trainable);
    expect([frozen.length, trained.length]).toEqual([53, 53]);
    expect([frozen.every(ofKind('Conv2D')), trained.every(ofKind('BatchNormalization'))]).toEqual([
      ...[true, true],
    ]);
    expect([totalParams, paramsOf('predictions')]).toEqual([23_587_712 + 204_900, 204_900]);

    const refreeze = (rules: readonly FreezeRule[]) => applyFreezeRules(graph, rules);
    const steps = stageSweep(graph, inference, refreeze, 'trainable');
    // All four macro-blocks frozen, then one after the other open; the stem, one convolution, last.
    expect(steps.map(({ frozenLayers }) => frozenLayers)).toEqual([53, 43, 24, 11, 1, 0]);
  });

  it('3: the feature vector of InceptionV3 and a hundred classes', async () => {
    const recipe = await experimentRecipe('3-inceptionv3', 'cifar100.surgery.json');
    const made = await operated('InceptionV3', { includeTop: false, pooling: 'avg' }, recipe);
    expect(made).toMatchObject({
      totalParams: 22_007_684,
      trainableParams: 204_900,
      nonTrainableParams: 21_802_784,
    });
  });

  it('4: what pooling costs before 512 units, and what flattening does; one becomes the other by one step', async () => {
    const pooling = await experimentRecipe('4-pooling-or-flatten', 'pooling.surgery.json');
    const flatten = await experimentRecipe('4-pooling-or-flatten', 'flatten.surgery.json');
    const vgg16 = (recipe: Recipe) => operated('VGG16', { includeTop: false }, recipe);
    expect((await vgg16(pooling)).paramsOf('hidden')).toBe(262_656);
    expect((await vgg16(flatten)).paramsOf('hidden')).toBe(12_845_568);
    const rows = await Promise.all(
      [pooling, flatten].map(async (recipe) => {
        const { graph, paramsOf } = await vgg16(recipe);
        const { kind } = graph.layers.find(({ name }) => name === 'join')!;
        const { weights } = graph.layers.find(({ name }) => name === 'hidden')!;
        const [reads, parameters] = [weights[0]?.shape[0], paramsOf('hidden')].map(showCount);
        return `| \`${kind}\` | ${reads} | ${parameters} |`;
      }),
    );
    const readme = await readFile(experimentFile('4-pooling-or-flatten', 'README.md'), 'utf8');
    expect(readme).toContain(rows.join('\n'));
    const switched = (recipe: Recipe, kind: string) =>
      vgg16({
        ...recipe,
        operations: [...recipe.operations, { op: 'replace', layer: 'join', with: { kind } }],
      });
    expect((await switched(pooling, 'Flatten')).paramsOf('hidden')).toBe(12_845_568);
    expect((await switched(flatten, 'GlobalAveragePooling2D')).paramsOf('hidden')).toBe(262_656);
  });

  it('6: VGG16 of torchvision with another classifier, or with one more', async () => {
    const vgg16 = async (file: string) =>
      operated(
        'torchvision-vgg16',
        { classifierActivation: null },
        await experimentRecipe('6-vgg16-pytorch', file),
      );
    expect(await vgg16('replace.surgery.json')).toMatchObject({
      ...{ totalParams: 27_260_190, trainableParams: 12_545_502 },
    });
    expect(await vgg16('append.surgery.json')).toMatchObject({
      ...{ totalParams: 138_859_046, trainableParams: 124_144_358 },
    });
  });

  it('6: loads what matches into a new graph and reports the rest', async () => {
    const vgg16 = zooEntry('torchvision-vgg16').build({ classifierActivation: null });
    const replaced = replay(vgg16, await experimentRecipe('6-vgg16-pytorch', 'replace.surgery.json')).graph;
    const recipe = await experimentRecipe('6-vgg16-pytorch', 'warm.surgery.json');
    const { warmStarts } = replay(vgg16, recipe, new Map([['replaced.h5', replaced]]));
    const [{ matched, unmatched, unused } = expect.fail('no warm start')] = warmStarts;
    expect([matched.length, unmatched.length]).toEqual([29, 7]);
    expect(unmatched.map(({ layer, weight, why }) => [`${layer}/${weight}`, why])).toEqual([
      ...['classifier.0', 'classifier.3', 'classifier.6'].flatMap((layer) => [
        [`${layer}/kernel`, 'layer'],
        [`${layer}/bias`, 'layer'],
      ]),
      ['hidden/kernel', 'shape'],
    ]);
    expect(unused).toEqual(['hidden/kernel']);
  });

  it('7: a warm start into other layers, and why five weights found nothing', async () => {
    const recipe = experimentFile('7-warm-start', 'warm.surgery.json');
    const { warmStarts, inference } = await openOperated(experimentFile('../digits-0-4.h5'), recipe);
    expect(inference.faults).toEqual([]);
    const [{ matched, unmatched, unused } = expect.fail('no warm start')] = warmStarts;
    expect(matched).toHaveLength(19);
    expect(unmatched).toEqual([
      { layer: 'pointwise', weight: 'kernel', why: 'layer' },
      { layer: 'hidden', weight: 'kernel', why: 'shape', found: [1568, 64], expected: [1568, 128] },
      { layer: 'hidden', weight: 'bias', why: 'shape', found: [64], expected: [128] },
      { layer: 'digits', weight: 'kernel', why: 'layer' },
      { layer: 'digits', weight: 'bias', why: 'layer' },
    ]);
    expect(unused).toHaveLength(5);
  });

  it('7: a map tells a warm start of a layer that was renamed', async () => {
    const recipe = await experimentRecipe('7-warm-start', 'warm.surgery.json');
    const { graph } = await openModel(experimentFile('../digits-0-4.h5'));
    const operations = recipe.operations.map((operation) =>
      operation.op === 'warmStart' ? { ...operation, map: { pointwise: 'block2_conv' } } : operation,
    );
    const donors = new Map([['../../digits-0-4.h5', graph]]);
    expect(replay(graph, { ...recipe, operations }, donors).warmStarts[0]?.matched).toHaveLength(20);
  });
});
