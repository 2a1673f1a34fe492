import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { abandonWriting, replaceWhole } from '../../../src/formats/replaceFile';
import { temporaryFolder } from '../../support/temporary';

it('what is being written when a process ends is cleared away, with what a writer keeps beside it', async () => {
  const folder = await temporaryFolder();
  const target = path.join(folder, 'model.keras');
  await writeFile(target, 'old');
  const writing = replaceWhole(target, async (temporary) => {
    await writeFile(temporary, 'half');
    await writeFile(`${temporary}.weights`, 'half');
    abandonWriting();
    expect(await readdir(folder)).toEqual(['model.keras']);
    throw new Error('ended');
  });
  await expect(writing).rejects.toThrow('ended');
  expect(await readFile(target, 'utf8')).toBe('old');
});

it('what kills left of earlier writing goes with the next model there, unless it is young or of another', async () => {
  const folder = await temporaryFolder();
  const left = [
    '.model.h5.0123456789ab.part',
    '.model.h5.0123456789ab.part.old',
    '.model.h5.ba9876543210.part',
    '.model.h5.notes',
    '.other.h5.0123456789ab.part',
  ];
  const hourAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const name of left) {
    if (name.endsWith('.old')) await mkdir(path.join(folder, name));
    else await writeFile(path.join(folder, name), 'left');
    if (!name.includes('ba98')) await utimes(path.join(folder, name), hourAgo, hourAgo);
  }
  await replaceWhole(path.join(folder, 'model.h5'), (temporary) => writeFile(temporary, 'whole'));
  expect((await readdir(folder)).sort()).toEqual([...left.slice(2), 'model.h5'].sort());
});
