import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isInside, namesServer, realPlace } from '../../../src/host/realPlace';
import { temporaryFolder } from '../../support/temporary';

async function folder() {
  const root = await realpath(await temporaryFolder());
  const at = (...names: string[]) => path.join(root, ...names);
  await mkdir(at('inside'));
  await mkdir(at('outside'));
  await writeFile(at('outside/model.h5'), '');
  return at;
}

test('follows links to files, to folders, and those that dangle', async () => {
  const at = await folder();
  await symlink(at('outside/model.h5'), at('inside/model.h5'));
  await symlink('../outside', at('inside/folder'));
  await symlink('../outside/new/folder', at('inside/dangling'));
  await symlink('dangling', at('inside/again'));
  expect(await realPlace(at('inside/model.h5'))).toBe(at('outside/model.h5'));
  expect(await realPlace(at('inside/folder/model.h5'))).toBe(at('outside/model.h5'));
  expect(await realPlace(at('inside/folder/runs/2026'))).toBe(at('outside/runs/2026'));
  expect(await realPlace(at('inside/again/run'))).toBe(at('outside/new/folder/run'));
  expect(await realPlace(at('inside/nothing/there'))).toBe(at('inside/nothing/there'));
  expect(await realPlace(at('outside/model.h5/below'))).toBe(at('outside/model.h5/below'));
});

test('says why a path leads nowhere that can be told', async () => {
  const at = await folder();
  await symlink('b', at('a'));
  await symlink('a', at('b'));
  await expect(realPlace(at('a/model.h5'))).rejects.toMatchObject({
    code: 'PATH_UNRESOLVABLE',
    message: expect.stringContaining('its symbolic links go round in a loop'),
  });
  // Longer by one link each time: no loop of the system's, and no end.
  await symlink('c/x', at('c'));
  await expect(realPlace(at('c'))).rejects.toMatchObject({ code: 'PATH_UNRESOLVABLE' });
  const long = await realPlace(at('n'.repeat(300))).catch((error: unknown) => error);
  expect(long).toMatchObject({ message: expect.stringContaining('a name in it is too long') });
  expect(String(long).length).toBeLessThan(600);
  // What the system would not look at is not there; whoever opens it is told.
  const deep = at(...Array.from({ length: 30 }, () => 'd'.repeat(200)));
  expect(await realPlace(deep)).toBe(deep);
});

test('tells what lies in a folder from what only begins like it', () => {
  expect(isInside('/w', '/w')).toBe(true);
  expect(isInside('/w', '/w/a/b.h5')).toBe(true);
  expect(isInside('/w', '/w/..b.h5')).toBe(true);
  expect(isInside('/w', '/wide/b.h5')).toBe(false);
  expect(isInside('/w/a', '/w')).toBe(false);
  expect(isInside('/', '/etc')).toBe(true);
});

test('knows the names of other machines where the system does', () => {
  expect(namesServer('\\\\server\\share\\x.h5', 'win32')).toBe(true);
  expect(namesServer('//server/share', 'win32')).toBe(true);
  expect(namesServer('C:\\models\\x.h5', 'win32')).toBe(false);
  expect(namesServer('//server/share', 'linux')).toBe(false);
});
