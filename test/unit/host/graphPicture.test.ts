import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { suggestedPageFile, writePageFile } from '../../../src/host/graphPicture';
import { temporaryFolder } from '../../support/temporary';

test('a picture and a summary are named after the model', () => {
  const picture = { type: 'saveFile', of: 'picture', extension: 'png', content: '' } as const;
  expect(suggestedPageFile('/m/resnet.h5', picture)).toEqual({
    title: 'Export Picture',
    name: 'resnet.png',
    filters: { 'PNG picture': ['png'] },
  });
  const summary = { type: 'saveFile', of: 'summary', extension: 'md', content: '' } as const;
  expect(suggestedPageFile('/m/resnet.h5', summary).name).toBe('resnet-summary.md');
});

test('text is written as it is, in place of what was there, and nothing else is left', async () => {
  const folder = await temporaryFolder();
  const target = path.join(folder, 'a.svg');
  await writeFile(target, 'old');
  await writePageFile(target, { type: 'saveFile', of: 'picture', extension: 'svg', content: '<svg>×</svg>' });
  expect(await readFile(target, 'utf8')).toBe('<svg>×</svg>');
  expect(await readdir(folder)).toEqual(['a.svg']);
});

test('what is no PNG is refused, and the file stays what it was', async () => {
  const folder = await temporaryFolder();
  const target = path.join(folder, 'a.png');
  await writeFile(target, 'old');
  const content = Buffer.from('not a picture').toString('base64');
  const file = { type: 'saveFile', of: 'picture', extension: 'png', content } as const;
  await expect(writePageFile(target, file)).rejects.toMatchObject({ code: 'PAGE_FILE', path: target });
  expect(await readFile(target, 'utf8')).toBe('old');
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]);
  await writePageFile(target, { ...file, content: png.toString('base64') });
  expect((await readFile(target)).equals(png)).toBe(true);
});
