import { t } from '../l10n/translate';

/**
 * An expected failure: what went wrong, where, what was found, what was expected, what to do. It is a value inside,
 * one line outside: `error CODE: message`.
 */

/** Whose fault it is, which is also the command line's exit status. */
export type FailureKind = 'work' | 'usage' | 'input';

export const EXIT_STATUS: Readonly<Record<FailureKind, number>> = { work: 1, usage: 2, input: 3 };

export interface FailureDetails {
  /** The file it is about. */
  readonly path?: string;
  /** The name of the layer it is about. */
  readonly layer?: string;
  readonly cause?: unknown;
}

export class Failure extends Error {
  override readonly name = 'Failure';
  readonly path?: string;
  readonly layer?: string;

  /**
   * @param code a word to search for, in capitals: `H5_TRUNCATED`
   * @param message one sentence in the order where, found, expected, what to do
   */
  constructor(
    readonly kind: FailureKind,
    readonly code: string,
    message: string,
    details: FailureDetails = {},
  ) {
    super(asOneLine(message), details.cause === undefined ? undefined : { cause: details.cause });
    if (details.path !== undefined) this.path = details.path;
    if (details.layer !== undefined) this.layer = details.layer;
  }
}

/** More is read by nobody; what was found comes first. */
const LONGEST_MESSAGE = 1000;

/** What moves a cursor, breaks a line or turns the order of letters: names in a file may hold any of it. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/** A text as one line that can be shown anywhere: what cannot be seen is spelt as JSON does, what is too long is cut off. */
export function asOneLine(text: string): string {
  // Spelt it is longer, so that is cut, and no more of the text is spelt than may be left of it.
  const spelt = text
    .slice(0, LONGEST_MESSAGE + 1)
    .replace(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return spelt.length > LONGEST_MESSAGE ? `${spelt.slice(0, LONGEST_MESSAGE - 1)}…` : spelt;
}

/** A finding about a graph that does not stop it from being shown. */
export interface Fault {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  /** The layer's name. */
  readonly layer?: string;
  readonly message: string;
  readonly found?: string;
  readonly expected?: string;
}

/** A finding with its texts as `asOneLine`: the names, shapes and rules in them come from files and may be anything. */
export function toldInLines(fault: Fault): Fault {
  const { found, expected } = fault;
  return {
    ...fault,
    message: asOneLine(fault.message),
    ...(found !== undefined && { found: asOneLine(found) }),
    ...(expected !== undefined && { expected: asOneLine(expected) }),
  };
}

/** @param where the other model that it is not in, where it is not the one under surgery */
export function unknownLayer(name: string, known: readonly string[], where?: string): Failure {
  const near = nearest(name, known);
  return new Failure(
    'input',
    'LAYER_UNKNOWN',
    t(
      'no layer{0} is named "{1}"{2}',
      where === undefined ? '' : t(' of {0}', where),
      name,
      near === undefined ? '' : t('; the nearest is "{0}"', near),
    ),
    { layer: name },
  );
}

/** The candidate with the smallest edit distance, if it is near enough to be a slip of the hand. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance, given up (as `limit`) once it cannot be below `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current[column] = Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1);
    }
    if (Math.min(...current) >= limit) return limit;
    previous = current;
  }
  return previous[b.length]!;
}
