import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { t } from '../l10n/translate';
import { connectionError, DownloadError } from './downloadError';
import { Part, type Origin } from './part';
import { request, type Answer, type Network } from './request';

/** No byte for so long is a connection that is gone. */
const STALL_MS = 60_000;
/** How often a connection that ended early is taken up again, each time that it has brought something. */
const MOST_TRIES = 8;
const MEBIBYTE = 1024 * 1024;

/** What a file must be. */
export interface Hash {
  readonly algorithm: 'md5' | 'sha256';
  /** Lower-case hexadecimal digits; the first ones of the whole where `prefix` is set. */
  readonly digest: string;
  readonly prefix?: true;
}

export interface FileToFetch {
  readonly url: string;
  /** Left out where nobody published one. */
  readonly hash?: Hash;
  /** Bytes; more is not what was asked for. */
  readonly longest: number;
}

export interface Fetching {
  readonly signal: AbortSignal;
  readonly network: Network;
  /** Told of each stretch of bytes; `whole` where the server says it. */
  readonly onProgress?: (bytes: number, whole: number | undefined) => void;
  /** After how many milliseconds without a byte a connection is given up; a minute where left out. */
  readonly stallMs?: number;
}

/**
 * Fetches a file to its place, which has it whole and checked or not at all. What came of it stays beside where a fetch
 * ends early, and the next one goes on from there, if the server still has the same file.
 *
 * @throws DownloadError; Failure `URL_INSECURE`, `PROXY_ADDRESS`; the signal's reason once aborted
 */
export async function fetchFile(wanted: FileToFetch, place: string, fetching: Fetching): Promise<void> {
  const part = await Part.claim(place);
  try {
    await fetchWhole(wanted, part, fetching);
    await requireHash(part.file, wanted, fetching.signal);
    await part.finish();
  } catch (error) {
    const useless = error instanceof DownloadError && error.problem === 'unlike';
    await (useless ? part.discard() : part.leave());
    throw error;
  }
}

async function fetchWhole(wanted: FileToFetch, part: Part, fetching: Fetching): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = (await part.begun())?.bytes ?? 0;
    try {
      return await fetchRest(wanted, part, fetching);
    } catch (error) {
      const now = await part.begun();
      const again = error instanceof DownloadError && error.problem === 'cut' && tries < MOST_TRIES;
      // A server that cannot go on in the middle would bring the same beginning again and again.
      if (!again || !now || now.bytes <= before || !canGoOn(now.origin, wanted)) throw error;
    }
  }
}

async function fetchRest(wanted: FileToFetch, part: Part, fetching: Fetching): Promise<void> {
  const begun = await part.begun();
  const usable =
    begun && begun.origin.url === wanted.url && canGoOn(begun.origin, wanted) ? begun : undefined;
  const from = usable?.bytes ?? 0;
  const validator = usable && (strong(usable.origin.etag) ?? usable.origin.modified);
  const headers = {
    ...(usable && { range: `bytes=${from}-` }),
    ...(validator !== undefined && { 'if-range': validator }),
  };
  const answer = await request(wanted.url, { ...fetching, headers });
  try {
    if (usable && answer.status === 416) {
      if (from === usable.origin.length) return;
      // The server has a shorter file by now, and what came of the one before is of no use.
      answer.destroy();
      await part.begin({ url: wanted.url });
      return await fetchRest(wanted, part, fetching);
    }
    const continued = usable && answer.status === 206 && startOf(answer) === from;
    if (!continued && answer.status !== 200) {
      throw new DownloadError('refused', t('the server answered {0}', answer.said));
    }
    const encoding = answer.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      throw new DownloadError('refused', t('the server answered with what is packed by {0}', encoding));
    }
    const rest = wholeNumber(answer.headers['content-length']);
    const start = continued ? from : 0;
    const whole = rest === undefined ? undefined : start + rest;
    requireLength(whole ?? 0, wanted);
    if (!continued) await part.begin(originOf(wanted.url, answer, whole));
    await receive(answer, part.file, start, whole, wanted, fetching);
  } finally {
    answer.destroy();
  }
}

async function receive(
  { chunks, destroy }: Answer,
  file: string,
  start: number,
  whole: number | undefined,
  wanted: FileToFetch,
  { signal, onProgress, stallMs = STALL_MS }: Fetching,
): Promise<void> {
  const stalled = new DownloadError('cut', t('no byte came for {0} s', stallMs / 1000));
  const timer = setTimeout(() => destroy(stalled), stallMs);
  const stop = () => destroy(new Error('aborted'));
  signal.addEventListener('abort', stop, { once: true });
  let output: FileHandle | undefined;
  let bytes = start;
  try {
    signal.throwIfAborted();
    output = await open(file, 'a');
    onProgress?.(bytes, whole);
    for await (const chunk of chunks) {
      timer.refresh();
      bytes += chunk.byteLength;
      requireLength(bytes, wanted);
      await writeAll(output, chunk);
      onProgress?.(bytes, whole);
    }
  } catch (error) {
    signal.throwIfAborted();
    // What the disk refuses is no fault of the connection.
    if (
      error instanceof Error &&
      'syscall' in error &&
      (error.syscall === 'open' || error.syscall === 'write')
    )
      throw error;
    throw connectionCut(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    await output?.close();
  }
  if (whole !== undefined && bytes < whole) {
    throw new DownloadError('cut', t('the connection ended after {0} of {1} bytes', bytes, whole));
  }
}

async function writeAll(output: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength;) {
    written += (await output.write(chunk, written)).bytesWritten;
  }
}

/** A connection that was there has ended, whatever the system calls it. */
function connectionCut(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  const { message } = connectionError(error);
  return new DownloadError('cut', t('the connection ended early: {0}', message), error);
}

/** Half a file is of use where one can tell that the other half is of the same. */
function canGoOn({ etag, modified }: Origin, { hash }: FileToFetch): boolean {
  return hash !== undefined || strong(etag) !== undefined || modified !== undefined;
}

/** A weak one is of files that mean the same, not of the same bytes. Source: RFC 9110, 8.8.1. */
function strong(etag: string | undefined): string | undefined {
  return etag?.startsWith('W/') === false ? etag : undefined;
}

function originOf(url: string, { headers }: Answer, length: number | undefined): Origin {
  const { etag, 'last-modified': modified } = headers;
  return {
    url,
    ...(etag !== undefined && { etag }),
    ...(modified !== undefined && { modified }),
    ...(length !== undefined && { length }),
  };
}

/** `bytes 100-199/200`: 100 */
function startOf({ headers }: Answer): number | undefined {
  return wholeNumber(/^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function requireLength(found: number, { longest }: FileToFetch): void {
  if (found <= longest) return;
  const most = (longest / MEBIBYTE).toFixed(0);
  throw new DownloadError('unlike', t('found more than {0} MiB, which is not what was asked for', most));
}

/** @throws DownloadError `unlike` where a file is another one than was published */
export async function requireHash(
  file: string,
  { hash }: Pick<FileToFetch, 'hash'>,
  signal: AbortSignal,
): Promise<void> {
  if (!hash) return;
  const { algorithm, digest } = hash;
  const state = createHash(algorithm);
  try {
    for await (const chunk of createReadStream(file)) {
      signal.throwIfAborted();
      state.update(chunk as Buffer);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  const found = state.digest('hex').slice(0, hash.prefix ? digest.length : undefined);
  if (found === digest) return;
  throw new DownloadError(
    'unlike',
    t(
      'found a file of {0} {1}, expected {2}; it is damaged or another one, and was not used',
      algorithm,
      found,
      digest,
    ),
  );
}
