import { buildBlocks } from './blocks';
import type { Blocks } from './blocks';
import type { LayoutNode, LayoutOptions } from './layoutGraph';
import type { Order } from './order';
import type { PortRanks } from './rank';
import type { Vertices } from './vertices';

export interface Placement {
  /** The x of each vertex's axis. */
  readonly centers: readonly number[];
  /** By rank. */
  readonly tops: readonly number[];
  readonly heights: readonly number[];
}

/** Passes over all blocks; positions settle within a few. */
const PASSES = 10;

/** A rank gap grows by a pixel for so many that an edge travels sideways in it, up to the rank gap itself. */
const SIDEWAYS_PER_PIXEL = 16;

export function placeVertices(
  vertices: Vertices,
  order: Order,
  nodes: readonly LayoutNode[],
  options: LayoutOptions,
  ports: PortRanks,
): Placement {
  const blocks = buildBlocks(vertices, order);
  const x = placeBlocks(vertices, order, blocks, options);
  const centers = blocks.blockOf.map((block) => x[block]!);
  const heights = order.map((rank) =>
    rank.reduce((most, vertex) => Math.max(most, nodes[vertex]?.height ?? 0), 0),
  );
  const tops: number[] = [];
  let y = 0;
  order.forEach((rank, index) => {
    tops.push(y);
    const sideways = rank.reduce(
      (most, vertex) =>
        vertices.below[vertex]!.reduce(
          (far, lower) => Math.max(far, Math.abs(centers[vertex]! - centers[lower]!)),
          most,
        ),
      0,
    );
    const atPort = index < ports.top || index + 1 >= order.length - ports.bottom;
    const gap = atPort ? options.portGap : options.rankGap;
    y += heights[index]! + gap + Math.min(options.rankGap, sideways / SIDEWAYS_PER_PIXEL);
  });
  return { centers, tops, heights };
}

interface Neighbour {
  readonly block: number;
  readonly distance: number;
}

/**
 * The x of each block: as far left as its neighbours allow to begin with, then moved towards the median of what it is
 * linked to, in turns from either side, never past a neighbour.
 */
function placeBlocks(
  vertices: Vertices,
  order: Order,
  { count, blockOf, members }: Blocks,
  options: LayoutOptions,
): readonly number[] {
  // Many blocks are alone in their ranks.
  const left: (Map<number, number> | undefined)[] = new Array<undefined>(count).fill(undefined);
  for (const rank of order) {
    for (let index = 1; index < rank.length; index++) {
      const [a, b] = [rank[index - 1]!, rank[index]!];
      const gap = a < vertices.nodeCount && b < vertices.nodeCount ? options.nodeGap : options.laneGap;
      const distance = vertices.rights[a]! + vertices.lefts[b]! + gap;
      const neighbours = (left[blockOf[b]!] ??= new Map<number, number>());
      neighbours.set(blockOf[a]!, Math.max(neighbours.get(blockOf[a]!) ?? 0, distance));
    }
  }
  const leftOf = left.map((map): readonly Neighbour[] =>
    map ? Array.from(map, ([block, distance]) => ({ block, distance })) : [],
  );
  const rightOf = Array.from({ length: count }, (): Neighbour[] => []);
  leftOf.forEach((list, block) => {
    for (const { block: other, distance } of list) rightOf[other]!.push({ block, distance });
  });

  const linked = members.map((vertexes, block) => {
    const blocks: number[] = [];
    const link = (other: number) => blockOf[other] !== block && blocks.push(blockOf[other]!);
    for (const vertex of vertexes) {
      vertices.above[vertex]!.forEach(link);
      vertices.below[vertex]!.forEach(link);
    }
    return blocks;
  });
  const fromLeft = leftFirst(leftOf, rightOf);
  const fromRight = [...fromLeft].reverse();

  const x = new Array<number>(count).fill(0);
  for (const block of fromLeft) {
    for (const { block: other, distance } of leftOf[block]!) {
      x[block] = Math.max(x[block]!, x[other]! + distance);
    }
  }
  let moved = true;
  for (let pass = 0; pass < PASSES && moved; pass++) {
    moved = false;
    for (const block of pass % 2 === 0 ? fromRight : fromLeft) {
      const wanted = medianOf(linked[block]!, x);
      if (wanted === undefined) continue;
      let [least, most] = [-Infinity, Infinity];
      for (const { block: other, distance } of leftOf[block]!) least = Math.max(least, x[other]! + distance);
      for (const { block: other, distance } of rightOf[block]!) most = Math.min(most, x[other]! - distance);
      const place = Math.max(least, Math.min(most, wanted));
      moved ||= place !== x[block];
      x[block] = place;
    }
  }
  return x;
}

function medianOf(blocks: readonly number[], x: readonly number[]): number | undefined {
  if (blocks.length === 0) return undefined;
  if (blocks.length === 1) return x[blocks[0]!];
  if (blocks.length === 2) return (x[blocks[0]!]! + x[blocks[1]!]!) / 2;
  const places = blocks.map((block) => x[block]!).sort((a, b) => a - b);
  const middle = places.length >> 1;
  return places.length % 2 === 1 ? places[middle] : (places[middle - 1]! + places[middle]!) / 2;
}

/** Blocks in an order in which whatever is left of a block comes before it. */
function leftFirst(
  leftOf: readonly (readonly Neighbour[])[],
  rightOf: readonly (readonly Neighbour[])[],
): readonly number[] {
  const waiting = leftOf.map((list) => list.length);
  const ready = waiting.flatMap((count, block) => (count === 0 ? [block] : []));
  for (let index = 0; index < ready.length; index++) {
    for (const { block } of rightOf[ready[index]!]!) {
      if (--waiting[block]! === 0) ready.push(block);
    }
  }
  return ready;
}
