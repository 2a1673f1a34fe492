import { describe, expect, test } from 'vitest';
import { matchedLayers } from '../../../../src/core/freeze/select';
import type { Match } from '../../../../src/core/freeze/rule';
import {
  compileRegex,
  matchedIds,
  searchLayers,
  weightedKinds,
} from '../../../../webview/editor/model/matching';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { EditorHost } from '../../../webview/support/editorHost';
import { inceptionNet, residualNet } from '../../../webview/support/models';

describe.each([
  ['resnet', residualNet()],
  ['inception', inceptionNet()],
] as const)('what is lit up in %s', (_name, graph) => {
  const index = indexModel(new EditorHost(graph).model());
  const name = graph.layers[7]?.name ?? '';
  const matches: readonly Match[] = [
    { names: [name] },
    { regex: 'conv|mixed[01]_' },
    { regex: '^$' },
    { kind: 'Conv2D' },
    { upTo: name },
    { from: name },
    { group: 'nowhere' },
    { stages: 1 },
    { all: true },
  ];
  test.each(matches)('is what the rule freezes: %j', (match) => {
    expect([...matchedIds(index, match)].sort()).toEqual([...matchedLayers(graph, match)].sort());
  });
});

test('an expression that is none says why', () => {
  expect(compileRegex('conv(')).toEqual({ problem: 'Unterminated group' });
  expect(compileRegex('conv[12]')).toHaveProperty('compiled');
});

test('a search goes through names and kinds without regard to capitals', () => {
  const index = indexModel(new EditorHost(residualNet([1])).model());
  const names = (text: string) => searchLayers(index, text).map((id) => index.byId.get(id)?.name);
  expect(names('AVG')).toEqual(['avg_pool']);
  expect(names('globalaverage')).toEqual(['avg_pool']);
  expect(names('  ')).toEqual([]);
});

test('kinds with weights are listed with their layers, the most frequent first', () => {
  const index = indexModel(new EditorHost(residualNet([1])).model());
  expect(weightedKinds(index)).toEqual([
    { kind: 'BatchNormalization', layers: 4 },
    { kind: 'Conv2D', layers: 4 },
    { kind: 'Dense', layers: 1 },
  ]);
});
