import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../../src/data/csv';
import { classesOf, readTable } from '../../../src/data/table';
import { temporaryFolder } from '../../support/temporary';
import { writeFiles } from '../../support/images';

const rows = (text: string, delimiter = ',') =>
  [...readCsv(text, delimiter, 't.csv')].map(({ line, fields }) => [line, ...fields]);

describe('CSV', () => {
  it.each<[string, string, readonly (readonly (string | number)[])[]]>([
    [
      'plain rows',
      'a,b\nc,d\n',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'no line break at the end',
      'a,b\nc,d',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'line breaks of Windows',
      'a,b\r\nc,d\r\n',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'empty lines',
      '\na,b\n\n\nc,d\n',
      [
        [2, 'a', 'b'],
        [5, 'c', 'd'],
      ],
    ],
    [
      'empty fields',
      'a,\n,b\n,',
      [
        [1, 'a', ''],
        [2, '', 'b'],
        [3, '', ''],
      ],
    ],
    ['the delimiter in quotes', '"a,b",c\n', [[1, 'a,b', 'c']]],
    ['doubled quotes', '"say ""yes""",c', [[1, 'say "yes"', 'c']]],
    [
      'a line break in quotes',
      '"a\nb",c\nd,e',
      [
        [1, 'a\nb', 'c'],
        [3, 'd', 'e'],
      ],
    ],
    ['a mark of byte order', '\uFEFFa,b', [[1, 'a', 'b']]],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(rows(text)).toEqual(expected);
  });

  it('may be divided otherwise', () => {
    expect(rows('a,b\tc\n', '\t')).toEqual([[1, 'a,b', 'c']]);
    expect(rows('"a;b";c', ';')).toEqual([[1, 'a;b', 'c']]);
  });

  it.each([
    ['a quote that is not closed', 'a,b\n"c,d', 'line 2: found a quote that is not closed'],
    ['text after a quote', 'a,"b"c\n', 'line 1: found text after a closing quote'],
    ['a quote in the middle', 'a,b\nc"d,e', 'line 2: found a quote inside a field'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => rows(text)).toThrow(message);
  });
});

describe('a table', () => {
  const plain = { delimiter: ',', header: true, columns: undefined };
  async function table(text: string | Uint8Array, options: Partial<Parameters<typeof readTable>[1]> = {}) {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 't.csv': text });
    const { files, labels } = await readTable(path.join(folder, 't.csv'), { ...plain, ...options });
    return files.map((file, index) => [path.relative(folder, file), labels[index]]);
  }

  it('has its columns by the names of its header, in any order, or the first two', async () => {
    const expected = [
      ['a/1.png', 'cat'],
      ['2.png', 'dog'],
    ];
    expect(await table('label,id,path\ncat,1,a/1.png\ndog,2,./2.png\n')).toEqual(expected);
    expect(await table('file,class\na/1.png,cat\n 2.png , dog \n')).toEqual(expected);
    expect(await table('a/1.png,cat\n2.png,dog\n', { header: false })).toEqual(expected);
    expect(
      await table('1;cat;a/1.png\n2;dog;2.png', { header: false, delimiter: ';', columns: [2, 1] }),
    ).toEqual(expected);
    expect(await table('id,y,x\n1,cat,a/1.png\n2,dog,2.png', { columns: ['x', 'y'] })).toEqual(expected);
  });

  it.each<[string, string | Uint8Array, string, RegExp]>([
    ['no rows', 'path,label\n', 'DATA_EMPTY', /found no row/],
    [
      'a row that is too short',
      'path,label\na.png,cat\nb.png\n',
      'TABLE_ROW',
      /line 3: found 1 field, expected a label in column 2/,
    ],
    [
      'a row without a path',
      'path,label\n,cat\n',
      'TABLE_ROW',
      /line 2: found an empty field, expected the path/,
    ],
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe, 0x41), 'TABLE_TEXT', /no UTF-8 text/],
  ])('is refused with %s', async (_, text, code, message) => {
    await expect(table(text)).rejects.toMatchObject({
      kind: 'input',
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('is refused where it is not, or lacks a column that the plan names', async () => {
    const folder = await temporaryFolder();
    await expect(readTable(path.join(folder, 'none.csv'), plain)).rejects.toMatchObject({
      code: 'DATA_MISSING',
    });
    await expect(table('a,b\n1.png,x\n', { columns: ['a', 'c'] })).rejects.toThrow(
      'found the columns a, b, expected a column named "c"',
    );
  });

  it('has its classes in the order of numbers, or of code points', () => {
    expect(classesOf(['10', '9', '10', '0'])).toEqual(['0', '9', '10']);
    expect(classesOf(['b', 'É', 'Z', 'a', '1'])).toEqual(['1', 'Z', 'a', 'b', 'É']);
  });
});
