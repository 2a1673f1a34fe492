/** An edge between indices. Where nodes are in order the smaller comes first. */
export interface Link {
  readonly from: number;
  readonly to: number;
  /** Links of one lane leave their source as one line: those of one tensor. */
  readonly lane: number;
}

/** Whether the first and the last rank are the ports of a frame: 1 or 0 each. */
export interface PortRanks {
  readonly top: number;
  readonly bottom: number;
}

/** Where a node must stand: among a frame's ports above or below everything. */
export type Side = 'top' | 'bottom';

/**
 * A rank a node, from zero: one more than the deepest node it reads. A node that reads nothing stands right above its
 * first reader, so that a second input does not hang at the top of a deep model.
 */
export function rankNodes(
  sides: readonly (Side | undefined)[],
  links: readonly Link[],
): { readonly ranks: readonly number[]; readonly ports: PortRanks } {
  const count = sides.length;
  const { sources, targets } = neighbours(count, links);
  const ports = { top: sides.includes('top') ? 1 : 0, bottom: sides.includes('bottom') ? 1 : 0 };
  const ranks = sides.map((side) => (side === 'top' ? 0 : ports.top));
  let last = ports.top;
  for (let node = 0; node < count; node++) {
    for (const source of sources[node]!) ranks[node] = Math.max(ranks[node]!, ranks[source]! + 1);
    if (sides[node] === undefined) last = Math.max(last, ranks[node]!);
  }
  for (let node = 0; node < count; node++) {
    if (sides[node] === 'bottom') ranks[node] = last + 1;
    if (sides[node] !== undefined || sources[node]!.length > 0 || targets[node]!.length === 0) continue;
    const first = targets[node]!.reduce(
      (least, target) => Math.min(least, sides[target] === 'bottom' ? last + 1 : ranks[target]!),
      Infinity,
    );
    ranks[node] = first - 1;
  }
  return { ranks, ports };
}

function neighbours(count: number, links: readonly Link[]) {
  const sources = Array.from({ length: count }, (): number[] => []);
  const targets = Array.from({ length: count }, (): number[] => []);
  for (const { from, to } of links) {
    sources[to]!.push(from);
    targets[from]!.push(to);
  }
  return { sources, targets };
}
