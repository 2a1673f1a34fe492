import type { Drawn } from './editorState';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** What an arrow key means where tensors flow to the right. */
const TURNED: Readonly<Record<Direction, Direction>> = {
  up: 'left',
  down: 'right',
  left: 'up',
  right: 'down',
};

/**
 * The card that an arrow key leads to, from one to another by their ids: along the flow it follows the lines, to the
 * nearest in the picture; across the flow it goes to the neighbour that stands beside. A card that nothing joins stands
 * in a column, which up and down walk along. Undefined at an edge of the graph.
 */
export function neighbour(drawn: Drawn, from: string, pressed: Direction): string | undefined {
  const { scene, layout, direction } = drawn;
  const start = scene.nodeOf.get(from);
  if (start === undefined) return undefined;
  const isAlone = !scene.edges.some((edge) => edge.from === start || edge.to === start);
  const turned = direction === 'right' && !isAlone;
  const key = turned ? TURNED[pressed] : pressed;
  const along = (node: number) => (turned ? layout.positions[node]!.x : layout.positions[node]!.y);
  const across = (node: number) => (turned ? layout.positions[node]!.y : layout.positions[node]!.x);
  const sign = key === 'up' || key === 'left' ? -1 : 1;
  const nodes = [...scene.nodes.keys()].filter((node) => node !== start);
  let found: number | undefined;
  if (key === 'left' || key === 'right') {
    const beside = nodes.filter(
      (node) => (across(node) - across(start)) * sign > 0 && Math.abs(along(node) - along(start)) < BESIDE,
    );
    found = nearest(beside, (node) => Math.abs(across(node) - across(start)));
  } else if (isAlone) {
    const column = nodes.filter(
      (node) => across(node) === across(start) && (along(node) - along(start)) * sign > 0,
    );
    found = nearest(column, (node) => Math.abs(along(node) - along(start)));
  } else {
    const joined = scene.edges.flatMap((edge) =>
      key === 'up' ? (edge.to === start ? [edge.from] : []) : edge.from === start ? [edge.to] : [],
    );
    found = nearest(
      joined.filter((node) => node !== start),
      (node) => Math.abs(along(node) - along(start)) * FAR + Math.abs(across(node) - across(start)),
    );
  }
  return found === undefined ? undefined : scene.nodes[found]?.id;
}

/** Cards stand beside each other up to so many pixels of difference: less than half of a card. */
const BESIDE = 38;
/** The next rank comes before the nearer column. */
const FAR = 1e4;

function nearest(nodes: readonly number[], distance: (node: number) => number): number | undefined {
  let best: number | undefined;
  for (const node of nodes) if (best === undefined || distance(node) < distance(best)) best = node;
  return best;
}
