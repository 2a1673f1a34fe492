import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fetchFile } from '../../../src/download/fetchFile';
import { proxyFor } from '../../../src/download/proxy';
import { repository } from '../../support/python';
import { temporaryFolder } from '../../support/temporary';

const proxyOf = (url: string, environment: Readonly<Record<string, string>>) =>
  proxyFor(new URL(url), environment)?.href;

describe('the proxy for an address', () => {
  it.each([
    [{}, undefined],
    [{ HTTPS_PROXY: 'http://proxy.example:3128' }, 'http://proxy.example:3128/'],
    [{ https_proxy: 'proxy.example:3128' }, 'http://proxy.example:3128/'],
    [{ https_proxy: 'http://small.example', HTTPS_PROXY: 'http://large.example' }, 'http://small.example/'],
    [{ HTTP_PROXY: 'http://proxy.example' }, 'http://proxy.example/'],
    [{ ALL_PROXY: 'https://proxy.example' }, 'https://proxy.example/'],
    [{ HTTPS_PROXY: 'http://p.example', NO_PROXY: '*' }, undefined],
    [{ HTTPS_PROXY: 'http://p.example', NO_PROXY: 'files.example' }, undefined],
    [{ HTTPS_PROXY: 'http://p.example', NO_PROXY: 'x.example, .EXAMPLE' }, undefined],
    [{ HTTPS_PROXY: 'http://p.example', NO_PROXY: '*.example' }, undefined],
    [{ HTTPS_PROXY: 'http://p.example', no_proxy: 'files.example:443' }, undefined],
    [{ HTTPS_PROXY: 'http://p.example', NO_PROXY: 'files.example:8443' }, 'http://p.example/'],
    [{ HTTPS_PROXY: 'http://p.example', NO_PROXY: 'iles.example other' }, 'http://p.example/'],
  ])('%j is %s', (environment, proxy) => {
    expect(proxyOf('https://files.example/a.h5', environment)).toBe(proxy);
  });

  it('is none for this very machine', () => {
    expect(proxyOf('http://127.0.0.1:8080/a', { HTTP_PROXY: 'http://p.example' })).toBeUndefined();
  });

  it.each(['socks5://p.example', 'http://', 'https://me:secret@p.example:port'])(
    'that is "%s" is refused',
    (address) => {
      const ask = () => proxyOf('https://files.example/', { HTTPS_PROXY: address });
      expect(ask).toThrow(/^HTTPS_PROXY: found ".*", expected the address of a proxy as http:\/\/host:port/);
      expect(ask).not.toThrow(/secret/);
    },
  );
});

/** A server that is files.example for whoever trusts its certificate. */
async function serveSecurely(): Promise<{ readonly port: number; readonly certificates: string }> {
  const at = (name: string) => readFile(path.join(repository, 'test/fixtures/tls', name), 'utf8');
  const certificates = await at('cert.pem');
  const server = createTlsServer({ key: await at('key.pem'), cert: certificates }, (request, response) =>
    response.end(`${request.headers.host}${request.url}`),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, certificates };
}

/** A proxy that leads every host to a port of this machine. */
async function startProxy(port: number, refusal?: string) {
  const asked: (string | undefined)[] = [];
  const server = createHttpServer();
  server.on('connect', ({ url, headers }, client) => {
    asked.push(url, headers['proxy-authorization']);
    client.on('error', () => client.destroy());
    if (refusal !== undefined) return void client.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    onTestFinished(() => void upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe('behind a proxy', () => {
  const get = async (environment: Readonly<Record<string, string>>, certificates?: string) => {
    const file = path.join(await temporaryFolder(), 'a.h5');
    const network = { environment, ...(certificates !== undefined && { certificates }) };
    const url = 'https://files.example/zoo/a.h5';
    const signal = new AbortController().signal;
    await fetchFile({ url, longest: 1000 }, file, { signal, network });
    return readFile(file, 'utf8');
  };

  it('a file is fetched through a tunnel that the proxy sees nothing of', async () => {
    const { port, certificates } = await serveSecurely();
    const { host, asked } = await startProxy(port);
    const found = await get({ HTTPS_PROXY: `http://me:p%40ss@${host}` }, certificates);
    expect(found).toBe('files.example/zoo/a.h5');
    expect(asked).toEqual(['files.example:443', `Basic ${btoa('me:p@ss')}`]);
  });

  it('a server that nobody vouches for is refused', async () => {
    const { port } = await serveSecurely();
    const { host } = await startProxy(port);
    await expect(get({ HTTPS_PROXY: `http://${host}` })).rejects.toMatchObject({
      problem: 'cut',
      message: /certificate/,
    });
  });

  it('its refusal is quoted', async () => {
    const { host } = await startProxy(0, '407 Proxy Authentication Required');
    await expect(get({ HTTPS_PROXY: `http://${host}` })).rejects.toMatchObject({
      problem: 'refused',
      message: `the proxy ${host} answered 407 Proxy Authentication Required`,
    });
  });

  it('a proxy that is not there is offline', async () => {
    await expect(get({ HTTPS_PROXY: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      problem: 'offline',
      message: 'the proxy 127.0.0.1:9: nobody answers there (ECONNREFUSED)',
    });
  });
});
