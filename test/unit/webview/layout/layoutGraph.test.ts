import { describe, expect, test } from 'vitest';
import { layoutGraph } from '../../../../webview/editor/layout/layoutGraph';
import type { Layout, LayoutEdge, LayoutNode } from '../../../../webview/editor/layout/layoutGraph';
import { orderRanks } from '../../../../webview/editor/layout/order';
import { rankNodes } from '../../../../webview/editor/layout/rank';
import { buildVertices } from '../../../../webview/editor/layout/vertices';
import { countReads, growth, LINEAR } from '../support/countReads';

const WIDTH = 208;
const HEIGHT = 72;

type Pairs = readonly (readonly [string, string])[];

/** Nodes in order of first mention, after those of `first`; `sizes` makes some taller. */
function graphOf(pairs: Pairs, sizes: Readonly<Record<string, number>> = {}, first: readonly string[] = []) {
  const names = [...new Set([...first, ...pairs.flat()])];
  const nodes = names.map((id): LayoutNode => ({ id, width: WIDTH, height: sizes[id] ?? HEIGHT }));
  const edges = pairs.map(([source, target]): LayoutEdge => ({ source, target }));
  return { nodes, edges, names };
}

function chain(count: number, name = 'n'): (readonly [string, string])[] {
  return Array.from({ length: count - 1 }, (_, index) => [`${name}${index}`, `${name}${index + 1}`] as const);
}

/** Residual blocks of four layers: the skip joins at the block's `add`. */
function residual(blocks: number): Pairs {
  const pairs: (readonly [string, string])[] = [];
  for (let block = 0, from = 'input'; block < blocks; block++) {
    const [conv, bn, relu, add] = ['conv', 'bn', 'relu', 'add'].map((name) => `${name}${block}`) as [
      string,
      string,
      string,
      string,
    ];
    pairs.push([from, conv], [conv, bn], [bn, relu], [relu, add], [from, add]);
    from = add;
  }
  return pairs;
}

/** Four towers of different length that meet in a concatenation, as in Inception. */
function inception(modules: number): Pairs {
  const pairs: (readonly [string, string])[] = [];
  for (let module = 0, from = 'input'; module < modules; module++) {
    const concat = `concat${module}`;
    const ends = [1, 2, 3, 2].map((length, tower) => {
      let previous = from;
      for (let step = 0; step < length; step++) {
        const next = `m${module}t${tower}s${step}`;
        pairs.push([previous, next]);
        previous = next;
      }
      return previous;
    });
    for (const end of ends) pairs.push([end, concat]);
    from = concat;
  }
  return pairs;
}

/** An encoder and a decoder with a skip at every level. */
function unet(levels: number): Pairs {
  const pairs: (readonly [string, string])[] = [];
  for (let level = 0; level < levels; level++) {
    pairs.push([`down${level}`, `pool${level}`], [`pool${level}`, `down${level + 1}`]);
  }
  for (let level = levels - 1, from = `down${levels}`; level >= 0; level--) {
    pairs.push([from, `up${level}`], [`up${level}`, `join${level}`], [`down${level}`, `join${level}`]);
    from = `join${level}`;
  }
  return pairs;
}

/** A fixed pseudo-random graph (a linear congruential generator): every node reads one to three earlier ones. */
function tangled(count: number, seed: number): Pairs {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const pairs: (readonly [string, string])[] = [];
  for (let node = 1; node < count; node++) {
    const sources = new Set(Array.from({ length: 1 + random(3) }, () => Math.max(0, node - 1 - random(12))));
    for (const source of sources) pairs.push([`n${source}`, `n${node}`]);
  }
  return pairs;
}

function overlaps(nodes: readonly LayoutNode[], { positions }: Layout): string[] {
  const found: string[] = [];
  nodes.forEach((a, i) =>
    nodes.slice(i + 1).forEach((b, offset) => {
      const [p, q] = [positions[i]!, positions[i + 1 + offset]!];
      if (p.x < q.x + b.width && q.x < p.x + a.width && p.y < q.y + b.height && q.y < p.y + a.height) {
        found.push(`${a.id} and ${b.id}`);
      }
    }),
  );
  return found;
}

/** Edges whose box between two bend points, which holds the curve drawn there, meets a box they do not end at. */
function hidden(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], layout: Layout): string[] {
  const found: string[] = [];
  edges.forEach((edge, index) => {
    const route = layout.routes[index]!;
    for (let step = 1; step < route.length; step++) {
      const [a, b] = [route[step - 1]!, route[step]!];
      const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
      const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
      nodes.forEach((node, place) => {
        const { x, y } = layout.positions[place]!;
        if (left < x + node.width && right > x && top < y + node.height && bottom > y) {
          found.push(`${edge.source} → ${edge.target} behind ${node.id}`);
        }
      });
    }
  });
  return found;
}

const graphs: readonly { readonly name: string; readonly pairs: Pairs; readonly first?: string }[] = [
  { name: 'a chain', pairs: chain(30) },
  { name: 'residual blocks', pairs: residual(12) },
  { name: 'inception modules', pairs: inception(6) },
  { name: 'a U-Net', pairs: unet(5) },
  {
    name: 'two inputs',
    pairs: [...chain(12, 'a'), ['late', 'a10'], ['a3', 'a9'], ['late', 'a11']],
    first: 'late',
  },
  { name: 'a tangle', pairs: tangled(80, 7) },
  { name: 'another tangle', pairs: tangled(120, 1234) },
];

