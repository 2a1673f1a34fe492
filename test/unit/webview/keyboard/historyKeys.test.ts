import { expect, test } from 'vitest';
import { historyKey } from '../../../../webview/editor/keyboard/historyKeys';

/** `Ctrl+Shift+Z`, as the page is told of it. */
function pressed(keys: string) {
  const parts = keys.split('+');
  const [ctrlKey, metaKey] = [parts.includes('Ctrl'), parts.includes('Cmd')];
  const [shiftKey, altKey] = [parts.includes('Shift'), parts.includes('Alt')];
  return { key: parts.at(-1) ?? '', ctrlKey, metaKey, shiftKey, altKey };
}

test.each([
  ['Ctrl+z', 'undo', undefined],
  ['Ctrl+Shift+Z', 'redo', undefined],
  ['Ctrl+y', 'redo', undefined],
  ['Cmd+z', undefined, 'undo'],
  ['Cmd+Shift+Z', undefined, 'redo'],
  ['Cmd+y', undefined, undefined],
  ['z', undefined, undefined],
  ['Ctrl+Alt+z', undefined, undefined],
  ['Ctrl+Cmd+z', undefined, undefined],
  ['Ctrl+s', undefined, undefined],
])('%s is %s, and %s on a Mac', (keys, elsewhere, mac) => {
  expect([historyKey(pressed(keys), false), historyKey(pressed(keys), true)]).toEqual([elsewhere, mac]);
});
