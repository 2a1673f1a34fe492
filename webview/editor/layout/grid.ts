import type { LayoutNode, LayoutOptions, Point } from './layoutGraph';

/** How much wider than high the whole is wished to be: about what a canvas is. */
const ASPECT = 1.6;

/** The gap between two groups in a column, in gaps between two nodes. */
const GROUP_GAPS = 3;

/** Pixels between nodes of a column: nothing is drawn in it. */
const GAP = 16;

export interface Grid {
  /** Top left corners from (0, 0) on, in the order of the nodes. */
  readonly positions: readonly Point[];
  /** The row of each node in its column, from zero. */
  readonly rows: readonly number[];
}

/**
 * Nodes that nothing joins, in columns that are read from the top down and from left to right, in the order given. A
 * group that fits into a column is not broken over two, and stands apart from the one before.
 */
export function placeInGrid(nodes: readonly LayoutNode[], { nodeGap }: LayoutOptions): Grid {
  const positions: Point[] = [];
  const rows: number[] = [];
  const most = rowsWished(nodes, nodeGap);
  let [x, y, row, widest] = [0, 0, 0, 0];
  for (const run of groupsOf(nodes)) {
    for (const [place, node] of run.entries()) {
      const fitsHere = place > 0 ? row < most : row + Math.min(run.length, most) <= most;
      if (row > 0 && !fitsHere) {
        x += widest + nodeGap;
        [y, row, widest] = [0, 0, 0];
      } else if (row > 0) {
        y += place === 0 ? GAP * GROUP_GAPS : GAP;
      }
      positions.push({ x, y });
      rows.push(row);
      y += node.height;
      row += 1;
      widest = Math.max(widest, node.width);
    }
  }
  return { positions, rows };
}

/** Neighbours of one group. */
function groupsOf(nodes: readonly LayoutNode[]): readonly (readonly LayoutNode[])[] {
  const runs: LayoutNode[][] = [];
  for (const node of nodes) {
    const run = runs.at(-1);
    if (run && run[0]?.group === node.group) run.push(node);
    else runs.push([node]);
  }
  return runs;
}

function rowsWished(nodes: readonly LayoutNode[], nodeGap: number): number {
  const cell = nodes.reduce(
    (sum, { width, height }) => ({ width: sum.width + width + nodeGap, height: sum.height + height + GAP }),
    { width: 0, height: 0 },
  );
  // So many rows that columns × width is ASPECT times rows × height, with means for the sizes.
  return Math.max(1, Math.ceil(Math.sqrt((cell.width / cell.height / ASPECT) * nodes.length)));
}
