import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { fetchHubModule } from '../../../../src/zoo/hub/fetchHubModule';
import { hubModel } from '../../../../src/zoo/hub/hubModel';
import { cutAfter, serve, serveFiles, status, type FileServer } from '../../../support/fileServer';
import { tarOf, type TarMember } from '../../../support/tar';
import { temporaryFolder } from '../../../support/temporary';
import { fixture } from '../../formats/fixtures';

const PAGE = '/google/imagenet/net/feature_vector/5';
const ARCHIVE = `${PAGE}?tf-hub-format=compressed`;
const TFJS = '/google/tfjs-model/imagenet/net/feature_vector/3/default/1';
const FILE = '?tfjs-format=file';
const SHARD = 'group1-shard1of1.bin';
const never = new AbortController().signal;

let folder: string;
let files: Map<string, Buffer>;
let server: FileServer;
beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'zoo');
  files = new Map();
  server = await serveFiles(files);
});

const get = (address: string, more: { readonly off?: string; readonly mirror?: string } = {}) =>
  fetchHubModule(
    address,
    { folder, network: { environment: {} }, mirror: server.address, ...more },
    { signal: never },
  );

async function savedModel(under = ''): Promise<TarMember[]> {
  const names = ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'];
  const read = async (name: string) => ({
    name: `${under}${name}`,
    bytes: await readFile(fixture(`tensorflow/hub/tf2/${name}`)),
  });
  const held = await Promise.all(names.map(read));
  return [{ name: './', type: '5' }, { name: `${under}variables/`, type: '5' }, ...held];
}

async function serveTfjs(under: string, search: string): Promise<void> {
  for (const name of ['model.json', SHARD]) {
    files.set(`${under}/${name}${search}`, await readFile(fixture(`tensorflow/hub/tfjs/${name}`)));
  }
}

describe('a module at an address', () => {
  it('of TensorFlow Hub comes as an archive, once', async () => {
    files.set(ARCHIVE, gzipSync(tarOf(await savedModel('./'))));
    const module = await get(`https://tfhub.dev${PAGE}`);
    expect(module.name).toBe('net_feature_vector');
    const made = await hubModel(module);
    expect(made).toMatchObject({ input: [null, null, 3], output: [8], preprocess: 'unit' });
    expect(made.model.graph.layers.at(-1)?.group[0]).toBe('net_feature_vector');
    expect(await get(`https://tfhub.dev${PAGE}`, { off: 'untrusted' })).toEqual(module);
    expect(server.asked).toEqual([`GET ${ARCHIVE}`]);
    expect(await readdir(path.dirname(module.folder))).toEqual([path.basename(module.folder)]);
  });

  it('of TensorFlow Hub comes as a model.json and shards, asked for in the same way', async () => {
    await serveTfjs(TFJS, FILE);
    const module = await get(`https://tfhub.dev${TFJS}`);
    expect((await hubModel(module)).output).toEqual([8]);
    expect(server.asked).toEqual([`GET ${TFJS}/model.json${FILE}`, `GET ${TFJS}/${SHARD}${FILE}`]);
  });

  it('of any server, packed or not, in a folder or not, with long names, behind a redirect', async () => {
    const long = `${'a'.repeat(120)}/`;
    const entries = (await savedModel(long)).flatMap((member) => [
      { name: '././@LongLink', type: 'L', bytes: Buffer.from(`${member.name}\0`) },
      { ...member, name: member.name.slice(0, 90) },
    ]);
    files.set('/birds.tar', tarOf(entries));
    server.troubles.push(status(302, { location: '/birds.tar' }));
    const module = await get(`${server.address}/old/birds.tar.gz`);
    expect(module.name).toBe('birds');
    expect((await hubModel(module)).output).toEqual([8]);
  });

  it('goes on where a connection broke, and takes the shards that are there', async () => {
    await serveTfjs('/net', '');
    server.troubles.push(cutAfter(3000), () => false, status(503));
    const address = `${server.address}/net/model.json`;
    await expect(get(address)).rejects.toMatchObject({ code: 'HUB_DOWNLOAD', kind: 'work' });
    const before = server.asked.length;
    expect((await hubModel(await get(address))).output).toEqual([8]);
    expect(server.asked.slice(before).map((line) => line.split(' ')[1])).not.toContain('/net/model.json');
    expect(server.asked.slice(0, 2)).toEqual(['GET /net/model.json', 'GET /net/model.json bytes=3000-']);
  });

  it('is stopped, and then goes on', async () => {
    await serveTfjs('/net', '');
    const abort = new AbortController();
    const store = { folder, network: { environment: {} } };
    const address = `${server.address}/net/model.json`;
    const onProgress = () => abort.abort(new Error('stopped'));
    await expect(fetchHubModule(address, store, { signal: abort.signal, onProgress })).rejects.toThrow(
      'stopped',
    );
    expect((await hubModel(await get(address))).output).toEqual([8]);
  });
});

