import type { FeaturesEvent, RunEvent } from '../../core/run/events';
import type { LayerGraph } from '../../core/graph/layerGraph';
import { layersById } from '../../core/graph/lookup';
import type { Plan } from '../../core/plan/plan';
import type { TrainingData } from '../../data/openData';
import type { EngineFound } from '../../protocol/engines';
import type { Executor } from '../executor';
import { prefixGraph, type Crossing } from '../program/crossing';
import { foldBatchNormalization, type Computable } from '../program/fold';
import { budgetOf, type Budget } from './budget';
import { featuresFolder } from './cacheFolder';
import { computeFeatures } from './compute';
import { featureKey } from './featureKey';
import { FeatureStore } from './featureStore';
import { Forwards } from './forwards';
import { Keeper, NotKept, reasonOf } from './keeper';
import { bytesOf } from './layout';
import type { Rows } from './rows';
import { Features, keptFor, samplesToKeep, type KeptSamples, type Wanted } from './wanted';
import { t } from '../../l10n/translate';

export interface FeatureContext {
  readonly executor: Pick<Executor, 'crossing' | 'weight'>;
  readonly graph: LayerGraph;
  readonly plan: Plan;
  readonly data: TrainingData;
  readonly engine: EngineFound;
  readonly emit: (event: RunEvent) => void;
  readonly stop: AbortSignal;
}

/** How often a computation tells how far it is; milliseconds. */
const TELL_EVERY = 1000;

/**
 * What the frozen prefix of each phase makes of the samples, worked out once: before the phase, or in an earlier phase or
 * run of the same weights and data. Phases with other freeze rules, or whose prefix was trained meanwhile, have their own.
 */
export class FeatureCache {
  private readonly budget: Budget | undefined;
  private readonly store: FeatureStore | undefined;
  private readonly open = new Map<string, Rows>();

  constructor(private readonly context: FeatureContext) {
    this.budget = budgetOf(context.plan.cacheFeatures);
    const disk = this.budget?.disk ?? 0;
    if (disk > 0) this.store = new FeatureStore(featuresFolder(), disk);
  }

