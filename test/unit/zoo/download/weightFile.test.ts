import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PublishedWeights, ZooEntry } from '../../../../src/zoo/architecture';
import { addressOf, cachedNames, weightFile } from '../../../../src/zoo/download/weightFile';
import { zooFolder } from '../../../../src/zoo/download/zooFolder';
import { zooEntry } from '../../../../src/zoo/registry';
import { cutAfter, digestOf, serveFiles, status, type FileServer } from '../../../support/fileServer';
import { temporaryFolder } from '../../../support/temporary';

const BYTES = Buffer.from('numbers, as it were');
const URL_PATH = '/tensorflow/keras-applications/vgg16/a.h5';
const published: PublishedWeights = {
  url: `https://files.invalid${URL_PATH}`,
  file: 'a.h5',
  hash: { algorithm: 'md5', digest: digestOf('md5', BYTES) },
};
const entry: ZooEntry = { ...zooEntry('VGG16'), weights: { noTop: published } };
const never = new AbortController().signal;

let folder: string;
let server: FileServer;
beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'zoo');
  server = await serveFiles(new Map([[URL_PATH, BYTES]]));
});

const get = (what = published, mirror: string | undefined = server.address, told: number[] = []) =>
  weightFile(
    entry,
    what,
    { folder, network: { environment: {} }, ...(mirror !== '' && { mirror }) },
    { signal: never, onProgress: (bytes) => void told.push(bytes) },
  );

describe('a file of published weights', () => {
  it('is fetched from the mirror once, then taken from the cache', async () => {
    const told: number[] = [];
    expect(await get(published, `${server.address}/`, told)).toBe(path.join(folder, 'a.h5'));
    expect(told.at(-1)).toBe(BYTES.length);
    told.length = 0;
    expect(await readFile(await get(published, server.address, told))).toEqual(BYTES);
    expect(told).toEqual([]);
    expect(server.asked).toEqual([`GET ${URL_PATH}`]);
  });

  it('that is damaged in the cache is fetched again', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'a.h5'), 'numbers, as it where');
    expect(await readFile(await get())).toEqual(BYTES);
  });

  it('that is cut goes on, and one that is stopped goes on the next time', async () => {
    const abort = new AbortController();
    server.troubles.push(cutAfter(4), () => {
      abort.abort(new Error('stopped'));
      return true;
    });
    const store = { folder, network: { environment: {} }, mirror: server.address };
    await expect(weightFile(entry, published, store, { signal: abort.signal })).rejects.toThrow('stopped');
    expect(await readdir(folder)).toEqual(['a.h5.part']);
    expect(await readFile(await get())).toEqual(BYTES);
    expect(server.asked.at(-1)).toBe(`GET ${URL_PATH} bytes=4-`);
  });

  it('of another hash is refused, and not kept', async () => {
    const other = { ...published, hash: { algorithm: 'sha256', digest: '0'.repeat(64) } } as const;
    await expect(get(other)).rejects.toMatchObject({
      kind: 'work',
      code: 'ZOO_INTEGRITY',
      message: expect.stringMatching(/^VGG16: http.*a\.h5: found a file of sha256 .*, expected 0000/),
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('that the server has not says so', async () => {
    server.troubles.push(status(404));
    await expect(get()).rejects.toMatchObject({
      code: 'ZOO_DOWNLOAD',
      message: expect.stringMatching(/answered 404 Not Found$/),
    });
  });

  it('offline is an error that names what is cached', async () => {
    await expect(get(published, '')).rejects.toMatchObject({
      kind: 'work',
      code: 'ZOO_OFFLINE',
      message: expect.stringMatching(
        /^VGG16: https:\/\/files\.invalid\/.*(not found|cannot be looked up).*; nothing is cached in .*; name a mirror .* random weights$/,
      ),
    });
    await writeFile(path.join(folder, zooEntry('ResNet50').weights.noTop?.file ?? ''), '');
    await writeFile(path.join(folder, zooEntry('VGG19').weights.top?.file ?? ''), '');
    expect([...(await cachedNames(folder))]).toEqual(['VGG19', 'ResNet50']);
    server.close();
    await expect(get()).rejects.toMatchObject({
      code: 'ZOO_OFFLINE',
      message: expect.stringMatching(/ECONNREFUSED.*; cached are VGG19, ResNet50 in .*; see that the mirror/),
    });
  });

  it('is taken from the cache, and not fetched, where downloads are off', async () => {
    const off = 'downloads are off here';
    const store = { folder, network: { environment: {} }, mirror: server.address, off };
    const take = () => weightFile(entry, published, store, { signal: never });
    await expect(take()).rejects.toMatchObject({
      kind: 'usage',
      code: 'ZOO_OFF',
      message: 'VGG16: its weights are not cached, and downloads are off here',
    });
    expect(server.asked).toEqual([]);
    await get();
    expect(await take()).toBe(path.join(folder, 'a.h5'));
  });

  it('is fetched from a safe mirror alone', async () => {
    await expect(get(published, 'http://files.example')).rejects.toMatchObject({ code: 'URL_INSECURE' });
    expect(addressOf(published, 'https://files.example/zoo/')).toBe(`https://files.example/zoo${URL_PATH}`);
    expect(addressOf(published)).toBe(published.url);
  });

  it('that cannot be kept says where', async () => {
    await writeFile(folder, 'a file');
    await expect(get()).rejects.toMatchObject({ code: 'ZOO_FOLDER', path: folder });
  });
});

describe('the folder of the zoo', () => {
  it.each([
    [{ MODEL_SURGERY_ZOO: '/own', XDG_CACHE_HOME: '/xdg' }, 'linux', /^\/own$/],
    [{ XDG_CACHE_HOME: '/xdg' }, 'linux', /^\/xdg\/model-surgery\/zoo$/],
    [{ XDG_CACHE_HOME: 'relative' }, 'linux', /\/\.cache\/model-surgery\/zoo$/],
    [{ LOCALAPPDATA: '/local' }, 'win32', /^\/local\/model-surgery\/zoo$/],
    [{}, 'darwin', /\/Library\/Caches\/model-surgery\/zoo$/],
  ] as const)('of %j on %s', (environment, platform, expected) => {
    expect(zooFolder(environment, platform)).toMatch(expected);
  });
});
