import { access } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import type { Plan } from '../core/plan/plan';
import type { RunEvent, RunStatus } from '../core/run/events';
import { keepLatest } from '../core/run/history';
import { keepsBest } from '../core/run/steering';
import type { RunFault } from '../core/run/health';
import type { RunView, Steering } from '../protocol/runPanel';
import type { RunMessage } from '../protocol/trainer';
import { listRuns, summarizeRun } from '../runs/listRuns';
import { resultFiles } from '../runs/resultFiles';
import { readNotes, writeNotes, type RunNotes } from '../runs/runNotes';
import { readRun, type ReadOptions } from '../runs/runReader';
import { tailRun, type RunTail } from '../runs/runTail';
import { steerRun, stopRun, type TrainerProcess } from '../trainer/client';
import { t } from '../l10n/translate';

/** A run whose events go on coming while its process lives. */
export interface FollowedRun extends RunView {
  readonly plan?: Plan;
  /** Of steps that follow one another, the latest alone: a long run's are millions, and its log has them all. */
  readonly events: readonly RunEvent[];
}

export interface RunAppended {
  readonly run: FollowedRun;
  readonly events: readonly RunEvent[];
  /** Where in the run's log the last of them ended. */
  readonly bytes: number;
}

export interface RunEnded {
  readonly run: FollowedRun;
  readonly status: RunStatus;
}

interface Following {
  run: FollowedRun & { events: RunEvent[] };
  /** How much of its log was read at first, and so far. */
  readonly read: number;
  bytes: number;
  readonly tail: RunTail;
}

const REMEMBERED = 'runFolders';
/** Beyond that, old runs are found by their folder in the workspace or not at all. */
const MOST_REMEMBERED = 50;

export function isActive(status: RunStatus): boolean {
  return status === 'starting' || status === 'running';
}

/**
 * The runs this window knows: those started from it, now or before a reload, and those in the workspace's `runs`
 * folders. Run folders are the truth: what is kept here is what was read from them.
 */
export class RunRegistry implements vscode.Disposable {
  private readonly known = new Map<string, RunView>();
  private readonly notes = new Map<string, RunNotes>();
  private readonly faults = new Map<string, RunFault>();
  private readonly following = new Map<string, Promise<Following>>();
  private readonly followed = new Map<string, Following>();
  private readonly processes = new Map<string, TrainerProcess>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly appended = new vscode.EventEmitter<RunAppended>();
  private readonly ended = new vscode.EventEmitter<RunEnded>();

