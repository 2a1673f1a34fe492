import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { complaintOf } from '../../../../src/trainer/engines/tensorflow/buildAddon';
import { installTensorflow } from '../../../../src/trainer/engines/tensorflow/install';
import { activePython, findPythonLibrary } from '../../../../src/trainer/engines/tensorflow/pythonLibrary';
import { stockAddress } from '../../../../src/trainer/engines/tensorflow/stockLibrary';
import { temporaryFolder } from '../../../support/temporary';

const HEADER = 'tensorflow/c/eager/c_api.h';
const PROXIES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

let folder: string;
const at = (...names: readonly string[]) => path.join(folder, ...names);

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv('MODEL_SURGERY_ENGINES', at('engines'));
  vi.stubEnv('PATH', `${at('tools')}${path.delimiter}/usr/bin${path.delimiter}/bin`);
  for (const name of ['CXX', 'VIRTUAL_ENV', 'CONDA_PREFIX', ...PROXIES]) vi.stubEnv(name, undefined);
});
afterEach(() => vi.unstubAllEnvs());

async function write(file: string, text = ''): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/** A program in shell, in a folder that is looked into for tools. */
async function tool(name: string, script: string): Promise<string> {
  const file = await write(path.isAbsolute(name) ? name : at('tools', name), `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

/** An environment whose Python says that TensorFlow's package has these files. */
async function environment(...files: readonly string[]): Promise<string> {
  const found = { version: '3.11.2', prefix: at('env'), folders: files.length > 0 ? [at('env/tf')] : [] };
  await tool(at('env/bin/python'), `echo '${JSON.stringify(found)}'`);
  for (const file of files) await write(at('env/tf', file));
  return at('env');
}

const install = (python?: string, signal = new AbortController().signal) => {
  const told: string[] = [];
  return installTensorflow(python, { tell: (line) => told.push(line), signal });
};

const left = () => readdir(at('engines'));

/** A mirror of TensorFlow's libraries on this machine; returns what it is asked for. */
async function serveLibrary(status: number): Promise<readonly string[]> {
  const asked: string[] = [];
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  vi.stubEnv('TFJS_NODE_CDN_STORAGE', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return asked;
}

describe('the address of the stock library', () => {
  it.each([
    [
      {},
      'x64',
      'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz',
    ],
    [{}, 'arm64', 'https://storage.googleapis.com/tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz'],
    [{ TFJS_NODE_BASE_URI: 'https://m/tf-' }, 'x64', 'https://m/tf-gpu-linux-x86_64-2.9.1.tar.gz'],
    [
      { npm_config_TFJS_NODE_CDN_STORAGE: 'https://m/' },
      'arm64',
      'https://m/tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz',
    ],
  ])('with %j on %s is the one that the package works out', (environment, arch, expected) => {
    expect(stockAddress(environment, arch)).toBe(expected);
  });

  it('is HTTPS, but for this machine', () => {
    const at = (base: string) => () => stockAddress({ TFJS_NODE_BASE_URI: base }, 'x64');
    expect(at('http://mirror.example/tf-')).toThrow(/found the address http:\/\/mirror.*expected .*https/);
    expect(at('http://localhost:8080/tf-')).not.toThrow();
  });
});

describe('a Python to take TensorFlow from', () => {
  const find = (given: string) =>
    findPythonLibrary(given, { cwd: folder, signal: new AbortController().signal });

  it('is a program or the folder of its environment', async () => {
    const env = await environment(path.join('include', HEADER), ...LIBRARIES);
    const expected = { python: at('env/bin/python'), libraries: at('env/tf'), include: at('env/tf/include') };
    expect(await find(env)).toMatchObject(expected);
    expect(await find(at('env/bin/python'))).toMatchObject(expected);
  });

  it('keeps its libraries beside those of others in conda', async () => {
    const env = await environment(path.join('include', HEADER));
    for (const library of LIBRARIES) await write(at('env/lib', library));
    expect(await find(env)).toMatchObject({ libraries: at('env/lib') });
  });

  it.each([
    ['nothing', () => Promise.resolve(at('none')), 'PYTHON_MISSING', /none: found nothing/],
    ['an empty folder', () => Promise.resolve(folder), 'PYTHON_MISSING', /without bin\/python/],
    ['no Python', () => tool('odd', 'echo hello'), 'PYTHON_MISSING', /does not answer as Python does/],
    ['a failing Python', () => tool('ill', 'echo no >&2; exit 3'), 'PYTHON_MISSING', /status 3: no/],
    [
      'no TensorFlow',
      () => environment(),
      'TENSORFLOW_MISSING',
      /3\.11\.2 without TensorFlow; run .*pip install/,
    ],
    ['no headers', () => environment(...LIBRARIES), 'TENSORFLOW_MISSING', /without its header .*c_api\.h/],
    ['no library', () => environment(path.join('include', HEADER)), 'TENSORFLOW_MISSING', /libtensorflow_cc/],
  ])('is refused for %s', async (_what, make, code, message) => {
    const given = await make();
    await expect(find(given)).rejects.toMatchObject({
      kind: 'input',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('is that of the active environment', async () => {
    const env = await environment();
    expect(await activePython({})).toBeUndefined();
    expect(await activePython({ VIRTUAL_ENV: at('none'), CONDA_PREFIX: env })).toBe(at('env/bin/python'));
  });
});

describe('an installation that fails', () => {
  const usable = () => environment(path.join('include', HEADER), ...LIBRARIES);

  it('says which compiler is missing, before anything is fetched', async () => {
    vi.stubEnv('CXX', 'no-such-compiler');
    await tool('npm', 'echo fetched >&2; exit 1');
    await expect(install(await usable())).rejects.toMatchObject({
      kind: 'work',
      code: 'COMPILER_MISSING',
      message: expect.stringContaining('no C++ compiler (no-such-compiler)'),
    });
    expect(await left()).toEqual([]);
  });

  it('says which header is missing, and leaves nothing behind', async () => {
    await tool('npm', 'exit 0');
    await tool(
      'c++',
      '[ "$1" = --version ] || { echo "a.cc:1:10: fatal error: node_api.h: No such file or directory" >&2; exit 1; }',
    );
    await expect(install(await usable())).rejects.toMatchObject({
      code: 'ENGINE_BUILD',
      message: 'c++ failed: the header node_api.h is missing',
    });
    expect(await left()).toEqual([]);
  });

  it('says why npm could not fetch', async () => {
    await tool(
      'npm',
      'echo "npm error code ENOTFOUND" >&2; echo "npm error network request failed" >&2; exit 1',
    );
    await tool('c++', 'exit 0');
    await expect(install(await usable())).rejects.toMatchObject({
      code: 'ENGINE_DOWNLOAD',
      message: expect.stringMatching(/could not fetch @tensorflow\/tfjs-node-gpu@4\.22\.0: .*request failed/),
    });
    expect(await left()).toEqual([]);
  });

  it('says why the download failed, which is what is done without a Python', async () => {
    await serveLibrary(200);
    const script = at('lib/scripts/install.js');
    await write(script, "throw new Error('tunnelling socket could not be established');");
    const place = 'node_modules/@tensorflow';
    await tool('npm', `mkdir -p ${place} && cp -r ${at('lib')} ${place}/tfjs-node-gpu`);
    await expect(install()).rejects.toMatchObject({
      code: 'ENGINE_DOWNLOAD',
      message: expect.stringMatching(
        /download of TensorFlow failed: Error: tunnelling socket .* established; with --tensorflow PYTHON/,
      ),
    });
    expect(await left()).toEqual([]);
  });

  it.each([
    [404, /answered 404 Not Found; with --tensorflow PYTHON/],
    [503, /answered 503 .*; with --tensorflow PYTHON/],
  ])('says that the library cannot be had (%d), before anything is fetched', async (status, message) => {
    const asked = await serveLibrary(status);
    await tool('npm', 'echo fetched >&2; exit 1');
    await expect(install()).rejects.toMatchObject({
      code: 'ENGINE_DOWNLOAD',
      message: expect.stringMatching(message),
    });
    expect(asked).toEqual([`HEAD ${new URL(stockAddress()).pathname}`]);
    expect(await left()).toEqual([]);
  });

  it('ends with the stop, and leaves what was installed as it was', async () => {
    await write(at('engines/tensorflow/engine.json'), 'before');
    await tool('npm', `touch '${at('asked')}'; exec sleep 60`);
    await tool('c++', 'exit 0');
    const abort = new AbortController();
    const reason = new Error('stopped');
    const installing = install(await usable(), abort.signal);
    const ended = expect(installing).rejects.toBe(reason);
    await expect.poll(() => existsSync(at('asked'))).toBe(true);
    abort.abort(reason);
    await ended;
    expect(await left()).toEqual(['tensorflow']);
  });
});

describe("a compiler's complaint", () => {
  it.each([
    ["x.cc:3:10: fatal error: 'node_api.h' file not found\n1 error", 'the header node_api.h is missing'],
    ['note: a\n/usr/bin/ld: error: cannot find -lfoo\nmore', '/usr/bin/ld: error: cannot find -lfoo'],
    ['collect2: killed', 'collect2: killed'],
  ])('%j', (stderr, complaint) => expect(complaintOf(stderr)).toBe(complaint));
});
