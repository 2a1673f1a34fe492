/** Code of a value that is not written as a literal: a call, a name. */
export class Code {
  constructor(readonly text: string) {}
}

/** What a literal is made of: JSON, and code in its places. */
export type Literal = Code | string | number | boolean | null | readonly Literal[] | LiteralRecord;
export interface LiteralRecord {
  readonly [key: string]: Literal;
}

/** Python's text of a value. Lists are written as tuples, which Keras takes wherever it takes a list. */
export function literal(value: Literal): string {
  if (value instanceof Code) return value.text;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return text(value);
  if (isList(value)) return `(${value.map(literal).join(', ')}${value.length === 1 ? ',' : ''})`;
  const entries = Object.entries(value).map(([key, item]) => `${text(key)}: ${literal(item)}`);
  return `{${entries.join(', ')}}`;
}

/** JSON escapes what Python escapes, in the same way, but for the delete character, which may stand as it is. */
export function text(value: string): string {
  return JSON.stringify(value);
}

/** A comment in one line, whatever is in names that come from a file: nothing of them becomes code. */
export function comment(words: string): string {
  return `# ${words.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')}`;
}

/** A list of names or of code, broken into lines where it is long. */
export function list(items: readonly string[], indent = ''): string {
  const line = `[${items.join(', ')}]`;
  if (indent.length + line.length <= LINE) return line;
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + 4 + last.length + item.length + 3 <= LINE) {
      lines[lines.length - 1] = `${last} ${item},`;
    } else lines.push(`${item},`);
  }
  return `[\n${lines.map((each) => `${indent}    ${each}`).join('\n')}\n${indent}]`;
}

/** How long lines of a script may be: Black's measure. */
export const LINE = 88;

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  // An integer above 2^53 and a float alike: Python reads `1e+21` as JavaScript writes it.
  return String(value);
}

const isList = (value: readonly Literal[] | LiteralRecord): value is readonly Literal[] =>
  Array.isArray(value);
