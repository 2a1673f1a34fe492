import { MOST_COMPARED } from '../../../src/protocol/runComparison';

/** A run that is compared. Its colour is its own as long as it is, whatever else is chosen. */
export interface ChosenRun {
  readonly id: string;
  /** Of the run's colour, from 0; no other chosen run has it. */
  readonly slot: number;
}

/** Chooses a run, or no longer; one too many is not chosen. */
export function toggleRun(chosen: readonly ChosenRun[], id: string): readonly ChosenRun[] {
  if (chosen.some((run) => run.id === id)) return chosen.filter((run) => run.id !== id);
  return chooseRuns(chosen, [...chosen.map((run) => run.id), id]);
}

/** The runs of `ids`, in their order; those chosen before keep their colours. */
export function chooseRuns(before: readonly ChosenRun[], ids: readonly string[]): readonly ChosenRun[] {
  const wanted = [...new Set(ids)].slice(0, MOST_COMPARED);
  const kept = before.filter(({ id }) => wanted.includes(id));
  const taken = new Set(kept.map(({ slot }) => slot));
  const free = Array.from({ length: MOST_COMPARED }, (_, slot) => slot).filter((slot) => !taken.has(slot));
  return wanted.map((id) => kept.find((run) => run.id === id) ?? { id, slot: free.shift() ?? 0 });
}

/** What an older page remembered may be anything. */
export function parseChosen(remembered: unknown): readonly ChosenRun[] {
  if (!Array.isArray(remembered)) return [];
  const runs = remembered.filter(
    (run: unknown): run is ChosenRun =>
      typeof run === 'object' &&
      run !== null &&
      typeof Reflect.get(run, 'id') === 'string' &&
      Number.isInteger(Reflect.get(run, 'slot')),
  );
  return chooseRuns(
    runs.filter(({ slot }) => slot >= 0 && slot < MOST_COMPARED),
    runs.map(({ id }) => id),
  );
}

/** The style sheet's name for a run's colour. */
export const colourOf = (slot: number): string => `var(--run-${slot + 1})`;
