import type { SummaryRow } from './rows';

/** Ids of the rows between two, both among them, in the order of the table; the second comes last. */
export function rangeOf(rows: readonly SummaryRow[], from: number, to: number): readonly string[] {
  const ids = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ layer }) => layer.id);
  return from <= to ? ids : ids.reverse();
}
