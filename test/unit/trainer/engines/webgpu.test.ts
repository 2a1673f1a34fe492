import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { requireSecure } from '../../../../src/download/secureAddress';
import { download } from '../../../../src/trainer/engines/download';
import { isSoftware, nameOf } from '../../../../src/trainer/engines/webgpu/adapter';
import { installWebgpu } from '../../../../src/trainer/engines/webgpu/install';
import { systemFolder } from '../../../../src/trainer/engines/webgpu/installation';
import { unpack } from '../../../../src/trainer/engines/webgpu/tarball';
import { temporaryFolder } from '../../../support/temporary';

let folder: string;
const at = (...names: readonly string[]) => path.join(folder, ...names);

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('MODEL_SURGERY_ENGINES', at('engines'));
});
afterEach(() => vi.unstubAllEnvs());

/** A server on this machine; returns its address. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** An archive as npm packs it, of files by their paths. */
async function pack(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(at('package', name)), { recursive: true });
    await writeFile(at('package', name), text);
  }
  await promisify(execFile)('tar', ['--format=ustar', '-czf', at('package.tgz'), '-C', folder, 'package']);
  return at('package.tgz');
}

const never = new AbortController().signal;
const integrityOf = (bytes: Uint8Array | string) =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

describe('a download', () => {
  const fetchFrom = (
    url: string,
    changes: { integrity?: string; longest?: number; signal?: AbortSignal } = {},
  ) => {
    const told: string[] = [];
    const { integrity = integrityOf('archive'), longest = 1000, signal = never } = changes;
    const done = download(
      { url, file: at('file'), integrity, longest, otherwise: 'do it yourself' },
      { tell: (line) => told.push(line), signal },
    );
    return done.then(() => told);
  };

  it('is written, told of and checked', async () => {
    const url = await serve((_, response) => response.setHeader('content-length', 7).end('archive'));
    expect(await fetchFrom(url)).toEqual([expect.stringMatching(/^downloaded 100 % of 0 MiB$/)]);
    expect(await readFile(at('file'), 'utf8')).toBe('archive');
  });

  it('of another file is refused', async () => {
    const url = await serve((_, response) => response.end('another'));
    await expect(fetchFrom(url)).rejects.toMatchObject({
      kind: 'work',
      code: 'ENGINE_INTEGRITY',
      message: expect.stringContaining(`found a file of ${integrityOf('another')}, expected sha512-`),
    });
  });

  it.each([
    [
      'a refusal',
      (_, response) => response.writeHead(404, 'Not Found').end(),
      /answered 404 Not Found; do it yours/,
    ],
    [
      'a cut',
      (_, response) => response.writeHead(200, { 'content-length': 9 }).write('a', () => response.destroy()),
      /: .+; do it yourself$/,
    ],
    ['too much', (_, response) => response.end('a'.repeat(2000)), /found more than .* MiB/],
  ] as const satisfies readonly (readonly [string, RequestListener, RegExp])[])(
    'that ends with %s is one line',
    async (_what, answer, message) => {
      const url = await serve(answer);
      await expect(fetchFrom(url)).rejects.toMatchObject({
        code: 'ENGINE_DOWNLOAD',
        message: expect.stringMatching(message),
      });
    },
  );

  it('from where nobody answers says so', async () => {
    const url = await serve(() => undefined);
    await expect(fetchFrom(url.replace(/:\d+/, ':1'))).rejects.toMatchObject({
      code: 'ENGINE_DOWNLOAD',
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/: .+; do it yourself$/),
    });
  });

  it('ends with the stop', async () => {
    const abort = new AbortController();
    const reason = new Error('stopped');
    // It is stopped once the first bytes are on their way, whenever that is.
    const url = await serve((_, response) => response.write('a', () => abort.abort(reason)));
    await expect(fetchFrom(url, { signal: abort.signal })).rejects.toBe(reason);
  });

  it.each([
    ['https://registry.example/x', true],
    ['http://localhost:8080/x', true],
    ['http://[::1]:8080/x', true],
    ['http://registry.example/x', false],
    ['http://127.0.0.1.example/x', false],
    ['file:///etc/passwd', false],
    ['nonsense', false],
  ])('of %s is safe: %s', (url, safe) => {
    if (safe) requireSecure(url);
    else expect(() => requireSecure(url)).toThrow(/expected (one|an address) that begins with https/);
  });
});

