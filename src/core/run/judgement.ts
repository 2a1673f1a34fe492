import type { Metrics } from './events';

/** How a run's model does on the samples that its plan holds out: `judgement.json` in the run's folder. */
export interface Judgement {
  readonly version: 1;
  readonly model: JudgedModel;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly engine: string;
  /** All that the plan holds out. */
  readonly samples: number;
  /** The loss and the plan's metrics over all of them, by Keras's names. */
  readonly metrics: Metrics;
  /** What people should know of the data before they believe the rest. */
  readonly notes: readonly string[];
  readonly answers: Answers;
}

/** What was judged. Another file, another size or another time of change makes a judgement one of the past. */
export interface JudgedModel {
  /** What the run wrote at its end, or the newest checkpoint of one that has not come so far. */
  readonly kind: 'result' | 'checkpoint';
  /** Relative to the run's folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970 UTC, of the last change. */
  readonly modified: number;
}

/** What the model answers with, and what it answered where that is one class a sample. */
export type Answers = ClassAnswers | { readonly kind: 'values' | 'severalLabels' };

export interface ClassAnswers {
  readonly kind: 'classes';
  /** The name of each class, by its number. */
  readonly classes: readonly string[];
  /** Of all samples, in threes: a class, what it was taken for, how often; each pair that happened once. */
  readonly cells: readonly number[];
  readonly rows: JudgedRows;
}

/** The first samples one by one, columns of equal length; see `MOST_ROWS`. */
export interface JudgedRows {
  /** Of the sample in the data that it is held out of. */
  readonly index: readonly number[];
  /** The number of its class. */
  readonly label: readonly number[];
  /** What the model gives its class, from 0 to 1. */
  readonly truth: readonly number[];
  /** How many of the highest scores are kept for each. */
  readonly depth: number;
  /** `depth` classes a sample, the highest score first. */
  readonly taken: readonly number[];
  /** Their scores. */
  readonly scores: readonly number[];
}

/** Samples that are kept one by one: some 8 MB of text. Counts and metrics are of all. */
export const MOST_ROWS = 100_000;

/** As many as people look at beside a picture. */
export const DEPTH = 5;

/** How well one class is told from the others; null where there is nothing to divide by. */
export interface ClassScore {
  readonly label: number;
  readonly name: string;
  /** Samples of the class. */
  readonly support: number;
  /** Samples that were taken for it. */
  readonly taken: number;
  readonly right: number;
  /** right / taken */
  readonly precision: number | null;
  /** right / support */
  readonly recall: number | null;
  /** The harmonic mean of both: 2·right / (taken + support) */
  readonly f1: number | null;
}

/**
 * Precision, recall and F1 of each class. Source: van Rijsbergen, Information Retrieval (1979), chapter 7; the values are
 * those of scikit-learn's `precision_recall_fscore_support` with `zero_division=nan`.
 */
export function scoresOf({ classes, cells }: Pick<ClassAnswers, 'classes' | 'cells'>): readonly ClassScore[] {
  const support = new Float64Array(classes.length);
  const taken = new Float64Array(classes.length);
  const right = new Float64Array(classes.length);
  for (const { label, as, count } of cellsOf(cells)) {
    support[label] += count;
    taken[as] += count;
    if (label === as) right[label] += count;
  }
  return classes.map((name, label) => ({
    label,
    name,
    support: support[label],
    taken: taken[label],
    right: right[label],
    precision: share(right[label], taken[label]),
    recall: share(right[label], support[label]),
    f1: share(2 * right[label], taken[label] + support[label]),
  }));
}

/** The mean over the classes for which there is a value; null where there is none. */
export function macroMean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return share(
    known.reduce((sum, value) => sum + value, 0),
    known.length,
  );
}

/** The share of samples that were taken for their own class. */
export function accuracyOf(scores: readonly ClassScore[]): number | null {
  const sum = (of: (score: ClassScore) => number) => scores.reduce((total, score) => total + of(score), 0);
  return share(
    sum(({ right }) => right),
    sum(({ support }) => support),
  );
}

export interface Cell {
  readonly label: number;
  /** What samples of `label` were taken for. */
  readonly as: number;
  readonly count: number;
}

export function cellsOf(cells: readonly number[]): readonly Cell[] {
  const found: Cell[] = [];
  for (let at = 0; at + 2 < cells.length; at += 3) {
    found.push({ label: cells[at], as: cells[at + 1], count: cells[at + 2] });
  }
  return found;
}

/** A row for each class, a column for what its samples were taken for. */
export function matrixOf({
  classes,
  cells,
}: Pick<ClassAnswers, 'classes' | 'cells'>): readonly Uint32Array[] {
  const rows = classes.map(() => new Uint32Array(classes.length));
  for (const { label, as, count } of cellsOf(cells)) rows[label][as] = count;
  return rows;
}

/** The mistakes that happened most often, the most frequent first. */
export function worstPairs(cells: readonly number[], most: number): readonly Cell[] {
  return cellsOf(cells)
    .filter(({ label, as }) => label !== as)
    .sort((a, b) => b.count - a.count || a.label - b.label || a.as - b.as)
    .slice(0, most);
}

/** The rows of one cell of the matrix, those that the model was surest of first. */
export function rowsIn(rows: JudgedRows, label: number, as: number): readonly number[] {
  return surestFirst(rows, (row) => rows.label[row] === label && takenFor(rows, row) === as);
}

/** The rows that were taken for another class, those that the model was surest of first. */
export function wrongRows(rows: JudgedRows): readonly number[] {
  return surestFirst(rows, (row) => rows.label[row] !== takenFor(rows, row));
}

export function takenFor({ taken, depth }: JudgedRows, row: number): number {
  return taken[row * depth];
}

/** The score of what it was taken for, from 0 to 1. */
export function confidenceOf({ scores, depth }: JudgedRows, row: number): number {
  return scores[row * depth];
}

/** What the model made of a sample, the highest score first. */
export function topOf(
  { taken, scores, depth }: JudgedRows,
  row: number,
): readonly { readonly label: number; readonly score: number }[] {
  return Array.from({ length: depth }, (_, place) => ({
    label: taken[row * depth + place],
    score: scores[row * depth + place],
  }));
}

function surestFirst(rows: JudgedRows, wanted: (row: number) => boolean): readonly number[] {
  const found: number[] = [];
  for (let row = 0; row < rows.label.length; row++) if (wanted(row)) found.push(row);
  return found.sort((a, b) => confidenceOf(rows, b) - confidenceOf(rows, a) || a - b);
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