  /** The list of runs, or a status in it, is another. */
  readonly onDidChange = this.changed.event;
  readonly onDidAppend = this.appended.event;
  /** A run that this window followed came to its end. */
  readonly onDidEnd = this.ended.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Newest first. */
  get runs(): readonly RunView[] {
    return [...this.known.values()]
      .map((run) => {
        const fault = this.faults.get(run.id);
        return { ...run, ...this.notes.get(run.id), ...(fault && { fault }) };
      })
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Whether it is a run of this window, also where nobody has looked for it yet. */
  async finds(folder: string): Promise<boolean> {
    if (!this.known.has(folder)) await this.refresh();
    return this.known.has(folder);
  }

  /** The runs that are going on, newest first. */
  get active(): readonly FollowedRun[] {
    return this.runs
      .filter((run) => isActive(run.status))
      .flatMap((run) => this.followed.get(run.id)?.run ?? []);
  }

  /** Takes in a run that was just started here, or goes on here. */
  async add(folder: string, trainer: TrainerProcess): Promise<FollowedRun> {
    // One that had ended is followed no more.
    this.followed.get(folder)?.tail.dispose();
    this.followed.delete(folder);
    this.following.delete(folder);
    this.processes.set(folder, trainer);
    void trainer.exited.then(() => this.processes.delete(folder));
    const remembered = this.memory.get<string[]>(REMEMBERED, []).filter((other) => other !== folder);
    await this.memory.update(REMEMBERED, [folder, ...remembered].slice(0, MOST_REMEMBERED));
    return this.follow(folder);
  }

  /** Looks for run folders, and goes on following those whose process lives. */
  async refresh(): Promise<void> {
    const found = await vscode.workspace.findFiles('**/runs/*/events.jsonl', '**/node_modules/**', 1000);
    const outs = new Set(found.map((file) => path.dirname(path.dirname(file.fsPath))));
    const remembered = this.memory.get<string[]>(REMEMBERED, []);
    const summaries = [
      ...(await Promise.all([...outs].map(listRuns))).flat(),
      ...(await Promise.all(remembered.map(summarizeRun))).filter((summary) => summary !== undefined),
    ];
    this.faults.clear();
    for (const { folder, fault, ...run } of summaries) {
      if (fault) this.faults.set(folder, fault);
      if (!this.followed.has(folder)) this.known.set(folder, { id: folder, ...run });
    }
    await Promise.all([...this.known.keys()].map((folder) => this.lookAgain(folder)));
    await Promise.all(this.runs.filter((run) => isActive(run.status)).map((run) => this.follow(run.id)));
    this.changed.fire();
  }

  /** The run as it is, kept up to date from here on. */
  async follow(folder: string): Promise<FollowedRun> {
    return (await this.begin(folder, { steps: 'latest' })).run;
  }

  /**
   * Gives the run's whole history, in parts, and follows the run.
   * @returns where in its log the history ended: what `onDidAppend` tells of beyond is not in it
   */
  async readHistory(folder: string, onPart: NonNullable<ReadOptions['onPart']>): Promise<number> {
    const first = !this.following.has(folder);
    const following = await this.begin(folder, { onPart });
    if (first) return following.read;
    const upTo = following.bytes;
    await readRun(folder, { onPart, upTo });
    return upTo;
  }

  private begin(folder: string, options: ReadOptions): Promise<Following> {
    let following = this.following.get(folder);
    if (!following) {
      following = this.startFollowing(folder, options);
      this.following.set(folder, following);
      following.catch(() => this.following.delete(folder));
    }
    return following;
  }

  /** @throws Failure of kind `usage` for a run that is not known here */
  viewOf(folder: string): RunView {
    const run = this.runs.find(({ id }) => id === folder);
    if (run) return run;
    throw new Failure('usage', 'NO_RUN', t('{0}: no run that this window knows', folder), { path: folder });
  }

  /** Writes what people say of a run beside it. */
  async note(folder: string, changes: RunNotes): Promise<void> {
    const notes = { ...(await readNotes(folder)), ...changes };
    await writeNotes(folder, notes);
    this.notes.set(folder, await readNotes(folder));
    this.changed.fire();
  }

  /** Lets go of a run whose folder is gone. */
  async forget(folder: string): Promise<void> {
    this.drop(folder);
    const remembered = this.memory.get<string[]>(REMEMBERED, []).filter((other) => other !== folder);
    await this.memory.update(REMEMBERED, remembered);
    this.changed.fire();
  }

  /** How a run that is going on can be steered; nothing for one that is over. */
  steeringOf(folder: string): Steering | undefined {
    const following = this.followed.get(folder);
    if (!following || !isActive(following.run.status)) return undefined;
    const { plan } = following.run;
    return {
      keepsBest: keepsBest(plan),
      rates: plan?.phases.map(({ optimizer }) => optimizer.learningRate) ?? [],
    };
  }

  /** @throws Failure of kind `work` (`RUN_DEAF`) where the run is not this window's and its folder cannot be written to */
  async steer(folder: string, message: RunMessage): Promise<void> {
    const trainer = this.processes.get(folder);
    if (trainer) trainer.steer(message);
    else await steerRun(folder, message);
  }

  async stop(folder: string): Promise<void> {
    const trainer = this.processes.get(folder);
    const keepBest = this.steeringOf(folder)?.keepsBest ?? false;
    if (trainer) await trainer.stop({ keepBest });
    else await stopRun(folder, { keepBest });
  }

  /** The model that a finished run wrote: the `.h5` where there is one. */
  async resultOf(folder: string): Promise<string> {
    const { events, name } = await this.follow(folder);
    const files = (await resultFiles(folder, events)).map((result) => result.path);
    const file = files.find((candidate) => candidate.endsWith('.h5')) ?? files[0];
    if (file !== undefined) return file;
    throw new Failure(
      'work',
      'NO_RESULT',
      t('the run {0} left no model: a run writes it when it finishes', name),
      {
        path: folder,
      },
    );
  }

  dispose(): void {
    for (const { tail } of this.followed.values()) tail.dispose();
    this.changed.dispose();
    this.appended.dispose();
    this.ended.dispose();
  }

  private async startFollowing(folder: string, options: ReadOptions): Promise<Following> {
    const record = await readRun(folder, options);
    const { name, status, startedAt, plan, events } = record;
    const run = { id: folder, name, status, startedAt, events: [...events], ...(plan && { plan }) };
    const following: Following = {
      run,
      read: record.bytes,
      bytes: record.bytes,
      tail: tailRun(
        folder,
        {
          onEvents: (appended, bytes) => this.append(folder, appended, bytes),
          onStatus: (changed) => this.setStatus(folder, changed),
        },
        { after: record },
      ),
    };
    this.followed.set(folder, following);
    this.know(following.run);
    this.changed.fire();
    return following;
  }

  private async lookAgain(folder: string): Promise<void> {
    const gone = await access(folder).then(
      () => false,
      () => true,
    );
    if (gone) this.drop(folder);
    else this.notes.set(folder, await readNotes(folder));
  }

  private drop(folder: string): void {
    this.followed.get(folder)?.tail.dispose();
    this.followed.delete(folder);
    this.following.delete(folder);
    this.known.delete(folder);
    this.notes.delete(folder);
  }

  private append(folder: string, events: readonly RunEvent[], bytes: number): void {
    const following = this.followed.get(folder);
    if (!following) return;
    for (const event of events) keepLatest(following.run.events, event);
    following.bytes = bytes;
    const start = events.find((event) => event.type === 'start');
    if (start) {
      following.run = { ...following.run, name: start.name, startedAt: start.time };
      this.know(following.run);
      this.changed.fire();
    }
    if (events.some(({ type }) => type === 'epoch')) this.know(following.run);
    this.appended.fire({ run: following.run, events, bytes });
  }

  private setStatus(folder: string, status: RunStatus): void {
    const following = this.followed.get(folder);
    if (!following || following.run.status === status) return;
    const wasActive = isActive(following.run.status);
    following.run = { ...following.run, status };
    this.know(following.run);
    this.changed.fire();
    this.appended.fire({ run: following.run, events: [], bytes: following.bytes });
    if (isActive(status)) return;
    following.tail.dispose();
    if (wasActive) this.ended.fire({ run: following.run, status });
  }

  private know({ id, name, status, startedAt, events }: FollowedRun): void {
    const last = events.findLast((event) => event.type === 'epoch');
    const metrics = last?.type === 'epoch' ? last.metrics : undefined;
    this.known.set(id, { id, name, status, startedAt, ...(metrics && { metrics }) });
  }
}
