import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { replaceWhole } from '../../../src/formats/replaceFile';
import { temporaryFolder } from './fixtures';

/** A folder that nobody may write in: who may do everything is refused by the kernel's own files only. */
async function readOnlyFolder(): Promise<string> {
  if (process.getuid?.() === 0) return '/sys';
  const folder = path.join(await temporaryFolder(), 'locked');
  await mkdir(folder);
  await chmod(folder, 0o555);
  return folder;
}

describe('writing beside a file and renaming', () => {
  it.skipIf(process.platform === 'win32')('says that a folder cannot be written in', async () => {
    const target = path.join(await readOnlyFolder(), 'model.h5');
    const wrote: string[] = [];
    const failure = await replaceWhole(target, (temporary) =>
      Promise.resolve(void wrote.push(temporary)),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({
      kind: 'work',
      code: 'FILE_WRITE',
      path: target,
      message: `${target}: cannot be written: there is no permission to write in its folder; choose another one`,
    });
    expect(wrote).toEqual([]);
  });

  it('says that a part of the path is a file', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(replaceWhole(path.join(file, 'a', 'b'), () => Promise.resolve())).rejects.toMatchObject({
      code: 'FILE_WRITE',
      message: expect.stringContaining('a part of its path is a file') as string,
    });
  });

  it('leaves what was there, and nothing else, when writing fails or is given up', async () => {
    const folder = await temporaryFolder();
    const target = path.join(folder, 'model.h5');
    await writeFile(target, 'old');
    const stopped = new Error('stopped');
    const writing = replaceWhole(target, async (temporary) => {
      await writeFile(temporary, 'half');
      throw stopped;
    });
    await expect(writing).rejects.toBe(stopped);
    expect(await readdir(folder)).toEqual(['model.h5']);
    expect(await readFile(target, 'utf8')).toBe('old');
  });
});
