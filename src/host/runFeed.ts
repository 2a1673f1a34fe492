import type { RunEvent } from '../core/run/events';
import { historyOf, type RunHistory } from '../core/run/history';
import { packSteps } from '../protocol/packedSteps';
import type { HostToRunPanel, RunView } from '../protocol/runPanel';

interface Appended {
  readonly run: Pick<RunView, 'status'>;
  readonly events: readonly RunEvent[];
  readonly bytes: number;
}

/**
 * Gives a page one run: its history, part by part, then what is appended, each event once. What comes while the history is
 * still being read waits, and where in the log it ended tells whether the history has it already.
 */
export class RunFeed {
  /** The part read last: only when another follows is it known not to be the end. */
  private held: RunHistory | undefined;
  private begun = false;
  private posted: PromiseLike<unknown> = Promise.resolve();
  private waiting: Appended[] | undefined = [];
  private over = false;

  constructor(
    private readonly run: RunView,
    private readonly post: (message: HostToRunPanel) => PromiseLike<unknown>,
  ) {}

  /** Whether nobody waits for it any more. */
  get isOver(): boolean {
    return this.over;
  }

  /** Shows what a long history looks like until all of it has come. */
  overview(run: RunView, history: RunHistory): void {
    if (!this.over) this.send(run, history, false);
    this.begun = false;
  }

  /** Resolves when the page has taken the part before: one is read while another is on its way, and no more. */
  async part(part: RunHistory): Promise<void> {
    const earlier = this.held;
    this.held = part;
    if (!earlier || this.over) return;
    const before = this.posted;
    this.send(this.run, earlier, true);
    await before;
  }

  /** @param bytes where in the log the history ended */
  end(run: RunView, bytes: number): void {
    if (this.over) return;
    this.send(run, this.held ?? historyOf([]), false);
    this.held = undefined;
    const waiting = this.waiting?.filter((appended) => appended.bytes > bytes) ?? [];
    this.waiting = undefined;
    for (const appended of waiting) this.append(appended);
  }

  append(appended: Appended): void {
    if (this.over) return;
    const { run, events } = appended;
    if (this.waiting) this.waiting.push(appended);
    else this.posted = this.post({ type: 'events', id: this.run.id, status: run.status, events });
  }

  /** Posts nothing more. */
  cancel(): void {
    this.over = true;
    this.held = this.waiting = undefined;
  }

  private send(run: RunView, { events, before, steps }: RunHistory, more: boolean): void {
    const continues = this.begun;
    this.begun = true;
    const packed = packSteps(steps);
    this.posted = this.post({ type: 'history', run, events, steps: packed, before, continues, more });
  }
}