describe.each(graphs)('$name', ({ pairs, first }) => {
  const { nodes, edges } = graphOf(pairs, {}, first === undefined ? [] : [first]);
  const layout = layoutGraph(nodes, edges);

  test('has no boxes on each other', () => {
    expect(overlaps(nodes, layout)).toEqual([]);
  });

  test('has no edge behind a box', () => {
    expect(hidden(nodes, edges, layout)).toEqual([]);
  });

  test('runs downwards from border to border', () => {
    edges.forEach(({ source, target }, index) => {
      const at = (id: string) => layout.positions[nodes.findIndex((node) => node.id === id)]!;
      const route = layout.routes[index]!;
      expect(route[0]).toEqual({ x: at(source).x + WIDTH / 2, y: at(source).y + HEIGHT });
      expect(route.at(-1)).toEqual({ x: at(target).x + WIDTH / 2, y: at(target).y });
      expect(route.every(({ y }, step) => step === 0 || y >= route[step - 1]!.y)).toBe(true);
    });
  });

  test('comes out the same again', () => {
    expect(layoutGraph(nodes, edges)).toEqual(layout);
  });

  test('stays inside its bounds', () => {
    const { x, y, width, height } = layout.bounds;
    for (const position of layout.positions) {
      expect(position.x).toBeGreaterThanOrEqual(x);
      expect(position.y).toBeGreaterThanOrEqual(y);
      expect(position.x + WIDTH).toBeLessThanOrEqual(x + width);
      expect(position.y + HEIGHT).toBeLessThanOrEqual(y + height);
    }
  });
});

test('a chain is one straight column', () => {
  const { nodes, edges } = graphOf(chain(20));
  expect(new Set(layoutGraph(nodes, edges).positions.map(({ x }) => x))).toEqual(new Set([0]));
});

test('the main path of residual blocks is one straight column with the skips beside it', () => {
  const { nodes, edges } = graphOf(residual(8));
  const { positions, routes } = layoutGraph(nodes, edges);
  expect(new Set(positions.map(({ x }) => x))).toEqual(new Set([0]));
  const skips = routes.filter((route) => route.length > 2);
  expect(skips).toHaveLength(8);
  for (const skip of skips) expect(Math.abs(skip[1]!.x - WIDTH / 2)).toBeGreaterThan(WIDTH / 2);
});

test('readers of one source share its lane', () => {
  const pairs: Pairs = [...chain(9), ['n0', 'n4'], ['n0', 'n6'], ['n0', 'n8']];
  const { nodes, edges } = graphOf(pairs);
  const { routes } = layoutGraph(nodes, edges);
  const lanes = pairs.flatMap(([from, to], index) =>
    from === 'n0' && to !== 'n1' ? [routes[index]![1]!.x] : [],
  );
  expect(new Set(lanes).size).toBe(1);
});

test('a late input stands right above its reader', () => {
  const { nodes, edges, names } = graphOf([...chain(12, 'a'), ['late', 'a10']], {}, ['late']);
  const { ranks } = layoutGraph(nodes, edges);
  expect(ranks[names.indexOf('late')]).toBe(ranks[names.indexOf('a10')]! - 1);
});

test('an edge against the order is drawn upwards, and a loop stays outside its box', () => {
  const { nodes, edges } = graphOf([...chain(4), ['n3', 'n1'], ['n2', 'n2']]);
  const layout = layoutGraph(nodes, edges);
  const back = layout.routes[3]!;
  expect(back[0]!.y).toBeGreaterThan(back.at(-1)!.y);
  expect(hidden(nodes, edges, layout)).toEqual([]);
});

test('taller nodes push only what is below them', () => {
  const plain = graphOf(residual(3));
  const tall = graphOf(residual(3), { relu1: 200 });
  const before = layoutGraph(plain.nodes, plain.edges);
  const after = layoutGraph(tall.nodes, tall.edges);
  expect(overlaps(tall.nodes, after)).toEqual([]);
  expect(after.positions.slice(0, 7)).toEqual(before.positions.slice(0, 7));
});

test('cutting the end leaves the rest where it was', () => {
  const whole = graphOf(residual(8));
  const part = graphOf(residual(6));
  const after = layoutGraph(part.nodes, part.edges);
  const before = layoutGraph(whole.nodes, whole.edges);
  expect(after.positions).toEqual(before.positions.slice(0, part.nodes.length));
});

test('an edge to nowhere is refused', () => {
  expect(() => layoutGraph([{ id: 'a', width: 1, height: 1 }], [{ source: 'a', target: 'b' }])).toThrow(
    RangeError,
  );
});

test('nothing gives nothing', () => {
  expect(layoutGraph([], []).positions).toEqual([]);
});

describe('the work of a layout grows with the graph', () => {
  const make = (blocks: number) => graphOf(residual(blocks));

  test('as it reads nodes and lines', () => {
    const lay = ({ nodes, edges }: ReturnType<typeof make>) => void layoutGraph(nodes, edges);
    expect(growth(make, 250, lay)).toBeLessThan(LINEAR);
  });

  test('as it orders and places vertices, those of lanes among them', () => {
    const visits = (blocks: number) => {
      const { nodes, edges } = make(blocks);
      const place = new Map(nodes.map(({ id }, at) => [id, at]));
      const lines = edges.map(({ source, target }) => {
        const [from, to] = [place.get(source)!, place.get(target)!];
        return { from, to, lane: from };
      });
      const { ranks } = rankNodes(
        nodes.map(() => undefined),
        lines,
      );
      const vertices = buildVertices(nodes, ranks, lines);
      const reads = countReads(vertices, (watched) => void orderRanks(watched));
      return { vertices: vertices.count, reads };
    };
    const [half, whole] = [visits(250), visits(500)];
    expect(whole.vertices / half.vertices).toBeLessThan(LINEAR);
    expect(whole.reads / half.reads).toBeLessThan(LINEAR);
  });
});
