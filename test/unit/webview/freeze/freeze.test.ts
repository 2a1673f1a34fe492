import { describe, expect, test } from 'vitest';
import { GraphBuilder } from '../../support/graphs';
import type { FreezeRule } from '../../../../src/core/freeze/rule';
import { groupsIn } from '../../../../webview/editor/freeze/groups';
import { invertedRules } from '../../../../webview/editor/freeze/invert';
import {
  moved,
  multiplierOf,
  readMultiplier,
  sameRules,
  slowRule,
  switched,
} from '../../../../webview/editor/freeze/rules';
import { listStages, stagesIn } from '../../../../webview/editor/freeze/stages';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet, uNet } from '../../../webview/support/models';

const frozen = (host: EditorHost) =>
  host
    .model()
    .layers.filter(({ trainable, weights }) => !trainable && weights.length > 0)
    .map(({ name }) => name);

describe('inverting', () => {
  test.each<[string, FreezeRule[]]>([
    ['nothing', []],
    ['all', [{ match: { all: true } }]],
    ['a few', [{ match: { regex: 'conv1_' } }]],
    ['most', [{ match: { all: true } }, { match: { kind: 'Dense' }, trainable: true }]],
  ])('freezes exactly what trained: of %s', (_what, rules) => {
    const host = new EditorHost(residualNet([1, 1]));
    host.answer({ type: 'edit', edit: { type: 'setFreezeRules', rules } });
    const { layers } = host.model();
    const trained = layers.filter((layer) => layer.trainable && layer.weights.length > 0);
    const inverted = invertedRules({ layers });
    host.answer({ type: 'edit', edit: { type: 'setFreezeRules', rules: inverted } });
    expect(frozen(host)).toEqual(trained.map(({ name }) => name));
    // The shorter of the two lists of names, and back again by inverting once more.
    const named = inverted.flatMap(({ match }) => ('names' in match ? match.names : []));
    const weighted = layers.filter(({ weights }) => weights.length > 0).length;
    expect(named.length).toBeLessThanOrEqual(weighted / 2);
  });
});

describe('stages', () => {
  test('say their resolution and what is in them', () => {
    const { layers } = new EditorHost(residualNet()).model();
    const stages = stagesIn({ layers });
    expect(stages.map(({ resolution }) => resolution)).toEqual(['64×64', '32×32', '16×16']);
    const spatial = layers.filter(({ stage }) => stage >= 0);
    expect(stages.reduce((sum, stage) => sum + stage.layers, 0)).toBe(spatial.length);
    expect(listStages(stages, 2)).toBe('64×64 and 32×32');
    expect(listStages(stages, 3)).toBe('64×64, 32×32 and 16×16');
    expect(listStages(stages, 0)).toBe('');
  });

  test('of a decoder come after those of its encoder', () => {
    const stages = stagesIn(new EditorHost(uNet(2)).model());
    expect(stages.map(({ resolution }) => resolution)).toEqual([
      '128×128',
      '64×64',
      '32×32',
      '64×64',
      '128×128',
    ]);
  });

  test('are none where nothing is spatial', () => {
    const build = new GraphBuilder('vectors');
    const graph = build.outputs(build.add({ kind: 'Dense', config: { units: 2 } }, build.input([null, 4])));
    expect(stagesIn(new EditorHost(graph).model())).toEqual([]);
  });
});

test('groups are listed as a tree, with their layers that have weights', () => {
  const group = (path: string) => ({ group: path === '' ? [] : path.split('/'), weights: [{}] });
  const layers = [group('a/b'), group('c'), group('a/b'), group('a/d/e'), group('')];
  expect(groupsIn({ layers } as unknown as Parameters<typeof groupsIn>[0])).toEqual([
    { path: 'a', depth: 0, layers: 3 },
    { path: 'a/b', depth: 1, layers: 2 },
    { path: 'a/d', depth: 1, layers: 1 },
    { path: 'a/d/e', depth: 2, layers: 1 },
    { path: 'c', depth: 0, layers: 1 },
  ]);
});

describe('rules', () => {
  test('of the learning rate are found again on the layer', () => {
    const host = new EditorHost(residualNet([1]));
    const rules = [slowRule({ regex: '^conv' }, 0.1), slowRule({ names: ['conv1_bn'] }, 1)];
    host.answer({ type: 'edit', edit: { type: 'freeze', rules } });
    const index = indexModel(host.model());
    const of = (name: string) => multiplierOf(index, index.byName.get(name)?.id ?? '');
    expect([of('conv1_conv'), of('conv1_bn'), of('predictions')]).toEqual([0.1, 1, 1]);
  });

  test.each([
    ['0.1', 0.1],
    [' 2 ', 2],
    ['1e-3', 0.001],
    ['', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['fast', undefined],
    ['Infinity', undefined],
  ])('a share of the learning rate typed as "%s"', (text, expected) => {
    expect(readMultiplier(text)).toBe(expected);
  });

  test('are switched, moved and compared', () => {
    const slow = slowRule({ all: true }, 0.1);
    expect(switched(slow)).toEqual({ match: { all: true } });
    expect(switched({ match: { all: true } })).toEqual({ match: { all: true }, trainable: true });
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
    expect(sameRules([{ match: { all: true } }], [{ match: { all: true }, trainable: false }])).toBe(true);
    expect(sameRules([slow], [slowRule({ all: true }, 0.2)])).toBe(false);
  });
});
