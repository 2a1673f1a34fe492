import { t } from '../l10n/translate';
/** The first place where a text stops being JSON. Lines and columns count from one. */
export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly expected: string;
}

/**
 * Where and why a text is not JSON, for a text that `JSON.parse` refused: V8's own message has a position only
 * sometimes, and says it in another way in each version. A token grammar is enough: a stack of open brackets, and what
 * may come next.
 */
export function jsonErrorAt(text: string): JsonError {
  const { at, expected } = scan(text);
  const before = text.slice(0, at).split('\n');
  const rest = text.slice(at);
  const found =
    rest === '' ? t('the end of the file') : JSON.stringify(/^[\w.+-]{1,20}|^./su.exec(rest)?.[0] ?? '');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, found, expected };
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const WORD = /(?:true|false|null)(?!\w)/y;
const SPACE = /[ \t\r\n]*/y;

type State = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'after';

function scan(text: string): { at: number; expected: string } {
  const open: ('{' | '[')[] = [];
  let state: State = 'value';
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match !== null;
  };
  const close = () => {
    at++;
    open.pop();
    state = 'after';
  };
  for (;;) {
    take(SPACE);
    const character = text.charAt(at);
    if (state === 'after') {
      const inside = open.at(-1);
      if (inside === undefined) return { at, expected: t('the end of the file') };
      if (character === ',') {
        at++;
        state = inside === '{' ? 'key' : 'value';
      } else if (character === (inside === '{' ? '}' : ']')) close();
      else return { at, expected: inside === '{' ? t('"," or "}"') : t('"," or "]"') };
    } else if (state === ':') {
      if (character !== ':') return { at, expected: '":"' };
      at++;
      state = 'value';
    } else if (state === 'key' || state === 'key or }') {
      if (character === '}' && state === 'key or }') close();
      else if (take(STRING)) state = ':';
      else return { at, expected: t('a field name in double quotes') };
    } else if (character === ']' && state === 'value or ]') {
      close();
    } else if (character === '{' || character === '[') {
      at++;
      open.push(character);
      state = character === '{' ? 'key or }' : 'value or ]';
    } else if (take(STRING) || take(NUMBER) || take(WORD)) {
      state = 'after';
    } else {
      return { at, expected: character === '"' ? t('text that ends in a double quote') : t('a value') };
    }
  }
}
