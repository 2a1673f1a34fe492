import { Worker } from 'node:worker_threads';
import { Failure } from '../../core/failure';
import type { WeightRef } from '../../core/graph/layerGraph';
import type { FilterPictures } from '../../core/weights/filters';
import type { Movement } from '../../core/weights/movement';
import type { WeightStatistics } from '../../core/weights/statistics';
import type { FromInspector, ToInspector, WeightPair } from './messages';
import { languageEnvironment } from '../../l10n/processLanguage';
import { t } from '../../l10n/translate';

/** A request without its number. */
type Unnumbered<Message> = Message extends ToInspector ? Omit<Message, 'request'> : never;
type Request = Unnumbered<Exclude<ToInspector, { readonly type: 'cancel' }>>;

interface Pending {
  readonly receive: (message: FromInspector) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Measures weights in a worker thread, which is started by the first request and ended by `dispose`. What was measured
 * is remembered as long as its `WeightRef` lives.
 */
export class WeightInspector {
  private worker?: Worker;
  private requests = 0;
  private readonly pending = new Map<number, Pending>();
  private readonly known = new WeakMap<WeightRef, WeightStatistics>();

  /** @param script the built `worker.ts` */
  constructor(private readonly script: string | URL) {}

  /**
   * Tells the statistics of each weight as they are found, those that are known first.
   * @throws Failure for a weight that cannot be read; returns early where `signal` says so
   */
  async measure(
    weights: readonly WeightRef[],
    found: (weight: WeightRef, statistics: WeightStatistics) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const unknown: WeightRef[] = [];
    for (const weight of weights) {
      const statistics = this.known.get(weight);
      if (statistics) found(weight, statistics);
      else unknown.push(weight);
    }
    if (unknown.length === 0) return;
    await this.ask({ type: 'measure', weights: unknown }, signal, (message) => {
      if (message.type !== 'measured') return;
      const weight = unknown[message.at];
      if (!weight) return;
      this.known.set(weight, message.statistics);
      found(weight, message.statistics);
    });
  }

  /** See `filterPictures`. @throws Failure for a weight that cannot be read */
  async filters(
    weight: WeightRef,
    channel: number,
    signal: AbortSignal,
  ): Promise<FilterPictures | undefined> {
    let filters: FilterPictures | undefined;
    await this.ask({ type: 'filters', weight, channel }, signal, (message) => {
      if (message.type === 'filters') filters = message.filters;
    });
    return filters;
  }

  /**
   * How far weights have gone, all taken together; nothing where `signal` says so.
   * @throws Failure for a weight that cannot be read
   */
  async compare(pairs: readonly WeightPair[], signal: AbortSignal): Promise<Movement | undefined> {
    let movement: Movement | undefined;
    await this.ask({ type: 'compare', pairs }, signal, (message) => {
      if (message.type === 'compared') movement = message.movement;
    });
    return movement;
  }

  dispose(): void {
    void this.worker?.terminate();
    this.close(
      new Failure('work', 'INSPECTOR_CLOSED', t('the model was closed while its weights were read')),
    );
  }

  private ask(
    question: Request,
    signal: AbortSignal,
    receive: (message: FromInspector) => void,
  ): Promise<void> {
    const request = ++this.requests;
    const worker = this.start();
    return new Promise<void>((resolve, reject) => {
      if (signal.aborted) return resolve();
      const settle = () => {
        signal.removeEventListener('abort', abort);
        this.pending.delete(request);
      };
      const abort = () => {
        settle();
        worker.postMessage({ type: 'cancel', request } satisfies ToInspector);
        resolve();
      };
      signal.addEventListener('abort', abort);
      this.pending.set(request, {
        receive,
        resolve: () => {
          settle();
          resolve();
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      worker.postMessage({ ...question, request } satisfies ToInspector);
    });
  }

  /** Where questions go; answers come back to `receive`. */
  protected start(): Pick<Worker, 'postMessage'> {
    if (this.worker) return this.worker;
    const worker = new Worker(this.script, { env: { ...process.env, ...languageEnvironment() } });
    // A window that closes does not wait for it.
    worker.unref();
    worker.on('message', (message: FromInspector) => this.receive(message));
    worker.on('error', (error) => this.close(error));
    worker.on('exit', (status) =>
      this.close(
        new Failure('work', 'INSPECTOR_ENDED', t('the reader of weights ended with status {0}', status)),
      ),
    );
    this.worker = worker;
    return worker;
  }

  protected receive(message: FromInspector): void {
    const pending = this.pending.get(message.request);
    if (message.type === 'done') pending?.resolve();
    else if (message.type === 'failed') {
      pending?.reject(new Failure('input', message.code, message.message));
    } else pending?.receive(message);
  }

  /** Whatever the reason: nobody waits for an answer that will not come, and the next request starts anew. */
  private close(reason: Error): void {
    delete this.worker;
    for (const { reject } of [...this.pending.values()]) reject(reason);
  }
}
