import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { ZipFile as Yazl } from 'yazl';
import { isZip, openZip, type ZipFile } from '../../../../src/formats/zip/zipFile';
import { rawZip, type RawEntry } from '../../../support/rawZip';
import { temporaryFolder } from '../../../support/temporary';
import { failureOf } from '../fixtures';

const LIMIT = 2 ** 20;
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

async function save(bytes: Uint8Array): Promise<string> {
  const file = path.join(await temporaryFolder(), 'archive.zip');
  await writeFile(file, bytes);
  return file;
}

async function withZip<T>(bytes: Uint8Array, use: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await openZip(await save(bytes));
  try {
    return await use(zip);
  } finally {
    zip.close();
  }
}

const refused = (entries: readonly RawEntry[], end?: { count: number }) =>
  failureOf(withZip(rawZip(entries, end), async () => {}));

const refusedReading = (entry: RawEntry, limit = LIMIT) =>
  failureOf(withZip(rawZip([entry]), (zip) => zip.readEntry(zip.entries[0]!, limit)));

describe('a good archive', () => {
  test('lists its files and gives out their bytes', async () => {
    const bytes = rawZip([
      { name: 'folder/' },
      { name: 'folder/stored', data: 'as it is' },
      { name: 'größe', data: 'x'.repeat(5000), deflate: true },
    ]);
    await withZip(bytes, async (zip) => {
      expect(zip.entries.map(({ name, method, size }) => [name, method, size])).toEqual([
        ['folder/stored', 'stored', 8],
        ['größe', 'deflated', 5000],
      ]);
      expect(text(await zip.readEntry(zip.entry('folder/stored')!, LIMIT))).toBe('as it is');
      expect(text(await zip.readEntry(zip.entry('größe')!, LIMIT))).toBe('x'.repeat(5000));
      const { path: file, offset, byteLength } = await zip.dataRange(zip.entries[0]!);
      expect((await readFile(file)).subarray(offset, offset + byteLength).toString()).toBe('as it is');
      const target = path.join(await temporaryFolder(), 'out');
      await zip.extractEntry(zip.entries[1]!, target);
      expect(await readFile(target, 'utf8')).toBe('x'.repeat(5000));
    });
  });

  test('of the 64-bit kind', async () => {
    const archive = new Yazl();
    archive.addBuffer(Buffer.from('far'), 'big', { forceZip64Format: true, compress: false });
    archive.end({ forceZip64Format: true, comment: '' });
    await withZip(await buffer(archive.outputStream), async (zip) => {
      expect(text(await zip.readEntry(zip.entry('big')!, LIMIT))).toBe('far');
      expect((await zip.dataRange(zip.entry('big')!)).byteLength).toBe(3);
    });
  });

  test('is told by its first bytes', async () => {
    expect(await isZip(await save(rawZip([{ name: 'a' }])))).toBe(true);
    expect(await isZip(await save(rawZip([])))).toBe(true);
    expect(await isZip(await save(Buffer.from('PK')))).toBe(false);
    expect(await isZip(await temporaryFolder())).toBe(false);
  });

  test('of thousands of small entries is read in large steps, of large ones near each of them', async () => {
    const small = Array.from({ length: 5_000 }, (_, index) => ({ name: `data/${index}`, data: 'few' }));
    await withZip(rawZip(small), async (zip) => {
      expect(zip.entries.length).toBe(5_000);
      // A directory of 278 KB in steps of 64 KB, what lies at its end, and the step that jumps to its beginning.
      expect(zip.reads).toBeLessThan(8);
      for (const entry of zip.entries) await zip.dataRange(entry);
      expect(zip.reads).toBeLessThan(14);
    });
    const large = Array.from({ length: 20 }, (_, index) => ({
      name: `${index}`,
      data: new Uint8Array(2 ** 16),
    }));
    await withZip(rawZip(large), async (zip) => {
      const before = zip.reads;
      for (const entry of zip.entries) await zip.dataRange(entry);
      expect(zip.reads - before).toBe(20);
    });
  });

  test('gives an entry of many steps whole', async () => {
    const data = Uint8Array.from({ length: 700_000 }, (_, index) => index % 251);
    await withZip(
      rawZip([
        { name: 'small', data: 'a' },
        { name: 'large', data },
      ]),
      async (zip) => {
        expect(Buffer.compare(await zip.readEntry(zip.entry('large')!, LIMIT), data)).toBe(0);
        expect(text(await zip.readEntry(zip.entry('small')!, LIMIT))).toBe('a');
      },
    );
  });
});

