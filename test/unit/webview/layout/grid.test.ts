import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS, layoutGraph } from '../../../../webview/editor/layout/layoutGraph';
import type { LayoutNode } from '../../../../webview/editor/layout/layoutGraph';
import { growth, LINEAR } from '../support/countReads';

const node = (id: string, group = ''): LayoutNode => ({ id, width: 224, height: 76, group });

/** `groups` groups of so many nodes each. */
const grouped = (groups: number, each: number) =>
  Array.from({ length: groups * each }, (_, place) => node(`n${place}`, `group${Math.floor(place / each)}`));

describe('nodes that nothing joins', () => {
  test('are laid out about as wide as a canvas, in columns in their order', () => {
    for (const nodes of [grouped(20, 5), grouped(1, 300), grouped(160, 1), grouped(40, 13)]) {
      const { positions, bounds } = layoutGraph(nodes, []);
      const aspect = bounds.width / bounds.height;
      expect(aspect).toBeGreaterThan(0.9);
      expect(aspect).toBeLessThan(3);
      expect(positions[0]).toEqual({ x: 0, y: 0 });
      positions.slice(1).forEach(({ x, y }, before) => {
        const last = positions[before];
        const below = x === last?.x && y >= last.y + 76;
        const beside = y === 0 && x === (last?.x ?? 0) + 224 + DEFAULT_OPTIONS.nodeGap;
        expect(below || beside).toBe(true);
      });
    }
  });

  test('stay together by group, apart from the next', () => {
    const nodes = grouped(20, 3);
    const { positions } = layoutGraph(nodes, []);
    nodes.forEach(({ group }, place) => {
      const next = nodes[place + 1];
      const [a, b] = [positions[place], positions[place + 1]];
      if (!next || !a || !b) return;
      if (next.group === group) expect([b.x, b.y - a.y]).toEqual([a.x, 76 + 16]);
      else if (a.x === b.x) expect(b.y - a.y).toBe(76 + 48);
    });
  });

  test('stand beside a graph, not in its first rank', () => {
    const chain = [node('a'), node('b'), node('c')];
    const edges = [
      { source: 'a', target: 'b' },
      { source: 'b', target: 'c' },
    ];
    const alone = layoutGraph(chain, edges);
    const both = layoutGraph([...grouped(2, 6), ...chain], edges);
    expect(both.positions.slice(12)).toEqual(alone.positions);
    expect(both.routes).toEqual(alone.routes);
    const right = alone.bounds.x + alone.bounds.width;
    for (const { x } of both.positions.slice(0, 12)) expect(x).toBeGreaterThan(right);
  });

  test('are placed with work that grows as they do', () => {
    const place = (nodes: ReturnType<typeof grouped>) => void layoutGraph(nodes, []);
    expect(growth((groups) => grouped(groups, 4), 500, place)).toBeLessThan(LINEAR);
  });
});
