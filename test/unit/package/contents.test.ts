import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsOf, isOf, nativeAmong } from '../../../scripts/packaging/contents.mjs';
import { checkIntegrity } from '../../../scripts/packaging/npmPackage.mjs';
import { stage } from '../../../scripts/packaging/stage.mjs';
import { partsOf, PLATFORMS, targetHere, TARGETS, UNIVERSAL } from '../../../scripts/packaging/targets.mjs';
import { repository } from '../../support/python';
import { temporaryFolder } from '../../support/temporary';

async function staged(target: string): Promise<{ folder: string; files: string[] }> {
  const folder = path.join(await temporaryFolder(), target);
  await stage(target, folder);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  return { folder, files: files.sort() };
}

/** How the code is split changes with every lazy import and every page, and with whoever builds. */
const withoutChunks = (files: readonly string[]) => [
  ...new Set(files.map((file) => file.replace(/(chunks|webview)\/[\w.-]+\.(js|css)$/, '$1/*.$2'))),
];

describe('the universal package', () => {
  it('holds what the list says, and nothing native', async () => {
    const { folder, files } = await staged(UNIVERSAL);
    expect(faultsOf(UNIVERSAL, files)).toEqual([]);
    expect(nativeAmong(files)).toEqual([]);
    await expect(`${withoutChunks(files).join('\n')}\n`).toMatchFileSnapshot(
      path.join(repository, 'test/golden/package/universal.txt'),
    );
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
    const notices = readFileSync(path.join(folder, 'THIRD_PARTY_NOTICES.txt'), 'utf8');
    expect(notices).toContain('@img/sharp-wasm32');
    expect(notices).not.toContain('onnxruntime');
  });
});

describe('this platform’s package', () => {
  it.runIf(targetHere() !== UNIVERSAL)('holds its own native parts, and no others', async () => {
    const { folder, files } = await staged(targetHere());
    expect(faultsOf(targetHere(), files)).toEqual([]);
    const native = nativeAmong(files);
    expect(native.length).toBeGreaterThan(1);
    for (const file of native) expect(isOf(targetHere(), path.join(folder, file)), file).toBe(true);
    const others = PLATFORMS.filter((target) => target !== targetHere());
    for (const other of others) expect(isOf(other, path.join(folder, native[0] ?? '')), other).toBe(false);
  });
});

describe('what a package may hold', () => {
  const [good = ''] = TARGETS;
  const decoder = 'dist/node_modules/@img/sharp-linux-x64';

  it.each([
    ['dist/extension.js.map', 'none of the package’s files'],
    ['src/host/extension.ts', 'none of the package’s files'],
    ['test/unit/a.test.js', 'none of the package’s files'],
    ['dist/meta-node.json', 'none of the package’s files'],
    ['dist/node_modules/vitest/package.json', 'no use for'],
    ['dist/node_modules/@img/sharp-darwin-arm64/package.json', 'no use for'],
    ['dist/node_modules/sharp/src/pipeline.cc', 'not needed'],
    ['dist/node_modules/onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll', 'not needed'],
    [
      'dist/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so',
      'not needed',
    ],
  ])('refuses %s', (file, reason) => {
    const said = faultsOf(good, [file]).filter((fault) => fault.startsWith(file));
    expect(said.join().replaceAll("'", '’')).toContain(reason);
  });

  it('names what is missing', () => {
    expect(faultsOf(good, [`${decoder}/package.json`])).toEqual(
      expect.arrayContaining([
        'dist/extension.js is missing',
        'sharp is missing',
        'the native image decoder is missing',
      ]),
    );
    expect(faultsOf(UNIVERSAL, [`${decoder}/lib/sharp-linux-x64-0.35.5.node`])).toContain(
      `${decoder}/lib/sharp-linux-x64-0.35.5.node is native`,
    );
  });
});

describe('another platform’s parts', () => {
  const lock = JSON.parse(readFileSync(path.join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; os?: string[]; cpu?: string[] } | undefined>;
  };

  it.each(PLATFORMS)('are in the lock with hashes, and for %s', (target) => {
    const [os = '', cpu = ''] = target.split('-');
    for (const { name, of } of partsOf(target)) {
      const entry =
        lock.packages[`node_modules/${of ?? ''}/node_modules/${name}`] ??
        lock.packages[`node_modules/${name}`];
      expect(entry?.integrity, name).toMatch(/^sha512-/);
      if (entry?.os) expect(entry.os, name).toContain(os);
      if (entry?.cpu) expect(entry.cpu, name).toContain(cpu);
    }
  });

  it('are refused where their bytes are others than the lock was written for', () => {
    const bytes = Buffer.from('a package');
    const integrity = 'sha512-' + 'A'.repeat(86) + '==';
    expect(() => checkIntegrity(bytes, 'a@1.0.0', integrity)).toThrow(
      /a@1\.0\.0: found sha512-.*expects sha512-AAA/,
    );
  });
});
