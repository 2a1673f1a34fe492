import type { Readable } from 'node:stream';
import { t } from '../l10n/translate';

/** So many bytes wait for the disk before the sender is told to wait. */
const MOST_WAITING = 4 * 1024 * 1024;

/**
 * A stream's chunks, listened to from this call on. Unlike its own iterator, which forgets what it has buffered when the
 * stream breaks, this gives all that came before it throws: on a bad connection that is what the next attempt goes on from.
 */
export function chunksOf(stream: Readable): AsyncIterable<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let over: { readonly error?: unknown } | undefined;
  let wake: () => void = () => undefined;
  const end = (how: { readonly error?: unknown }) => {
    over ??= how;
    wake();
  };
  stream.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MOST_WAITING) stream.pause();
    wake();
  });
  stream.once('end', () => end({}));
  // Errors may follow errors; the first says why.
  stream.on('error', (error) => end({ error }));
  stream.once('close', () => end({ error: new Error(t('the connection was closed')) }));
  async function* drain(): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (let chunk = waiting.shift(); chunk !== undefined; chunk = waiting.shift()) {
        bytes -= chunk.byteLength;
        if (bytes <= MOST_WAITING && stream.isPaused()) stream.resume();
        yield chunk;
      }
      if (over) {
        if ('error' in over) throw over.error;
        return;
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  return drain();
}
