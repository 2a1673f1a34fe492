import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Failure } from '../../core/failure';
import type { Installing } from './installBeside';

/** No byte for so long is a connection that is gone. */
const STALL_MS = 60_000;
/** Told in steps of so much: a line a step is enough for people. */
const STEP = 0.1;
const MEBIBYTE = 1024 * 1024;

export interface Download {
  readonly url: string;
  readonly file: string;
  /** What the file must be, as npm writes it: `sha512-` and base64. */
  readonly integrity: string;
  /** Bytes; more is not what was asked for. */
  readonly longest: number;
  /** What to do where it cannot be had, behind a reason. */
  readonly otherwise: string;
}

/**
 * Fetches a file over HTTPS and checks what came.
 * @throws Failure of kind `work` (`ENGINE_DOWNLOAD`, `ENGINE_INTEGRITY`) in one line; the signal's reason once aborted
 */
export async function download(
  { url, file, integrity, longest, otherwise }: Download,
  { tell, signal }: Installing,
): Promise<void> {
  requireSecure(url);
  const failed = (reason: string, cause?: unknown) =>
    new Failure('work', 'ENGINE_DOWNLOAD', `${url}: ${reason}; ${otherwise}`, { cause });
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), STALL_MS);
  const hash = createHash('sha512');
  const output = await open(file, 'wx');
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, stall.signal]) });
    requireSecure(response.url);
    if (!response.ok || !response.body)
      throw failed(`the server answered ${response.status} ${response.statusText}`.trim());
    const whole = Number(response.headers.get('content-length')) || undefined;
    let [bytes, told] = [0, 0];
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      timer = timer.refresh();
      bytes += chunk.byteLength;
      if (bytes > longest)
        throw failed(`found more than ${longest / MEBIBYTE} MiB, which is not what was asked for`);
      hash.update(chunk);
      await output.write(chunk);
      if (whole !== undefined && bytes / whole >= told + STEP) {
        told = Math.floor(bytes / whole / STEP) * STEP;
        tell(`downloaded ${Math.round(told * 100)} % of ${(whole / MEBIBYTE).toFixed(0)} MiB`);
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) throw error;
    if (stall.signal.aborted) throw failed(`no byte came for ${STALL_MS / 1000} s`, error);
    throw failed(reasonOf(error), error);
  } finally {
    clearTimeout(timer);
    await output.close();
  }
  requireIntegrity(url, `sha512-${hash.digest('base64')}`, integrity);
}

/** @throws Failure of kind `work` (`ENGINE_INTEGRITY`) */
export function requireIntegrity(where: string, found: string, expected: string): void {
  if (found === expected) return;
  throw new Failure(
    'work',
    'ENGINE_INTEGRITY',
    `${where}: found a file of ${found}, expected ${expected}; it is damaged or another one, and was not used`,
  );
}

/** @throws Failure of kind `usage` (`URL_INSECURE`) for what is not HTTPS, this very machine excepted */
export function requireSecure(url: string): void {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new Failure(
      'usage',
      'URL_INSECURE',
      `found "${url}", expected an address that begins with https://`,
      {
        cause,
      },
    );
  }
  const { protocol, hostname } = parsed;
  if (protocol === 'https:') return;
  if (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return;
  throw new Failure(
    'usage',
    'URL_INSECURE',
    `found the address ${url}, expected one that begins with https://`,
  );
}

/** `fetch` says only that it failed, and why in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : '';
  return [cause.message, code].find((text) => text !== '') ?? 'the connection failed';
}
