import type { Members, Wiring } from './wiring';

/**
 * Cuts a stretch of layers at the tensors that every path goes through: between two cuts is a residual block, an
 * inception module, or a single layer of a chain. A tensor from outside counts from its first reader to its last, so
 * that two strides which open a stage side by side stay together.
 *
 * @param members in topological order
 */
export function segmentsOf({ inputs }: Wiring, members: Members): readonly Members[] {
  const at = new Map(members.map((place, index) => [place, index]));
  /** By index: how many tensors begin, or have their last reader, there. */
  const begins = new Int32Array(members.length);
  const ends = new Int32Array(members.length);
  const lastReader = new Map<number, number>();
  const firstReader = new Map<number, number>();
  members.forEach((place, index) => {
    for (const input of inputs[place]!) {
      lastReader.set(input, index);
      if (!firstReader.has(input)) firstReader.set(input, index);
    }
  });
  for (const [source, last] of lastReader) {
    begins[at.get(source) ?? firstReader.get(source)!]! += 1;
    ends[last]! += 1;
  }
  const segments: Members[] = [];
  let open = 0;
  let start = 0;
  members.forEach((_, index) => {
    open += begins[index]! - ends[index]!;
    if (open > 1 && index + 1 < members.length) return;
    segments.push(members.slice(start, index + 1));
    start = index + 1;
  });
  return segments;
}
