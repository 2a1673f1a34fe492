import { expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure';

test('a message is one line that shows all that is in it, whatever a file is called', () => {
  const { message } = new Failure('input', 'X', 'a layer "a\u0000b\n\u001b[31m\u202eturned\u2028é😀"');
  expect(message).toBe('a layer "a\\u0000b\\u000a\\u001b[31m\\u202eturned\\u2028é😀"');
});

test('a message is no longer than what somebody reads', () => {
  expect(new Failure('input', 'X', 'x'.repeat(5000)).message).toBe(`${'x'.repeat(999)}…`);
  expect(new Failure('input', 'X', 'x'.repeat(1000)).message).toBe('x'.repeat(1000));
  expect(new Failure('input', 'X', '\0'.repeat(1000)).message).toHaveLength(1000);
});
