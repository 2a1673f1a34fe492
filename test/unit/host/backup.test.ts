import { describe, expect, it } from 'vitest';
import type { Recipe } from '../../../src/core/surgery/recipe';
import { decodeBackup, encodeBackup } from '../../../src/host/backup';

const base = { sha256: 'a'.repeat(64), bytes: 12 };
const recipe: Recipe = {
  version: 1,
  operations: [{ op: 'cut', after: 'flatten' }],
  freeze: [{ match: { all: true } }],
};
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('a backup of unsaved edits', () => {
  it('comes back as it went', () => {
    expect(decodeBackup(encodeBackup(base, recipe), 'digits.h5')).toEqual({ version: 1, base, recipe });
  });

  it.each([
    ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00])],
    ['a torn file', encodeBackup(base, recipe).subarray(0, 40)],
    ['another version', text({ version: 2, base, recipe })],
    ['no fingerprint', text({ version: 1, recipe })],
    [
      'an operation nobody knows',
      text({ version: 1, base, recipe: { ...recipe, operations: [{ op: 'melt' }] } }),
    ],
  ])('is an error people see when it is %s', (_, bytes) => {
    expect(() => decodeBackup(bytes, 'digits.h5')).toThrow(
      expect.objectContaining({
        code: 'BACKUP_UNREADABLE',
        message: expect.stringMatching(/^the unsaved edits of digits\.h5 could not be restored: /),
      }),
    );
  });
});
