import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Something else than a file, for one request; true where it has answered. */
export type Trouble = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean;

export interface FileServer {
  /** `http://127.0.0.1:port` */
  readonly address: string;
  /** `GET /a.h5 bytes=5-`, in their order. */
  readonly asked: readonly string[];
  /** What happens to the next requests, one each; then files are served as they are. */
  readonly troubles: Trouble[];
  close(): void;
}

/** A server on this machine; it ends with the test. */
export async function serve(answer: RequestListener): Promise<{ address: string; close: () => void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export const digestOf = (algorithm: 'md5' | 'sha256', bytes: Buffer) =>
  createHash(algorithm).update(bytes).digest('hex');

/** Serves files by their paths as file servers do: with a length, a validator, and parts of a file where asked for. */
export async function serveFiles(files: ReadonlyMap<string, Buffer>): Promise<FileServer> {
  const asked: string[] = [];
  const troubles: Trouble[] = [];
  const { address, close } = await serve((request, response) => {
    const { method, url = '', headers } = request;
    asked.push([method, url, headers.range].filter((text) => text !== undefined).join(' '));
    const bytes = files.get(decodeURIComponent(url));
    if (troubles.shift()?.(request, response, bytes ?? Buffer.alloc(0))) return;
    if (!bytes) return void response.writeHead(404).end('no such file');
    const etag = `"${digestOf('md5', bytes)}"`;
    const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
    const same = headers['if-range'] === undefined || headers['if-range'] === etag;
    if (start === undefined || !same) {
      return void response.writeHead(200, { 'content-length': bytes.length, etag }).end(bytes);
    }
    const from = Number(start);
    if (from >= bytes.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    }
    response
      .writeHead(206, {
        'content-length': bytes.length - from,
        'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
        etag,
      })
      .end(bytes.subarray(from));
  });
  return { address, asked, troubles, close };
}

/** The connection ends after so many bytes of the file; with its validator, so that one can go on. */
export const cutAfter =
  (count: number): Trouble =>
  (_, response, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length, etag: `"${digestOf('md5', bytes)}"` });
    response.write(bytes.subarray(0, count), () => response.destroy());
    return true;
  };

/** Bytes come, and then none, and the connection stays. */
export const stallAfter =
  (count: number, whenStalled: () => void = () => undefined): Trouble =>
  (_, response, bytes) => {
    response.writeHead(200, { 'content-length': bytes.length, etag: `"${digestOf('md5', bytes)}"` });
    response.write(bytes.subarray(0, count), whenStalled);
    return true;
  };

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Trouble =>
  (_, response) => {
    response.writeHead(code, headers).end();
    return true;
  };
