import { mkdir, readFile, readdir, rename, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { fetchFile, type FileToFetch } from '../../../src/download/fetchFile';
import {
  cutAfter,
  digestOf,
  serveFiles,
  stallAfter,
  status,
  type FileServer,
} from '../../support/fileServer';
import { temporaryFolder } from '../../support/temporary';

const BYTES = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * at) % 251));
const SHA256 = digestOf('sha256', BYTES);
const files = new Map([['/zoo/a.h5', BYTES]]);
const never = new AbortController().signal;

let folder: string;
let server: FileServer;
beforeEach(async () => {
  folder = await temporaryFolder();
  server = await serveFiles(files);
});

const place = () => path.join(folder, 'kept/a.h5');
const digestAt = async () => digestOf('sha256', await readFile(place()));
const left = async () => (await readdir(path.dirname(place()))).sort();
const wanted = (changes: Partial<FileToFetch> = {}): FileToFetch => ({
  url: `${server.address}/zoo/a.h5`,
  hash: { algorithm: 'sha256', digest: SHA256 },
  longest: 1_000_000,
  ...changes,
});
const fetching = (signal: AbortSignal = never, told: number[] = []) => ({
  signal,
  network: { environment: {}, answerMs: 30_000 },
  onProgress: (bytes: number) => void told.push(bytes),
});
const get = (changes?: Partial<FileToFetch>, told?: number[]) =>
  fetchFile(wanted(changes), place(), fetching(never, told));