describe('a bad archive', () => {
  test.each(['../up', 'a/../../up', '/etc/passwd', 'C:/up', 'a\\..\\up'])('names %s', async (name) => {
    const failure = await refused([{ name }]);
    expect(failure).toMatchObject({ kind: 'input', code: 'ZIP_UNSAFE' });
  });

  test.each<[string, RawEntry[], string, string]>([
    ['two entries of one name', [{ name: 'a' }, { name: 'a' }], 'ZIP_UNSAFE', 'two entries named "a"'],
    ['a name that is no UTF-8', [{ name: Buffer.of(0xff, 0xfe) }], 'ZIP_UNSAFE', 'UTF-8'],
    [
      'entries that overlap',
      [
        { name: 'a', data: 'one' },
        { name: 'b', data: 'two', offset: 0 },
      ],
      'ZIP_UNSAFE',
      'reach into the next',
    ],
    ['an offset outside', [{ name: 'a', offset: 5_000_000 }], 'ZIP_UNSAFE', 'reach'],
    ['a length outside', [{ name: 'a', size: 9999, compressedSize: 9999 }], 'ZIP_UNSAFE', 'reach'],
    ['a stored entry of two sizes', [{ name: 'a', data: 'abc', size: 4 }], 'ZIP_CORRUPT', 'size mismatch'],
    [
      'more than deflate can do',
      [{ name: 'a', data: 'abc', deflate: true, size: 0xfffffff0 }],
      'ZIP_UNSAFE',
      'packed into',
    ],
  ])('has %s', async (_, entries, code, message) => {
    const failure = await refused(entries);
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });

  test('promises entries that are not there', async () => {
    expect(await refused([{ name: 'a' }], { count: 5000 })).toMatchObject({ code: 'ZIP_CORRUPT' });
  });

  test.each<[string, RawEntry, string]>([
    ['encrypted', { name: 'a', data: 'x'.repeat(15), flags: 0x801, size: 3 }, 'ZIP_UNSUPPORTED'],
    ['packed by another method', { name: 'a', data: 'abc', method: 12 }, 'ZIP_UNSUPPORTED'],
    ['of another checksum', { name: 'a', data: 'abc', crc: 7 }, 'ZIP_CORRUPT'],
    ['no deflate stream', { name: 'a', data: 'abcdefgh', method: 8 }, 'ZIP_CORRUPT'],
    ['longer than it says', { name: 'a', data: 'x'.repeat(999), deflate: true, size: 10 }, 'ZIP_CORRUPT'],
    ['shorter than it says', { name: 'a', data: 'x'.repeat(9), deflate: true, size: 99 }, 'ZIP_CORRUPT'],
    ['over the limit', { name: 'a', data: 'x'.repeat(LIMIT + 1), deflate: true }, 'ZIP_UNSAFE'],
  ])('has an entry that is %s', async (_, entry, code) => {
    expect(await refusedReading(entry)).toMatchObject({ kind: 'input', code });
  });

  test('gives no range of what is packed', async () => {
    const failure = await failureOf(
      withZip(rawZip([{ name: 'a', data: 'abc', deflate: true }]), (zip) => zip.dataRange(zip.entries[0]!)),
    );
    expect(failure).toMatchObject({ kind: 'input', code: 'ZIP_UNSUPPORTED' });
  });

  test('is cut short anywhere', async () => {
    const whole = rawZip([
      { name: 'a', data: 'one' },
      { name: 'b', data: 'two'.repeat(50), deflate: true },
    ]);
    for (let length = 0; length < whole.length; length++) {
      const failure = await failureOf(withZip(whole.subarray(0, length), async () => {}));
      expect(failure).toMatchObject({ kind: 'input', code: 'ZIP_CORRUPT' });
    }
  });

  test('does not overwrite where an entry is taken out', async () => {
    const target = await save(Buffer.from('mine'));
    await expect(
      withZip(rawZip([{ name: 'a', data: 'abc' }]), (zip) => zip.extractEntry(zip.entries[0]!, target)),
    ).rejects.toMatchObject({ code: 'EEXIST' });
    expect(text(await buffer(createReadStream(target)))).toBe('mine');
  });
});
