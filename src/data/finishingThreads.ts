import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Failure } from '../core/failure';
import type { FinishRequest, FinishResult } from './finishingMessages';
import { finisherOf, isLight, type Finisher, type Finishing, type Unfinished } from './finishPixels';
import { t } from '../l10n/translate';

/** More would take the cores that the engine and the decoder need. */
const MOST_THREADS = 4;

interface Pending {
  readonly resolve: (numbers: Float32Array) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/**
 * Finishes samples: light ones at once, others in worker threads, which are started by the first that needs one and
 * never keep the process alive by themselves. Without a script everything is done at once, on the caller's thread.
 */
export class FinishingThreads {
  private readonly finish: Finisher;
  private readonly sampleSize: number;
  private readonly threads: Thread[] = [];
  private requests = 0;

  /**
   * @param script the built `finishingWorker.ts`
   * @throws Failure of kind `input` when the preprocessing does not fit the channels
   */
  constructor(
    private readonly finishing: Finishing,
    private readonly script: string | undefined = finishingScript(),
  ) {
    this.finish = finisherOf(finishing);
    const { height, width, channels } = finishing.size;
    this.sampleSize = height * width * channels;
  }

  /**
   * Writes the samples one after another.
   * @throws Failure of kind `work` when a thread is lost
   */
  async run(samples: readonly Unfinished[], into: Float32Array): Promise<void> {
    if (this.script === undefined || samples.every((sample) => isLight(this.finishing, sample))) {
      samples.forEach((sample, position) => this.finish(sample, into, position * this.sampleSize));
      return;
    }
    into.set(await this.ask(samples, this.script));
  }

  private ask(samples: readonly Unfinished[], script: string): Promise<Float32Array> {
    const { worker, pending } = this.idlest(script);
    const request = ++this.requests;
    return new Promise((resolve, reject) => {
      pending.set(request, { resolve, reject });
      worker.ref();
      worker.postMessage({ request, samples } satisfies FinishRequest);
    });
  }

  private idlest(script: string): Thread {
    const [idlest] = this.threads.toSorted((a, b) => a.pending.size - b.pending.size);
    const most = Math.min(Math.max(availableParallelism() - 1, 1), MOST_THREADS);
    if (idlest && (idlest.pending.size === 0 || this.threads.length >= most)) return idlest;
    const thread: Thread = { worker: new Worker(script, { workerData: this.finishing }), pending: new Map() };
    this.listen(thread);
    this.threads.push(thread);
    return thread;
  }

  private listen(thread: Thread): void {
    const { worker, pending } = thread;
    worker.on('message', ({ request, numbers }: FinishResult) => {
      pending.get(request)?.resolve(numbers);
      pending.delete(request);
      if (pending.size === 0) worker.unref();
    });
    const lose = (cause: unknown) => {
      const at = this.threads.indexOf(thread);
      if (at >= 0) this.threads.splice(at, 1);
      const reason = cause instanceof Error ? cause.message : t('it ended with {0}', String(cause));
      for (const { reject } of pending.values()) {
        reject(
          new Failure('work', 'IMAGE_THREAD', t('a thread that prepares images was lost: {0}', reason), {
            cause,
          }),
        );
      }
      pending.clear();
    };
    worker.on('error', lose);
    worker.on('exit', lose);
  }
}

/** `images.js` beside the bundle or above its chunks; none from source. */
function finishingScript(): string | undefined {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return [here, path.dirname(here)]
    .map((folder) => path.join(folder, 'images.js'))
    .find((file) => existsSync(file));
}
