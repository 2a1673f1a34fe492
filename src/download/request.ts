import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { t } from '../l10n/translate';
import { chunksOf } from './chunks';
import { connectionError, DownloadError } from './downloadError';
import { proxyFor } from './proxy';
import { requireSecure } from './secureAddress';

/** As many as browsers follow is no help here: two or three is what file servers need. */
const MOST_REDIRECTS = 5;
/** A server that has not answered by then is not there, for people who wait. */
const ANSWER_MS = 20_000;

/** The way to servers. */
export interface Network {
  /** `HTTPS_PROXY`, `NO_PROXY` and their like. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Trusted instead of the system's certificates: PEM. */
  readonly certificates?: string;
  /** How long to wait for an answer; 20 seconds where left out. */
  readonly answerMs?: number;
}

export interface Asking {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly network: Network;
}

/** A server's answer, to be read or destroyed. */
export interface Answer {
  readonly status: number;
  /** `404 Not Found` */
  readonly said: string;
  readonly headers: IncomingHttpHeaders;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the connection: chunks that have not come never will. */
  readonly destroy: (reason?: Error) => void;
}

/**
 * Asks a server over HTTPS, this very machine over HTTP too, through the proxy that the environment names; follows
 * redirects to addresses that are as safe. Node's own `fetch` knows no proxies before version 24.
 *
 * @throws DownloadError; Failure `URL_INSECURE`, `PROXY_ADDRESS`; the signal's reason once aborted
 */
export async function request(url: string, asking: Asking): Promise<Answer> {
  let address = requireSecure(url);
  for (let hops = 0; ; hops++) {
    const answer = await askOnce(address, asking);
    const { status, headers } = answer;
    if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return answer;
    answer.destroy();
    if (hops === MOST_REDIRECTS) {
      throw new DownloadError('refused', t('found more than {0} redirects in a row', MOST_REDIRECTS));
    }
    address = requireSecure(new URL(headers.location, address).href);
  }
}

async function askOnce(url: URL, asking: Asking): Promise<Answer> {
  const { signal, network } = asking;
  signal.throwIfAborted();
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), network.answerMs ?? ANSWER_MS);
  const either = AbortSignal.any([signal, patience.signal]);
  try {
    const proxy = proxyFor(url, network.environment);
    const tunnel = proxy && (await tunnelThrough(proxy, url, either, network));
    return await send(url, asking, either, tunnel);
  } catch (error) {
    signal.throwIfAborted();
    if (patience.signal.aborted) throw new DownloadError('offline', t('the server does not answer'), error);
    throw connectionError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** The signal is listened to until the server answers. */
function send(
  url: URL,
  { method = 'GET', headers, network }: Asking,
  signal: AbortSignal,
  tunnel: Socket | undefined,
): Promise<Answer> {
  const secure = url.protocol === 'https:';
  const certificates = network.certificates === undefined ? {} : { ca: network.certificates };
  const { hostname } = url;
  return new Promise((resolve, reject) => {
    const sent = (secure ? https : http).request(url, {
      method,
      // Without an agent, which a tunnel has none of, Node would name port 80.
      headers: { host: url.host, 'user-agent': 'model-surgery', 'accept-encoding': 'identity', ...headers },
      ...certificates,
      // One connection a file: an idle one would keep the command line from ending.
      ...(tunnel
        ? { createConnection: () => tls.connect({ socket: tunnel, servername: hostname, ...certificates }) }
        : { agent: false }),
    });
    const stop = () => sent.destroy(new Error('aborted'));
    signal.addEventListener('abort', stop, { once: true });
    sent.once('response', (answer) => {
      signal.removeEventListener('abort', stop);
      resolve(answerOf(answer));
    });
    // Stays: an error after the answer is the body's, which tells it too.
    sent.on('error', (error) => {
      signal.removeEventListener('abort', stop);
      reject(error);
    });
    sent.end();
  });
}

/** Chunks are listened to at once: a connection that breaks before would be one that nobody hears breaking. */
function answerOf(message: IncomingMessage): Answer {
  return {
    status: message.statusCode ?? 0,
    said: `${message.statusCode} ${message.statusMessage ?? ''}`.trim(),
    headers: message.headers,
    chunks: chunksOf(message),
    destroy: (reason) => void message.destroy(reason),
  };
}

/** A connection to the server that the proxy makes and hears nothing of. Source: RFC 9110, 9.3.6 (CONNECT). */
function tunnelThrough(proxy: URL, url: URL, signal: AbortSignal, network: Network): Promise<Socket> {
  const target = `${url.hostname}:${url.port || '443'}`;
  const named = t('the proxy {0}', proxy.host);
  const { username, password } = proxy;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return new Promise((resolve, reject) => {
    const sent = (proxy.protocol === 'https:' ? https : http).request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: {
        host: target,
        ...(username !== '' && {
          'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
        }),
      },
      agent: false,
      signal,
      ...(network.certificates !== undefined && { ca: network.certificates }),
    });
    sent.once('connect', ({ statusCode, statusMessage }, socket) => {
      if (statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      const said = `${statusCode} ${statusMessage ?? ''}`.trim();
      reject(new DownloadError('refused', t('{0} answered {1}', named, said)));
    });
    sent.on('error', (error) => {
      const { problem, message } = connectionError(error);
      reject(new DownloadError(problem, `${named}: ${message}`, error));
    });
    sent.end();
  });
}
