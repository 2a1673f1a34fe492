import { describe, expect, test } from 'vitest';
import { MAX_PARTS, MAX_SETTING_NUMBERS, MAX_VALUES_KEPT } from '../../../../src/formats/tensorflow/bounds';
import type { FlatNode, FlatTensor } from '../../../../src/formats/tensorflow/flatGraph';
import type { Attribute, StoredTensor } from '../../../../src/formats/tensorflow/graphDef';
import { drawGraph } from '../../../../src/formats/tensorflow/graphLayers';

const INT32 = 3;

const node = (
  name: string,
  op: string,
  feeds: readonly FlatNode[] = [],
  attributes: Readonly<Record<string, Attribute>> = {},
): FlatNode => ({
  name,
  op,
  inputs: [],
  attributes: new Map(Object.entries(attributes)),
  scope: [],
  feeds: feeds.map((feed) => ({ node: feed, output: 0 })),
});

const constant = (name: string, value: number) =>
  node(name, 'Const', [], { value: { tensor: { type: INT32, shape: [], numbers: [value] } } });

/** Why each layer that nothing computes is drawn as it is, by its name. */
function reasons(nodes: readonly FlatNode[], ends: readonly FlatNode[]): Readonly<Record<string, string>> {
  const { graph } = drawGraph({
    name: 'hostile',
    nodes,
    outputs: ends.map((end): FlatTensor => ({ node: end, output: 0 })),
    stored: (one): StoredTensor | undefined => one.attributes.get('value')?.tensor,
  });
  return Object.fromEntries(
    graph.layers.flatMap(({ name, opaque }) => (opaque === undefined ? [] : [[name, opaque]])),
  );
}

describe('numbers that a graph works out', () => {
  test('are given up once they are too many together', () => {
    const given = [constant('first', 0), constant('end', MAX_SETTING_NUMBERS), constant('step', 1)];
    const count = Math.ceil(MAX_VALUES_KEPT / MAX_SETTING_NUMBERS) + 1;
    const ranges = Array.from({ length: count }, (_, index) => node(`range${index}`, 'Range', given));
    const last = ranges.at(-1)!;
    expect(reasons([...given, ...ranges], [ranges[0]!, last])).toEqual({
      range0: 'it depends on no input',
      [last.name]: 'no layer kind computes it',
    });
  });
});

describe('an operation of more outputs than any has', () => {
  const axis = constant('axis', 1);
  const image = (width: number) =>
    node('image', 'Placeholder', [], { shape: { shape: [null, width] }, dtype: { type: 1 } });
  const split = (from: FlatNode, count: number) =>
    node('split', 'Split', [axis, from], { num_split: { number: count } });
  const unpack = (from: FlatNode, count: number) =>
    node('unpack', 'Unpack', [from], { num: { number: count }, axis: { number: 1 } });

  test('is not taken apart', () => {
    const wide = image(1e9);
    const parts = [split(wide, 1e9), unpack(wide, 1e9)];
    expect(reasons([axis, wide, ...parts], parts)).toEqual({
      split: 'the size that it splits is not known',
      unpack: 'the axis that it takes apart is not known',
    });
  });

  test('is taken apart where it has as many as may be', () => {
    const narrow = image(MAX_PARTS);
    const parts = [split(narrow, MAX_PARTS), unpack(narrow, MAX_PARTS)];
    expect(reasons([axis, narrow, ...parts], parts)).toEqual({});
  });
});
