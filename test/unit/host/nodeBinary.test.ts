import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findNode } from '../../../src/host/nodeBinary';
import { temporaryFolder } from '../../support/temporary';

const { platform, arch } = process;
const desktop = { platform, arch, electron: '39.2.0' };
const server = { platform, arch, electron: undefined };

afterEach(() => vi.unstubAllEnvs());

/** A folder with a `node` that answers so, alone on the PATH. */
async function onPath(answer: string): Promise<string> {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'node');
  await writeFile(file, `#!/bin/sh\necho "${answer}"\n`);
  await chmod(file, 0o755);
  vi.stubEnv('PATH', folder);
  return file;
}

describe('the Node that trains', () => {
  it('is the one that the settings name', async () => {
    expect(await findNode(process.execPath, desktop)).toBe(process.execPath);
    expect(await findNode(process.execPath, server)).toBe(process.execPath);
  });

  it('is that of the PATH in a desktop window, and the own one on a server', async () => {
    await onPath(`22.1.0 ${platform} ${arch} `);
    expect(await findNode('', desktop)).toBe('node');
    expect(await findNode('', server)).toBeUndefined();
  });

  it.each([
    [`18.20.0 ${platform} ${arch} `, /found Node 18\.20\.0, expected Node 20\.15 or later/],
    [`20.14.0 ${platform} ${arch} `, /found Node 20\.14\.0/],
    [`22.1.0 ${platform} mips `, /found Node for \w+ mips/],
    [`22.1.0 ${platform} ${arch} 39.2.0`, /found the Node inside Electron 39\.2\.0/],
    ['hello', /does not answer as Node does/],
    ['', /does not answer as Node does/],
  ])('is none that answers %j', async (answer, found) => {
    const file = await onPath(answer);
    expect(await findNode('', desktop)).toBeUndefined();
    await expect(findNode(file, desktop)).rejects.toMatchObject({
      kind: 'usage',
      code: 'NODE_UNUSABLE',
      message: expect.stringMatching(found),
    });
  });

  it('is none where there is none', async () => {
    vi.stubEnv('PATH', await temporaryFolder());
    expect(await findNode('', desktop)).toBeUndefined();
    await expect(findNode('/no/such/node', desktop)).rejects.toThrow(
      /nodePath: \/no\/such\/node: found nothing/,
    );
  });
});
