import { Failure } from '../../core/failure';
import type { GalleryJob, GalleryJobState } from '../../protocol/gallery';
import type { ZooWish } from '../../zoo/zooModel';
import { asFailure } from '../asFailure';
import type { ExportTarget } from '../exportTarget';
import { Pace } from './pace';
import { t } from '../../l10n/translate';

/** A wish and the file that it is to become. */
export interface ZooOrder {
  readonly wish: ZooWish;
  readonly target: ExportTarget;
  /** What people call the file. */
  readonly label: string;
}

export interface Carrying {
  readonly signal: AbortSignal;
  readonly onState: (state: GalleryJobState) => void;
}

/** A job that was begun, for whoever shows it. */
export interface BegunJob {
  readonly id: number;
  readonly order: ZooOrder;
  /** Told of each state, but not of each of thousands of chunks. */
  readonly onState: (listener: (state: GalleryJobState) => void) => void;
  /** Whether the file is there; an error is in the job's state. */
  readonly ended: Promise<boolean>;
}

interface Job {
  readonly id: number;
  readonly order: ZooOrder;
  state: GalleryJobState;
  /** Left out while nothing goes on. */
  stop?: AbortController;
}

/** More often nobody sees it, and a page that is told of every chunk falls behind. */
const SHOWN_MS = 100;

/** The models on their way into the workspace. Those that ended badly stay until they are tried again or dismissed. */
export class ZooJobs {
  private readonly jobs = new Map<number, Job>();
  private lastId = 0;

  constructor(
    /** Fetches and writes; throws where it cannot, and where the signal says so. */
    private readonly carryOut: (order: ZooOrder, carrying: Carrying) => Promise<void>,
    private readonly onChange: () => void,
  ) {}

  get all(): readonly GalleryJob[] {
    return [...this.jobs.values()].map(({ id, order: { wish, label }, state }) => ({
      ...{ id, name: wish.entry.name, target: label, random: wish.random, state },
    }));
  }

  /** @throws Failure `ZOO_BUSY` where the same file is being made */
  begin(order: ZooOrder): BegunJob {
    for (const { id, order: other, stop } of this.jobs.values()) {
      if (other.target.path !== order.target.path) continue;
      if (!stop) this.jobs.delete(id);
      else {
        const message = t(
          '{0}: it is being made already; wait for it, stop it, or choose another name',
          order.label,
        );
        throw new Failure('usage', 'ZOO_BUSY', message);
      }
    }
    const id = ++this.lastId;
    return this.run({ id, order, state: { kind: 'waiting' } });
  }

  /** Tries again what ended badly, to the same file; undefined where there is no such job. */
  again(id: number): BegunJob | undefined {
    const job = this.jobs.get(id);
    return job && !job.stop ? this.run(job) : undefined;
  }

  stop(id: number): void {
    this.jobs.get(id)?.stop?.abort();
  }

  dismiss(id: number): void {
    if (this.jobs.get(id)?.stop) return;
    if (this.jobs.delete(id)) this.onChange();
  }

  /** Stops all there is. */
  dispose(): void {
    for (const { stop } of this.jobs.values()) stop?.abort();
  }

  private run(job: Job): BegunJob {
    const stop = new AbortController();
    job.stop = stop;
    this.jobs.set(job.id, job);
    const listeners: ((state: GalleryJobState) => void)[] = [];
    const pace = new Pace<GalleryJobState>(SHOWN_MS, (state) => {
      job.state = state;
      for (const listener of listeners) listener(state);
      this.onChange();
    });
    pace.now({ kind: 'waiting' });
    const { signal } = stop;
    const onState = (state: GalleryJobState) =>
      state.kind === job.state.kind ? pace.soon(state) : pace.now(state);
    const ended = this.carryOut(job.order, { signal, onState }).then(
      () => {
        pace.end();
        this.jobs.delete(job.id);
        this.onChange();
        return true;
      },
      (error: unknown) => {
        delete job.stop;
        pace.now(signal.aborted ? { kind: 'stopped' } : failed(error));
        return false;
      },
    );
    return { id: job.id, order: job.order, onState: (listener) => void listeners.push(listener), ended };
  }
}

function failed(error: unknown): GalleryJobState {
  const { code, message } = asFailure(error);
  return { kind: 'failed', code, message };
}
