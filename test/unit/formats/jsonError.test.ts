import { expect, test } from 'vitest';
import { jsonErrorAt } from '../../../src/formats/jsonError';

const DOCUMENT = '{"a": [1, -2.5e+3, "x\\n\\u00e9", true], "b": {"c": null, "d": []}, "e": {}}\n';
const CHARACTERS = '{}[]:,"\\ \n\t01-.e+aut\u0001é';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('finds an error in every text that JSON.parse refuses, and in no other', () => {
  let [state, refused] = [12345, 0];
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  for (let count = 0; count < 5000; count++) {
    let text = DOCUMENT;
    for (let edits = 1 + below(3); edits > 0; edits--) {
      const at = below(text.length);
      const character = below(3) === 0 ? '' : CHARACTERS.charAt(below(CHARACTERS.length));
      text = text.slice(0, at) + character + text.slice(at + below(2));
    }
    const { found, expected } = jsonErrorAt(text);
    const atTheEnd = found === 'the end of the file' && expected === 'the end of the file';
    expect(atTheEnd, JSON.stringify(text)).toBe(parses(text));
    if (!atTheEnd) refused++;
  }
  expect(refused).toBeGreaterThan(2000);
});