describe('what is no module', () => {
  const fetchTar = async (members: readonly TarMember[]) => {
    files.set('/a.tar.gz', gzipSync(tarOf(members)));
    return get(`${server.address}/a.tar.gz`);
  };
  const bytes = Buffer.from('x');

  it.each([
    ['climbs out', { name: '../evil.txt', bytes }],
    ['climbs out further in', { name: 'a/../../evil.txt', bytes }],
    ['is absolute', { name: '/tmp/evil.txt', bytes }],
    ['is absolute as Windows has it', { name: 'C:\\evil.txt', bytes }],
    ['is a link', { name: 'variables/link', type: '2' }],
    ['is a hard link', { name: 'variables/link', type: '1' }],
    ['is a device', { name: 'variables/null', type: '3' }],
    ['is there twice', { name: 'SAVED_model.pb', bytes }],
  ])('an archive of which an entry %s', async (_, member) => {
    await expect(fetchTar([...(await savedModel()), member])).rejects.toMatchObject({ code: 'HUB_ARCHIVE' });
    expect(await readdir(path.join(folder, 'hub'))).toEqual([]);
    expect(await readdir(path.dirname(folder))).toEqual(['zoo']);
  });

  it('an archive of too many entries, or cut, or damaged', async () => {
    const many = Array.from({ length: 5000 }, (_, at) => ({ name: `assets/${at}` }));
    await expect(fetchTar(many)).rejects.toMatchObject({ code: 'HUB_ARCHIVE' });
    const whole = gzipSync(tarOf(await savedModel()));
    files.set('/a.tar.gz', whole.subarray(0, whole.length - 100));
    await expect(get(`${server.address}/a.tar.gz`)).rejects.toMatchObject({ code: 'HUB_ARCHIVE' });
    files.set('/a.tar.gz', Buffer.concat([Buffer.from([0x1f, 0x8b]), whole.subarray(20)]));
    await expect(get(`${server.address}/a.tar.gz`)).rejects.toMatchObject({ code: 'HUB_ARCHIVE' });
  });

  it.each([
    ['a page', '<!doctype html><p>Not here', 'HUB_NOT_A_MODULE', /found a page for people/],
    ['nothing', '', 'HUB_NOT_A_MODULE', /found an empty file/],
    ['something else', 'GIF89a', 'HUB_NOT_A_MODULE', /found another kind of file/],
    ['other JSON', '{"a":1}', 'HUB_NOT_A_MODULE', /JSON that describes no model/],
    ['broken JSON', '{"a":', 'JSON_INVALID', /line 1/],
    [
      'a model whose shards are elsewhere',
      '{"modelTopology":{},"weightsManifest":[{"paths":["../../evil.bin"],"weights":[]}]}',
      'SHARD_PATH',
      /outside the model's folder/,
    ],
    [
      'a model whose shards are at another server',
      '{"modelTopology":{},"weightsManifest":[{"paths":["https://evil.example/a.bin"],"weights":[]}]}',
      'SHARD_PATH',
      /outside the model's folder/,
    ],
  ])('%s', async (_, text, code, message) => {
    files.set('/net', Buffer.from(text));
    await expect(get(`${server.address}/net`)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(await readdir(path.join(folder, 'hub'))).toEqual([]);
  });

  it('an archive without one', async () => {
    await expect(fetchTar([{ name: 'readme.txt', bytes }])).rejects.toMatchObject({
      code: 'HUB_NOT_A_MODULE',
      message: expect.stringContaining('an archive of readme.txt'),
    });
  });

  it('a model of which a shard is missing says which', async () => {
    await serveTfjs('/net', '');
    files.delete(`/net/${SHARD}`);
    await expect(get(`${server.address}/net/model.json`)).rejects.toMatchObject({
      code: 'HUB_DOWNLOAD',
      message: expect.stringMatching(/net\/group1-shard1of1\.bin: the server answered 404/),
    });
  });

  it('what a redirect sends to a server without encryption', async () => {
    server.troubles.push(status(302, { location: 'http://evil.example/a.tar.gz' }));
    await expect(get(`${server.address}/a.tar.gz`)).rejects.toMatchObject({ code: 'URL_INSECURE' });
  });

  it('what cannot be reached, and what may not be fetched', async () => {
    const { address, close } = await serve(() => undefined);
    close();
    await expect(get(`https://tfhub.dev${PAGE}`, { mirror: address })).rejects.toMatchObject({
      code: 'HUB_OFFLINE',
      message: expect.stringMatching(/nobody answers there.*open its folder/),
    });
    await expect(get(`https://tfhub.dev${PAGE}`, { off: 'trust it' })).rejects.toMatchObject({
      code: 'HUB_OFF',
      message: expect.stringMatching(/not cached, and trust it/),
    });
    expect(server.asked).toEqual([]);
  });
});
