import * as vscode from 'vscode';
import type { MachineStatus } from '../core/run/machine';
import { LiveFigures, type RunFigures } from '../core/run/liveFigures';
import { readMachine } from '../runs/machineFile';
import type { FollowedRun, RunRegistry } from './runRegistry';

/** A run that is going on, with where it is and what it takes. */
export interface LiveRun {
  readonly run: FollowedRun;
  /** Nothing before it has told what it is. */
  readonly figures: RunFigures | undefined;
  readonly machine: MachineStatus | undefined;
}

/** Times left pass, and trainers tell of their machine every two seconds. */
const LOOK_MS = 1_000;

/** The runs that are going on, for what tells of them in a few words; told of at most once a second. */
export class LiveRuns implements vscode.Disposable {
  private readonly figures = new Map<string, LiveFigures>();
  private readonly machines = new Map<string, MachineStatus>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly machineTold = new vscode.EventEmitter<{ id: string; machine: MachineStatus }>();
  private readonly subscriptions: readonly vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  /** Some run goes on, is elsewhere than it was, or goes on no more. */
  readonly onDidChange = this.changed.event;
  readonly onDidTellMachine = this.machineTold.event;

  constructor(private readonly registry: RunRegistry) {
    this.subscriptions = [
      registry.onDidChange(() => this.changeRuns()),
      registry.onDidAppend(({ run, events }) => {
        for (const event of events) this.figures.get(run.id)?.take(event);
      }),
    ];
  }

  /** Newest first. */
  get runs(): readonly LiveRun[] {
    return this.registry.active.map((run) => ({
      run,
      figures: this.figures.get(run.id)?.at(Date.now()),
      machine: this.machines.get(run.id),
    }));
  }

  dispose(): void {
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
    this.machineTold.dispose();
  }

  private changeRuns(): void {
    const { active } = this.registry;
    const ids = new Set(active.map(({ id }) => id));
    for (const id of [...this.figures.keys()].filter((known) => !ids.has(known))) {
      this.figures.delete(id);
      this.machines.delete(id);
    }
    for (const { id, events } of active) {
      if (this.figures.has(id)) continue;
      const figures = new LiveFigures();
      for (const event of events) figures.take(event);
      this.figures.set(id, figures);
    }
    clearInterval(this.timer);
    if (active.length > 0) this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.changed.fire();
  }

  private async look(): Promise<void> {
    for (const { id } of this.registry.active) {
      const machine = await readMachine(id);
      if (!machine || !this.figures.has(id) || machine.time === this.machines.get(id)?.time) continue;
      this.machines.set(id, machine);
      this.machineTold.fire({ id, machine });
    }
    this.changed.fire();
  }
}
