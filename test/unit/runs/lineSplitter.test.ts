import { describe, expect, it } from 'vitest';
import { LineSplitter, LineTooLong } from '../../../src/runs/lineSplitter';

describe('splitting bytes into lines', () => {
  const text = 'first\n\nzweite Größe 🙂\nlast\ntorn';
  const bytes = Buffer.from(text);

  it.each([1, 2, 3, 7, 1000])('gives the same lines in chunks of %i bytes', (size) => {
    const splitter = new LineSplitter(100);
    const lines: string[] = [];
    const chunk = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      // One buffer, used again and again, as a file reader does.
      const length = bytes.copy(chunk, 0, at, at + size);
      lines.push(...splitter.push(chunk.subarray(0, length)));
    }
    expect(lines).toEqual(['first', '', 'zweite Größe 🙂', 'last']);
    expect(splitter.waiting).toBe(4);
  });

  it('refuses a line that never ends', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('12345\n1234567890'));
    expect(() => splitter.push(Buffer.from('1'))).toThrow(LineTooLong);
  });
});
