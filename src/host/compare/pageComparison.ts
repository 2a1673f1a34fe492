import { stat } from 'node:fs/promises';
import path from 'node:path';
import { compareRuns, type ComparableRun, type Comparison } from '../../core/run/compare';
import { metricNames } from '../../core/run/outcome';
import { thinHistory } from '../../core/run/thinHistory';
import { MOST_COMPARED, type ComparisonFromPage, type ComparisonToPage } from '../../protocol/runComparison';
import type { HostToRunPanel } from '../../protocol/runPanel';
import { readNotedRun } from '../../runs/notedRun';
import { RUN_FILES } from '../../runs/runFolder';
import { t } from '../../l10n/translate';
import { asFailure } from '../asFailure';
import { RunFeed } from '../runFeed';
import type { RunAppended, RunRegistry } from '../runRegistry';

export type PostToPage = (message: ComparisonToPage) => PromiseLike<unknown>;
type Chosen = Extract<ComparisonFromPage, { readonly type: 'compareRuns' }>;

/** Of a run that is drawn beside others: more than a chart is wide, and a million steps of a dozen runs fill no memory. */
const MOST_BUCKETS = 4000;
/** A step with two metrics, as it is written; a long run need only be known for one. */
const BYTES_A_STEP = 120;
/** Within it what the epochs of several runs change is one new table. */
const GATHER_MS = 200;

/** The runs that one page shows beside each other, kept up to date. */
export class PageComparison {
  private ids: readonly string[] = [];
  private monitor: string | null = null;
  private choices = 0;
  private readonly feeds = new Map<string, { readonly feed: RunFeed; read: boolean }>();
  private reading: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: RunRegistry,
    private readonly post: PostToPage,
  ) {}

  async choose({ ids, known, monitor }: Chosen): Promise<void> {
    const choice = ++this.choices;
    const runs = await this.runsOf(ids.slice(0, MOST_COMPARED));
    if (choice !== this.choices) return;
    this.ids = runs;
    this.monitor = monitor;
    for (const [id, { feed }] of this.feeds) {
      if (this.ids.includes(id)) continue;
      feed.cancel();
      this.feeds.delete(id);
    }
    for (const id of this.ids) {
      const fed = this.feeds.get(id);
      // One that is being read, or that the page has and is told of.
      if (fed && (!fed.read || known.includes(id))) continue;
      fed?.feed.cancel();
      this.begin(id);
    }
    await this.reading;
    await this.tellTable();
  }

  append(appended: RunAppended): void {
    const fed = this.feeds.get(appended.run.id);
    if (!fed) return;
    fed.feed.append(appended);
    if (appended.events.length === 0 || appended.events.some(({ type }) => type !== 'step')) this.tableSoon();
  }

  /**
   * What is compared now, and under which names.
   * @throws Failure where a run cannot be read any more
   */
  async compare(): Promise<{ readonly names: readonly string[]; readonly comparison: Comparison }> {
    // As the table on the page: of what can be read.
    const readable = this.ids.filter((id) => this.feeds.has(id));
    const runs = await Promise.all(readable.map((id) => this.comparable(id)));
    return {
      names: runs.map(({ name }) => name),
      comparison: compareRuns(runs, this.monitor ?? undefined),
    };
  }

  dispose(): void {
    this.choices++;
    clearTimeout(this.timer);
    for (const { feed } of this.feeds.values()) feed.cancel();
    this.feeds.clear();
    this.ids = [];
  }

  /** A run's id is a path: of those that the page made up nothing is read. */
  private async runsOf(ids: readonly string[]): Promise<readonly string[]> {
    const runs: string[] = [];
    for (const id of ids) {
      if (await this.registry.finds(id)) runs.push(id);
      else void this.post({ type: 'notCompared', id, message: t('{0}: no run that this window knows', id) });
    }
    return runs;
  }

  /** One run's history after the other: each may be long. */
  private begin(id: string): void {
    const view = { id, name: '', status: 'running', startedAt: 0 } as const;
    const fed = { feed: new RunFeed(view, (message) => this.tell(message)), read: false };
    this.feeds.set(id, fed);
    this.reading = this.reading.then(async () => {
      if (this.feeds.get(id) !== fed) return;
      try {
        await this.feedRun(id, fed.feed);
      } catch (error) {
        if (this.feeds.get(id) === fed) this.feeds.delete(id);
        void this.post({ type: 'notCompared', id, message: asFailure(error).message });
      }
      fed.read = true;
    });
  }

  private async feedRun(id: string, feed: RunFeed): Promise<void> {
    const log = await stat(path.join(id, RUN_FILES.events)).catch(() => undefined);
    const bucket = Math.ceil((log?.size ?? 0) / BYTES_A_STEP / MOST_BUCKETS);
    const bytes = await this.registry.readHistory(id, (part) => feed.part(thinHistory(part, bucket)));
    feed.end(this.registry.viewOf(id), bytes);
  }

  /** A feed speaks of the one run that a page shows; here it is one of several. */
  private tell(message: HostToRunPanel): PromiseLike<unknown> {
    if (message.type === 'events') {
      const { id, status, events } = message;
      return this.post({ type: 'comparedEvents', id, status, events });
    }
    if (message.type !== 'history' || !message.steps) return Promise.resolve();
    const { run, events, steps, before = [], continues = false, more = false } = message;
    return this.post({ type: 'comparedHistory', id: run.id, events, before, steps, continues, more });
  }

  private tableSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.tellTable();
    }, GATHER_MS);
  }

  private async tellTable(): Promise<void> {
    const { ids } = this;
    const wanted = ids.filter((id) => this.feeds.has(id));
    const read = await Promise.all(wanted.map((id) => this.comparable(id).catch(() => undefined)));
    // Another choice has its own table.
    if (ids !== this.ids) return;
    const runs = read.flatMap((run) => run ?? []);
    if (runs.length < 2) return;
    const measured = runs.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'epoch' ? [event.metrics] : [])),
    );
    await this.post({
      type: 'comparison',
      ids: wanted.filter((_, at) => read[at] !== undefined),
      comparison: compareRuns(runs, this.monitor ?? undefined),
      monitors: metricNames(measured),
    });
  }

  private async comparable(id: string): Promise<ComparableRun> {
    // Of its log nothing: the registry has what is told there.
    const { name, plan, recipe } = await readNotedRun(id, { upTo: 0 });
    const { status, events } = await this.registry.follow(id);
    const listed = this.registry.runs.find((run) => run.id === id);
    return { name: listed?.name ?? name, status, events, ...(plan && { plan }), ...(recipe && { recipe }) };
  }
}
