import { rm } from 'node:fs/promises';
import { Failure } from '../../core/failure';
import type { LayerGraph } from '../../core/graph/layerGraph';
import type { CheckpointPlan } from '../../core/plan/stopping';
import type { CheckpointEvent, RunEvent } from '../../core/run/events';
import {
  checkpointName,
  checkpointsFolder,
  listCheckpoints,
  type CheckpointState,
} from '../../runs/checkpointFolder';
import type { Executor, WeightSnapshot } from '../executor';
import { openCheckpoint } from './readCheckpoint';
import { writeCheckpoint } from './writeCheckpoint';
import { t } from '../../l10n/translate';

type Reason = CheckpointEvent['reason'];

/** How often a run whose plan does not speak of checkpoints keeps one, in milliseconds: what a kill may cost. */
const BY_ITSELF_MS = 60_000;
/** A checkpoint by itself takes at most this share of the time. */
const SHARE_BY_ITSELF = 0.01;

/** What the loop knows of where it stands; the rest is the optimizer's. */
export type LoopState = Omit<CheckpointState, 'version' | 'time' | 'optimizer'>;

export interface RecorderOptions {
  readonly run: string;
  readonly graph: LayerGraph;
  readonly labels: readonly string[];
  readonly executor: Executor;
  /** Names of the layers that some phase trains. */
  readonly trained: ReadonlySet<string>;
  /** Left out where the plan does not speak of checkpoints: then the newest is kept, and none once the run is done. */
  readonly plan?: CheckpointPlan;
  readonly emit: (event: RunEvent) => void;
}

/** Keeps the checkpoints of a run: when one is due, and what becomes of a disk that refuses it. */
export class Recorder {
  /** By a clock that nobody sets: one that is set back would put the next off. */
  private writtenAt = performance.now();
  private pauseMs = BY_ITSELF_MS;
  /** The newest that is whole. */
  private newest: string | undefined;

  constructor(private readonly options: RecorderOptions) {}

  /** Takes note of the checkpoint that the run goes on from. */
  continuesFrom(name: string): void {
    this.newest = name;
  }

  /** Why a checkpoint is due after a whole epoch, if it is. */
  dueAfter(epoch: {
    readonly count: number;
    readonly isBest: boolean;
    readonly isLast: boolean;
  }): Reason | undefined {
    const { plan } = this.options;
    if (!plan) return this.dueByItself();
    if (epoch.isBest) return 'best';
    if (epoch.count % plan.every === 0) return 'epoch';
    return epoch.isLast ? 'last' : undefined;
  }

  /** Inside of an epoch, which may take hours; a plan that asks for checkpoints says when itself. */
  dueByItself(): Reason | undefined {
    const isDue = !this.options.plan && performance.now() - this.writtenAt >= this.pauseMs;
    return isDue ? 'time' : undefined;
  }

  /**
   * Writes a checkpoint and tells of it. A disk that refuses it costs a warning: the run goes on, the one before stays.
   * @param best weights that the run may go back to, where they are not these
   */
  async save(reason: Reason, loop: LoopState, best?: WeightSnapshot): Promise<void> {
    const { run, graph, labels, executor, trained, plan, emit } = this.options;
    const name = checkpointName(loop);
    if (reason === 'last' && this.newest === name) return;
    const began = performance.now();
    try {
      const optimizer = await executor.optimizerState();
      const { steps, learningRate } = optimizer;
      const state = { version: 1 as const, time: Date.now(), ...loop, optimizer: { steps, learningRate } };
      const folder = await writeCheckpoint({
        ...{ run, graph, labels, executor, trained, optimizer, state },
        ...(best && { best }),
        keep: plan?.keep ?? 1,
      });
      this.newest = name;
      emit({ type: 'checkpoint', time: Date.now(), epoch: loop.epoch, step: loop.step, folder, reason });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      emit({
        type: 'warning',
        time: Date.now(),
        code: 'CHECKPOINT_NOT_WRITTEN',
        message:
          this.newest === undefined
            ? t(
                'no checkpoint after step {0}: {1}; the run goes on, there is none before it',
                loop.step,
                error.message,
              )
            : t(
                'no checkpoint after step {0}: {1}; the run goes on, {2} stays',
                loop.step,
                error.message,
                this.newest,
              ),
      });
    }
    this.writtenAt = performance.now();
    this.pauseMs = Math.max(BY_ITSELF_MS, (this.writtenAt - began) / SHARE_BY_ITSELF);
  }

  /** Sets the weights of an epoch back, where there is a checkpoint of it. @returns whether there is */
  async restoreEpoch(epoch: number): Promise<boolean> {
    const { run, graph, executor, trained } = this.options;
    const found = (await listCheckpoints(run)).find(
      ({ state }) => state.batch === 0 && state.epoch === epoch,
    );
    if (!found) return false;
    const checkpoint = await openCheckpoint(found);
    const weights = await checkpoint.weightsOf(graph.layers.filter(({ name }) => trained.has(name)));
    executor.restore(weights);
    weights.dispose();
    return true;
  }

  /** A finished run whose plan asked for none needs none any more. What a disk does not let go of costs it nothing. */
  async finish(): Promise<void> {
    if (this.options.plan) return;
    await rm(checkpointsFolder(this.options.run), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What a disk or a system says no with; anything else is a mistake of ours. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Failure || (error instanceof Error && 'syscall' in error);
}