  /**
   * The features for the phase that the executor has begun; nothing where samples are to run through the prefix in every
   * step: caching is off, nothing is frozen at the beginning, features would not fit or do not keep samples apart, or the
   * run is being stopped.
   *
   * @param phase from zero
   * @throws Failure of kind `input` for a sample that cannot be read
   */
  async forPhase(phase: number): Promise<Features | undefined> {
    const { executor, data, plan } = this.context;
    if (!this.budget) return undefined;
    const wanted = samplesToKeep(plan, data);
    const crossing = executor.crossing();
    const isAsked = plan.cacheFeatures !== 'auto';
    if (!crossing) {
      if (isAsked) this.warn(t('no layer with weights is frozen before all that are trained'));
      return undefined;
    }
    if (isAsked && !data.repeats) {
      this.warn(
        t('training images are augmented anew in each epoch; give augment "copies" to keep theirs too'),
      );
    }
    try {
      return await this.keep(wanted, crossing, this.budget, phase);
    } catch (error) {
      if (!(error instanceof NotKept)) throw error;
      this.warn(error.message);
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.closeOthers([]);
  }

  private async keep(
    wanted: readonly Wanted[],
    crossing: Crossing,
    budget: Budget,
    phase: number,
  ): Promise<Features | undefined> {
    const { executor, graph, engine } = this.context;
    const model = foldBatchNormalization({
      graph: prefixGraph(graph, crossing),
      weights: (layer, { name }) => executor.weight(layer, name),
    });
    const telling = this.telling(crossing, phase, wanted);
    const forwards = new Forwards(model, engine, (reason) => this.warn(reason, 'FEATURES_SLOWER'));
    const kept: KeptSamples[] = [];
    try {
      let memory = budget.memory;
      for (const part of wanted) {
        const rows = await this.rowsOf(part, model, forwards, memory, telling.progress);
        if (!rows) return undefined;
        if (rows.kept === 'memory') memory -= bytesOf(rows.layout);
        kept.push(keptFor(part, rows));
      }
    } finally {
      await forwards.dispose();
    }
    await this.closeOthers(kept.map(({ rows }) => rows));
    telling.done(kept, forwards.by);
    return new Features(crossing, kept);
  }

  /** From this run, from the disk, or computed; nothing where the run is being stopped. */
  private async rowsOf(
    part: Wanted,
    model: Computable,
    forwards: Forwards,
    memory: number,
    progress: (added: number) => void,
  ): Promise<Rows | undefined> {
    const { plan, stop } = this.context;
    const { data } = plan;
    const isDrawn = data.kind !== 'arrays' && data.augment !== undefined;
    // How samples are split says nothing of what they are.
    const how = {
      ...data,
      validation: undefined,
      seed: isDrawn ? plan.seed : undefined,
      indices: part.digest,
    };
    for (;;) {
      const forward = await forwards.best();
      const key = await featureKey(model, how, await part.dataset.fingerprint(), forward.by);
      const known = this.open.get(key) ?? (await this.fromDisk(key, memory));
      if (known) {
        this.open.set(key, known);
        return known;
      }
      const keeper = new Keeper(key, this.store, memory, (message) => this.warn(message));
      try {
        const isDone = await computeFeatures({
          dataset: part.dataset,
          indices: part.indices,
          forward: await forward.open(),
          check: (batch, outputs) => forwards.check(batch, outputs),
          sink: (records, layout) => keeper.take(records, layout),
          progress,
          stop,
        });
        if (!isDone) return undefined;
        const rows = await keeper.finish();
        this.open.set(key, rows);
        return rows;
      } catch (error) {
        if (!(await forwards.giveUp(error))) throw error;
      } finally {
        await keeper.abandon();
      }
    }
  }

  /** What is broken is computed again. */
  private async fromDisk(key: string, memory: number): Promise<Rows | undefined> {
    try {
      return await this.store?.open(key, memory);
    } catch (cause) {
      this.warn(t('features of an earlier run are computed again: {0}', reasonOf(cause)), 'FEATURES_BROKEN');
      return undefined;
    }
  }

  private async closeOthers(inUse: readonly Rows[]): Promise<void> {
    for (const [key, rows] of this.open) {
      if (inUse.includes(rows)) continue;
      this.open.delete(key);
      await rows.close();
    }
  }

  private warn(message: string, code = 'FEATURES_NOT_KEPT'): void {
    this.context.emit({ type: 'warning', time: Date.now(), code, message });
  }

  private telling(crossing: Crossing, phase: number, wanted: readonly Wanted[]) {
    const { emit, graph } = this.context;
    const began = performance.now();
    const byId = layersById(graph);
    const samples = wanted.reduce((sum, { indices }) => sum + indices.length, 0);
    const about = {
      phase,
      samples,
      after: crossing.tensors.map(({ ref }) => byId.get(ref.layer)?.name ?? ref.layer),
    };
    const tell = (event: Pick<FeaturesEvent, 'done' | 'kept'>) => {
      const seconds = (performance.now() - began) / 1000;
      emit({ type: 'features', time: Date.now(), ...about, ...event, seconds });
    };
    let computed = 0;
    let told = -Infinity;
    return {
      progress: (added: number) => {
        computed += added;
        if (performance.now() - told < TELL_EVERY || computed >= samples) return;
        told = performance.now();
        tell({ done: computed });
      },
      done: (all: readonly KeptSamples[], by: string) => {
        const bytes = all.reduce((sum, { rows }) => sum + bytesOf(rows.layout), 0);
        const where = all.some(({ rows }) => rows.kept === 'disk') ? 'disk' : 'memory';
        tell({ done: samples, kept: { where, bytes, by, computed } });
      },
    };
  }
}
