import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../../../core/failure';
import type { EngineName } from '../../../core/plan/plan';
import type { EngineFound } from '../../../protocol/engines';
import { startTrainer } from '../../client';
import { t } from '../../../l10n/translate';

/** CUDA's first start compiles kernels for a card newer than the library, which takes a minute. */
const PROBE_MS = 180_000;

/**
 * Probes an engine in a process of its own, so that a library that crashes or hangs takes nothing with it.
 *
 * @param folder the installation that is probed; the user's own where left out
 * @throws Failure of kind `work` (`ENGINE_UNAVAILABLE` and others): why it cannot be used; the signal's reason
 */
export async function probeInChild(
  name: EngineName,
  folder?: string,
  signal?: AbortSignal,
): Promise<EngineFound> {
  signal?.throwIfAborted();
  // This process is a trainer itself: the bundle it was started from.
  const entry = process.argv[1] ?? '';
  const request = { type: 'probe', engine: name, ...(folder !== undefined && { folder }) } as const;
  const child = await startTrainer(request, { entry, graceMs: 0 });
  const abort = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { signal: abort.signal });
  });
  const answer = new Promise<EngineFound>((resolve, reject) => {
    child.onMessage((message) => {
      if (message.type === 'probed') resolve(message.engine);
      if (message.type !== 'failed') return;
      const died = message.code === 'TRAINER_DIED';
      const text = died ? t('engine {0} crashed in its probe: {1}', name, message.message) : message.message;
      reject(new Failure(message.kind, died ? 'ENGINE_UNAVAILABLE' : message.code, text));
    });
  });
  const late = delay(PROBE_MS, undefined, { signal: abort.signal }).then(() => {
    const text = t(
      'engine {0} gave no answer for {1} s in its probe; look at the driver and the library',
      name,
      PROBE_MS / 1000,
    );
    throw new Failure('work', 'ENGINE_UNAVAILABLE', text);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late, stopped]);
  } finally {
    abort.abort();
    await child.stop();
  }
}
