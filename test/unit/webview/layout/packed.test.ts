import { describe, expect, test } from 'vitest';
import { layoutNested } from '../../../../webview/editor/layout/nested';
import type { NestedGraph } from '../../../../webview/editor/layout/nested';
import { packGraph, packLayout, unpackGraph, unpackLayout } from '../../../../webview/editor/layout/packed';

const GRAPH: NestedGraph = {
  nodes: [
    { width: 10, height: 20, frame: -1, group: 'a/b' },
    { width: 30, height: 20, frame: 0, group: '' },
    { width: 10, height: 25.5, frame: 1, group: 'c' },
    { width: 10, height: 20, frame: -1, group: '' },
  ],
  frames: [{ parent: -1 }, { parent: 0 }],
  edges: [
    { from: 0, to: 1 },
    { from: 1, to: 2 },
    { from: 0, to: 2 },
    { from: 2, to: 3 },
  ],
  direction: 'right',
};

describe('what goes to the worker and back', () => {
  test('is the graph', () => {
    expect(unpackGraph(packGraph(GRAPH))).toEqual(GRAPH);
  });

  test('is the layout', () => {
    const layout = layoutNested(GRAPH);
    expect(layout.routes.some((pieces) => pieces.length > 0)).toBe(true);
    expect(unpackLayout(packLayout(layout))).toEqual(layout);
  });

  test('is nothing of nothing', () => {
    const nothing: NestedGraph = { nodes: [], frames: [], edges: [], direction: 'down' };
    expect(unpackGraph(packGraph(nothing))).toEqual(nothing);
    expect(unpackLayout(packLayout(layoutNested(nothing)))).toEqual(layoutNested(nothing));
  });
});