describe('a file', () => {
  it('is fetched, told of, checked and put in its place, nothing beside it', async () => {
    const told: number[] = [];
    await get({}, told);
    expect(await digestAt()).toBe(SHA256);
    expect(await left()).toEqual(['a.h5']);
    expect(told[0]).toBe(0);
    expect(told.at(-1)).toBe(BYTES.length);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it('is taken up again where the connection was cut, twice', async () => {
    server.troubles.push(cutAfter(70_000), (_, response) => {
      const end = { 'content-range': 'bytes 70000-199999/200000', 'content-length': 130_000 };
      response.writeHead(206, end);
      response.write(BYTES.subarray(70_000, 100_000), () => response.destroy());
      return true;
    });
    await get();
    expect(await digestAt()).toBe(SHA256);
    expect(server.asked).toEqual([
      'GET /zoo/a.h5',
      'GET /zoo/a.h5 bytes=70000-',
      'GET /zoo/a.h5 bytes=100000-',
    ]);
  });

  it('is taken up again by the next one who wants it', async () => {
    server.troubles.push(cutAfter(50_000), status(503));
    await expect(get()).rejects.toMatchObject({ problem: 'refused', message: /answered 503/ });
    expect(await left()).toEqual(['a.h5.part']);
    const told: number[] = [];
    await get({}, told);
    expect(told[0]).toBe(50_000);
    expect(server.asked.at(-1)).toBe('GET /zoo/a.h5 bytes=50000-');
    expect(await digestAt()).toBe(SHA256);
    expect(await left()).toEqual(['a.h5']);
  });

  it('is taken up again after a stop, which leaves what came', async () => {
    const abort = new AbortController();
    const reason = new Error('stopped');
    server.troubles.push(stallAfter(60_000));
    const told = (bytes: number) => bytes === 60_000 && abort.abort(reason);
    const stopped = fetchFile(wanted(), place(), { ...fetching(abort.signal), onProgress: told });
    await expect(stopped).rejects.toBe(reason);
    expect(await left()).toEqual(['a.h5.part']);
    await get();
    expect(server.asked.at(-1)).toBe('GET /zoo/a.h5 bytes=60000-');
    expect(await digestAt()).toBe(SHA256);
  });

  it('that comes no further is given up after a while, and taken up again', async () => {
    server.troubles.push(stallAfter(60_000));
    await fetchFile(wanted(), place(), { ...fetching(), stallMs: 200 });
    expect(server.asked.slice(0, 2)).toEqual(['GET /zoo/a.h5', 'GET /zoo/a.h5 bytes=60000-']);
    expect(await digestAt()).toBe(SHA256);
  });

  it('begins anew where the server has another file by now', async () => {
    server.troubles.push(cutAfter(50_000), status(503));
    const old = { hash: undefined };
    await expect(get(old)).rejects.toMatchObject({ problem: 'refused' });
    const other = Buffer.from('another');
    const now = await serveFiles(new Map([['/zoo/a.h5', other]]));
    // The same address as far as the part knows.
    const about = path.join(`${place()}.part`, 'about.json');
    const origin = JSON.parse(await readFile(about, 'utf8')) as { url: string };
    await writeFile(about, JSON.stringify({ ...origin, url: `${now.address}/zoo/a.h5` }));
    await get({ ...old, url: `${now.address}/zoo/a.h5` });
    expect(now.asked).toEqual(['GET /zoo/a.h5 bytes=50000-']);
    expect(await readFile(place())).toEqual(other);
  });

  it('begins anew where the server has a shorter file by now', async () => {
    server.troubles.push(cutAfter(50_000), status(416));
    await get();
    expect(server.asked).toEqual(['GET /zoo/a.h5', 'GET /zoo/a.h5 bytes=50000-', 'GET /zoo/a.h5']);
    expect(await digestAt()).toBe(SHA256);
  });

  it('begins anew where the server knows no parts', async () => {
    server.troubles.push(cutAfter(50_000), (_, response) => {
      response.writeHead(200, { 'content-length': BYTES.length }).end(BYTES);
      return true;
    });
    await get();
    expect(await digestAt()).toBe(SHA256);
  });

  it('that was whole when its fetch was stopped is taken as it is', async () => {
    const abort = new AbortController();
    const told = (bytes: number) => bytes === BYTES.length && abort.abort();
    const stopped = fetchFile(wanted(), place(), { ...fetching(abort.signal), onProgress: told });
    await expect(stopped).rejects.toThrow(/abort/);
    await get();
    expect(server.asked).toEqual(['GET /zoo/a.h5', 'GET /zoo/a.h5 bytes=200000-']);
    expect(await digestAt()).toBe(SHA256);
  });

  it('left by a process that was killed is gone on with, one of a process at work is not', async () => {
    server.troubles.push(cutAfter(50_000), status(503));
    await expect(get()).rejects.toMatchObject({ problem: 'refused' });
    // No system has a process of this number.
    const dead = `${place()}.${2 ** 30}@${hostname()}.00000000.part`;
    await rename(`${place()}.part`, dead);
    const alive = `${place()}.${process.pid}@${hostname()}.00000001.part`;
    await mkdir(alive);
    await get();
    expect(server.asked.at(-1)).toBe('GET /zoo/a.h5 bytes=50000-');
    expect(await left()).toEqual(['a.h5', path.basename(alive)]);
  });

  it('left by another machine is gone on with when it is old', async () => {
    server.troubles.push(cutAfter(50_000), status(503));
    await expect(get()).rejects.toMatchObject({ problem: 'refused' });
    const theirs = `${place()}.1@elsewhere.00000000.part`;
    await rename(`${place()}.part`, theirs);
    const long = new Date(Date.now() - 60 * 60_000);
    await utimes(path.join(theirs, 'bytes'), long, long);
    await get();
    expect(server.asked.at(-1)).toBe('GET /zoo/a.h5 bytes=50000-');
    expect(await left()).toEqual(['a.h5']);
  });

  it('is whole and right where several want it at once', async () => {
    await Promise.all([get(), get(), get()]);
    expect(await digestAt()).toBe(SHA256);
    expect(await left()).toEqual(['a.h5']);
  });
});

describe('what is not the file', () => {
  it.each([
    ['of another hash', { hash: { algorithm: 'md5', digest: '0'.repeat(32) } }, /of md5 .*, expected 0000/],
    ['too large', { longest: 100_000 }, /more than 0 MiB, which is not what was asked for/],
  ] as const)('%s is refused, and not kept', async (_what, changes, message) => {
    await expect(get(changes)).rejects.toMatchObject({ problem: 'unlike', message });
    expect(await left()).toEqual([]);
  });

  it('too large without saying so is refused', async () => {
    server.troubles.push((_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(BYTES);
      return true;
    });
    await expect(get({ longest: 100_000 })).rejects.toMatchObject({ problem: 'unlike' });
  });

  it('is told by the first digits of a hash too', async () => {
    const digest = SHA256.slice(0, 8);
    await get({ hash: { algorithm: 'sha256', digest, prefix: true } });
    expect(await left()).toEqual(['a.h5']);
  });

  it('packed is refused', async () => {
    server.troubles.push(status(200, { 'content-encoding': 'gzip' }));
    await expect(get()).rejects.toMatchObject({ problem: 'refused', message: /packed by gzip/ });
  });
});

describe('a server', () => {
  it('that has no such file is quoted', async () => {
    await expect(get({ url: `${server.address}/zoo/b.h5` })).rejects.toMatchObject({
      problem: 'refused',
      message: 'the server answered 404 Not Found',
    });
    expect(await left()).toEqual([]);
  });

  it('that sends on is followed, to where it is as safe', async () => {
    server.troubles.push(status(302, { location: '/zoo/a.h5' }));
    await get({ url: `${server.address}/other` });
    expect(await digestAt()).toBe(SHA256);
    server.troubles.push(status(302, { location: 'http://files.example/a.h5' }));
    await expect(get()).rejects.toMatchObject({ code: 'URL_INSECURE' });
    server.troubles.push(...Array.from({ length: 6 }, () => status(302, { location: '/zoo/a.h5' })));
    await expect(get()).rejects.toMatchObject({ problem: 'refused', message: /more than 5 redirects/ });
  });

  it('that nobody runs is offline', async () => {
    server.close();
    await expect(get()).rejects.toMatchObject({ problem: 'offline', message: /\(ECONNREFUSED\)/ });
  });

  it('whose name nobody knows is offline', async () => {
    // Reserved for what does not exist: RFC 6761.
    await expect(get({ url: 'https://files.invalid/a.h5' })).rejects.toMatchObject({
      problem: 'offline',
      message: /\((ENOTFOUND|EAI_AGAIN)\)/,
    });
  });

  it('that does not answer is offline', async () => {
    server.troubles.push(() => true);
    const network = { environment: {}, answerMs: 50 };
    await expect(fetchFile(wanted(), place(), { ...fetching(), network })).rejects.toMatchObject({
      problem: 'offline',
      message: 'the server does not answer',
    });
  });
});
