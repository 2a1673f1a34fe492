import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';

/**
 * The signal of whoever opens a model. Readers of a dozen formats read bytes far below `openModel`, all of them through a
 * few doors (`ByteSource`, `WireSource`, archives, HDF5): the doors ask here, so no reader hands a signal on.
 */
const asked = new AsyncLocalStorage<AbortSignal>();

/**
 * Reads until the signal is aborted: what is read next ends the reading then.
 *
 * @throws the signal's reason, whatever the reader made of it
 */
export async function stoppable<T>(signal: AbortSignal | undefined, read: () => Promise<T>): Promise<T> {
  if (!signal) return read();
  try {
    signal.throwIfAborted();
    return await asked.run(signal, read);
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  }
}

/** Comes before each read of a file. @throws the signal's reason where nobody waits for the model any more */
export function throwIfStopped(): void {
  asked.getStore()?.throwIfAborted();
}

/** In a long stretch of work that waits for nothing: lets others be heard, among them who wants to stop it. */
export async function pause(): Promise<void> {
  await setImmediate();
  throwIfStopped();
}
