import type { ComparedTable } from './compareState';

/** The best epochs of the runs of a table by their ids, by whatever the table goes by. */
export function bestEpochsOf(table: ComparedTable | null): ReadonlyMap<string, number> {
  const row = table?.comparison.outcomes.find(({ name }) => name === 'best epoch');
  const known = new Map<string, number>();
  row?.values.forEach((value, place) => {
    const id = table?.ids[place];
    if (id !== undefined && typeof value === 'number') known.set(id, value);
  });
  return known;
}
