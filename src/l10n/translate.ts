/**
 * The words that people read, in their language. English is written where it is said, and is the key to the others: the
 * bundles in `l10n/ko` hold the same sentences in Korean, and a test holds the two to each other.
 */

/** A language's sentences by the English ones, and the file they are from. */
export interface Language {
  readonly sentences: Readonly<Record<string, string>>;
  /** For processes that this one starts. */
  readonly file?: string;
}

declare global {
  /**
   * What this process or page speaks; none is English. A global, since it must be there before the first module is run:
   * many name things in their constants.
   */
  var modelSurgeryLanguage: Language | undefined;
}

/**
 * A sentence in the reader's language.
 *
 * @param english a plain literal, `{0}`, `{1}` … where the values are put in
 */
export function t(english: string, ...values: readonly unknown[]): string {
  const sentence = globalThis.modelSurgeryLanguage?.sentences[english] ?? english;
  if (values.length === 0) return sentence;
  return sentence.replace(/\{(\d+)\}/g, (place, at: string) =>
    Number(at) < values.length ? String(values[Number(at)]) : place,
  );
}

/** The same for a number of things: `tn(2, '{0} layer', '{0} layers')`. The number is `{0}` unless values are given. */
export function tn(count: number, one: string, other: string, ...values: readonly unknown[]): string {
  return t(count === 1 ? one : other, ...(values.length === 0 ? [count] : values));
}

/** What `say` says in English, whatever the reader's language: for files that are to be the same for everyone. */
export function inEnglish(say: () => string): string {
  const language = globalThis.modelSurgeryLanguage;
  globalThis.modelSurgeryLanguage = undefined;
  try {
    return say();
  } finally {
    globalThis.modelSurgeryLanguage = language;
  }
}