describe('an archive of npm', () => {
  const unpackAll = (archive: string) =>
    unpack(archive, (entry) => (entry.endsWith('.out') ? undefined : at('unpacked', entry)), never);

  it('is unpacked, but for what is left out', async () => {
    const long = `${'deep/'.repeat(25)}file.js`;
    const files = {
      'a.js': 'a',
      'b.out': 'b',
      'sub/c.bin': 'c'.repeat(70_000),
      [long]: 'long',
      'empty.js': '',
    };
    await unpackAll(await pack(files));
    for (const [name, text] of Object.entries(files)) {
      const found = readFile(at('unpacked/package', name), 'utf8');
      if (name.endsWith('.out')) await expect(found).rejects.toThrow(/ENOENT/);
      else expect(await found).toBe(text);
    }
  });

  it('that is damaged is refused', async () => {
    const bytes = await readFile(await pack({ 'a.bin': 'x'.repeat(5000) }));
    const damaged = async (name: string, content: Uint8Array) => {
      await writeFile(at(name), content);
      return unpackAll(at(name));
    };
    await expect(damaged('no.tgz', Buffer.from('no archive'))).rejects.toThrow(/the archive is damaged: /);
    await expect(damaged('cut.tgz', bytes.subarray(0, 60))).rejects.toThrow(/the archive is damaged: /);
    const { gzipSync, gunzipSync } = await import('node:zlib');
    const plain = gunzipSync(bytes);
    plain[3] ^= 1;
    await expect(damaged('odd.tgz', gzipSync(plain))).rejects.toThrow(/a header does not add up/);
    await expect(damaged('short.tgz', gzipSync(gunzipSync(bytes).subarray(0, 700)))).rejects.toThrow(
      /too early/,
    );
  });
});

describe('the installation of webgpu', () => {
  const install = (from?: string, signal: AbortSignal = never) => {
    const told: string[] = [];
    return installWebgpu(from, { tell: (line) => told.push(line), signal });
  };
  const left = () => readdir(at('engines'));

  it('asks the registry that npm is told of, and refuses what is not the package', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve(({ url: asks }, response) => {
      asked.push(asks);
      response.end('not the package');
    });
    vi.stubEnv('npm_config_registry', `${url}mirror`);
    await expect(install()).rejects.toMatchObject({ code: 'ENGINE_INTEGRITY' });
    expect(asked).toEqual(['/mirror/webgpu/-/webgpu-0.6.2.tgz']);
    expect(await left()).toEqual([]);
  });

  it('says what to do where the registry refuses, or is not to be trusted', async () => {
    vi.stubEnv('npm_config_registry', await serve((_, response) => response.writeHead(403).end()));
    await expect(install()).rejects.toMatchObject({
      code: 'ENGINE_DOWNLOAD',
      message: expect.stringMatching(
        /answered 403.*; where npm gets through, npm pack webgpu@0\.6\.2, then .*--from webgpu-0\.6\.2\.tgz$/,
      ),
    });
    vi.stubEnv('npm_config_registry', 'http://registry.example');
    await expect(install()).rejects.toMatchObject({ kind: 'usage', code: 'URL_INSECURE' });
    expect(await left()).toEqual([]);
  });

  it('ends with the stop, and leaves what was installed as it was', async () => {
    await mkdir(at('engines/webgpu'), { recursive: true });
    const abort = new AbortController();
    const reason = new Error('stopped');
    vi.stubEnv(
      'npm_config_registry',
      await serve((_, response) => response.write('a', () => abort.abort(reason))),
    );
    await expect(install(undefined, abort.signal)).rejects.toBe(reason);
    expect(await left()).toEqual(['webgpu']);
  });

  it.each([
    [
      'another package',
      { 'package.json': '{"name":"other","version":"0.6.2"}' },
      /found no package\.json of the npm/,
    ],
    [
      'another version',
      { 'package.json': '{"name":"webgpu","version":"0.1.0"}' },
      /found version 0\.1\.0, expected/,
    ],
  ])('from the folder of %s is refused', async (_what, files, message) => {
    await pack(files);
    await expect(install(at('package'))).rejects.toMatchObject({
      kind: 'input',
      code: 'ENGINE_PACKAGE',
      message: expect.stringMatching(message),
    });
    expect(await left()).toEqual([]);
  });

  it('says where there is no library for this system', async () => {
    await pack({ 'package.json': '{"name":"webgpu","version":"0.6.2"}', 'index.js': '' });
    await expect(install(at('package'))).rejects.toMatchObject({
      code: 'ENGINE_SYSTEM',
      message: expect.stringContaining(`no library for ${systemFolder()}`),
    });
    expect([systemFolder('darwin', 'arm64'), systemFolder('linux', 'x64')]).toEqual([
      'darwin-universal',
      'linux-x64',
    ]);
  });
});

describe('an adapter', () => {
  const adapter = { vendor: '', architecture: '', device: '', description: '' };

  it.each([
    [{ vendor: 'google', architecture: 'swiftshader', description: 'SwiftShader driver 5.0.0' }, true],
    [{ vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, true],
    [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, true],
    [{ description: 'x', isFallbackAdapter: true }, true],
    [{ vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' }, false],
    [{ vendor: 'apple', architecture: 'metal-3', description: 'Apple M2' }, false],
  ])('%j computes on the processor: %s', (info, software) => {
    expect(isSoftware({ ...adapter, ...info })).toBe(software);
  });

  it('has a name for people', () => {
    expect(nameOf({ ...adapter, vendor: 'nvidia', architecture: 'hopper', description: 'NVIDIA H200' })).toBe(
      'NVIDIA H200 (hopper)',
    );
    expect(nameOf({ ...adapter, vendor: 'intel' })).toBe('intel');
    expect(nameOf(adapter)).toBe('an adapter without a name');
  });
});
