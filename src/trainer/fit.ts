import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../core/failure';
import type { Metrics, RunEvent } from '../core/run/events';
import { afterEpoch, type BestSoFar } from '../core/run/improvement';
import type { CheckpointState } from '../runs/checkpointFolder';
import { batchSource, type BatchSource, type StepBatch } from './batchSource';
import { EarlyEnd, watchedBy } from './bestEpoch';
import type { OpenCheckpoint } from './checkpoint/readCheckpoint';
import type { Recorder } from './checkpoint/recorder';
import type { Ask, RunControl } from './control';
import { describeNotFinite } from './diagnosis/finiteChecks';
import { withinMemory } from './diagnosis/outOfMemory';
import { describeStrange } from './diagnosis/strangeSamples';
import { FeatureCache } from './features/featureCache';
import { Means, metricsOf } from './means';
import { PhaseRate } from './phaseRate';
import type { Prepared, PreparedPhase } from './prepare';
import { StepThrottle } from './stepThrottle';
import { t } from '../l10n/translate';

/** Where a run stands. */
type Position = Pick<CheckpointState, 'phase' | 'phaseEpochs' | 'epoch' | 'step' | 'batch'>;

const BEGINNING: Position = { phase: 0, phaseEpochs: 0, epoch: 0, step: 0, batch: 0 };

const positionOf = ({ phase, phaseEpochs, epoch, step, batch }: CheckpointState): Position => ({
  ...{ phase, phaseEpochs, epoch, step, batch },
});

export interface FitOptions {
  readonly emit: (event: RunEvent) => void;
  readonly control: RunControl;
  readonly recorder: Recorder;
  /** Where to go on from; the weights are the executor's already. */
  readonly from?: OpenCheckpoint;
  /** Called between two epochs. */
  readonly betweenEpochs?: () => Promise<void>;
}

/** The training loop of a run: phases of epochs of steps, told as events, kept as checkpoints. */
export class Fit {
  private at: Position;
  private means: Means;
  private best: BestSoFar | undefined;
  private earlyEnd: EarlyEnd;
  /** A learning rate that somebody has set for the rest of the phase. */
  private rate: number | undefined;
  private phaseRate: PhaseRate;
  private inStep = false;
  private readonly features: FeatureCache;
  /** Of the phase in hand. */
  private source: BatchSource;
  private readonly throttle = new StepThrottle(performance.now());

  constructor(
    private readonly prepared: Prepared,
    private readonly options: FitOptions,
  ) {
    const { executor, plan, model, data, engine, source } = prepared;
    const { emit, control } = options;
    const { graph } = model;
    this.features = new FeatureCache({ executor, graph, plan, data, engine, emit, stop: control.stop });
    this.source = source;
    const state = options.from?.state;
    this.at = state ? positionOf(state) : BEGINNING;
    this.means = state ? Means.from(state.means) : new Means();
    this.best = state?.best;
    this.rate = state?.learningRate;
    this.phaseRate = this.openRate(prepared.phases[this.at.phase], state?.schedule);
    this.earlyEnd = new EarlyEnd(prepared.plan.earlyStopping, prepared.executor);
  }

  /**
   * Whether it came to its end; false where it was stopped.
   * @throws Failure of kind `work` where the loss is no longer a number
   */
  async run(): Promise<boolean> {
    try {
      const { phases } = this.prepared;
      await this.openPhase(phases[this.at.phase], this.options.from);
      while (await this.runPhase(phases[this.at.phase])) {
        if (this.at.phase + 1 === phases.length) return true;
        this.at = { ...this.at, phase: this.at.phase + 1, phaseEpochs: 0 };
        await this.openPhase(phases[this.at.phase]);
      }
      await this.save('last');
      await this.keepBestIfAsked();
      return false;
    } catch (error) {
      // Data that cannot be read costs nothing that was learned; an error inside of a step leaves half a step.
      if (error instanceof Failure && error.kind === 'input' && !this.inStep) await this.save('last');
      throw error;
    } finally {
      this.earlyEnd.dispose();
      await this.features.close();
    }
  }

  private async openPhase(phase: PreparedPhase, from?: OpenCheckpoint): Promise<void> {
    const { executor, plan } = this.prepared;
    executor.beginPhase(phase.options);
    this.earlyEnd.dispose();
    if (from) {
      executor.restoreOptimizer(await from.optimizer());
      const { stopping } = from.state;
      // The weights of the best epoch are beside these, or are these.
      const weights =
        (await from.best()) ??
        (plan.earlyStopping?.restoreBest && stopping ? executor.snapshot() : undefined);
      this.earlyEnd = new EarlyEnd(plan.earlyStopping, executor, stopping, weights);
      return;
    }
    this.rate = undefined;
    this.phaseRate = this.openRate(phase);
    this.earlyEnd = new EarlyEnd(plan.earlyStopping, executor);
    const weighted = phase.graph.layers.filter((layer) => layer.weights.length > 0);
    const trained = weighted.filter((layer) => layer.trainable);
    this.options.emit({
      type: 'phase',
      time: Date.now(),
      phase: this.at.phase,
      epoch: this.at.epoch + 1,
      trainableLayers: trained.length,
      frozenLayers: weighted.length - trained.length,
    });
  }

  /** False where it was stopped. */
  private async runPhase(phase: PreparedPhase): Promise<boolean> {
    const { plan, data } = this.prepared;
    this.source = batchSource(plan, data, await this.features.forPhase(this.at.phase));
    while (this.at.phaseEpochs < phase.epochs && !this.earlyEnd.isDue) {
      if (!(await this.runEpoch(phase))) return false;
    }
    const { best } = this.earlyEnd;
    const { emit } = this.options;
    const { epoch, step } = this.at;
    const monitor = this.prepared.plan.earlyStopping?.monitor;
    if (!best || monitor === undefined) return true;
    if (this.earlyEnd.isDue) {
      emit({
        type: 'earlyStop',
        time: Date.now(),
        epoch,
        step,
        monitor,
        best: best.value,
        bestEpoch: best.epoch,
      });
    }
    this.restoreBest(monitor);
    return true;
  }

  private restoreBest(monitor: string): boolean {
    const restored = this.earlyEnd.restore();
    if (!restored) return false;
    const { epoch, value } = restored;
    this.options.emit({ type: 'restored', time: Date.now(), epoch, monitor, value });
    return true;
  }

  private async keepBestIfAsked(): Promise<void> {
    const { control, recorder, emit } = this.options;
    const { plan, data } = this.prepared;
    if (!control.keepBest) return;
    const { monitor } = watchedBy(plan, data.validation.indices.length > 0);
    if (this.restoreBest(monitor)) return;
    if (this.best && (await recorder.restoreEpoch(this.best.epoch))) {
      const { epoch, value } = this.best;
      emit({ type: 'restored', time: Date.now(), epoch, monitor, value });
      return;
    }
    const message = t(
      'there are no weights of the best epoch to go back to: the model is as after its last step',
    );
    emit({ type: 'warning', time: Date.now(), code: 'BEST_NOT_KEPT', message });
  }

  private async runEpoch(phase: PreparedPhase): Promise<boolean> {
    const { emit, recorder, betweenEpochs } = this.options;
    const began = performance.now();
    const samplesBefore = this.means.samples;
    if (!(await this.trainEpoch())) return false;
    const trained = performance.now();
    const validation = await this.validate();
    if (!validation) return false;
    const metrics = { ...this.means.metrics(), ...validation };
    const samples = this.means.samples - samplesBefore;
    const { epoch, phaseEpochs, step } = this.at;
    this.at = { ...this.at, epoch: epoch + 1, phaseEpochs: phaseEpochs + 1, batch: 0 };
    this.means = new Means();
    emit({
      type: 'epoch',
      time: Date.now(),
      epoch: this.at.epoch,
      step,
      metrics,
      seconds: (performance.now() - began) / 1000,
      samplesPerSecond: samples / ((trained - began) / 1000),
    });
    this.takeIn(metrics);
    const isLast =
      this.at.phase + 1 === this.prepared.phases.length &&
      (this.at.phaseEpochs === phase.epochs || this.earlyEnd.isDue);
    const isBest = this.best?.epoch === this.at.epoch;
    const due = recorder.dueAfter({ count: this.at.epoch, isBest, isLast });
    if (due) await this.save(due);
    await betweenEpochs?.();
    return true;
  }

  private takeIn(metrics: Metrics): void {
    const { plan, data } = this.prepared;
    const watched = watchedBy(plan, data.validation.indices.length > 0);
    this.best = afterEpoch({ ...watched, minDelta: 0 }, this.best, this.at.epoch, metrics);
    this.earlyEnd.after(this.at.epoch, metrics);
    this.phaseRate.after(metrics);
  }

  private openRate(phase: PreparedPhase, kept?: CheckpointState['schedule']): PhaseRate {
    return new PhaseRate(phase, this.stepsPerEpoch, kept);
  }

  private get stepsPerEpoch(): number {
    return Math.ceil(this.source.samples / this.prepared.plan.batchSize);
  }

  /** What somebody has set goes before what the schedule says. */
  private setRate(executor: Prepared['executor']): void {
    const step = this.at.phaseEpochs * this.stepsPerEpoch + this.at.batch;
    const rate = this.rate ?? this.phaseRate.at(step);
    if (rate !== undefined) executor.learningRate = rate;
  }

  /** Trains what is left of the epoch in hand; false where it was stopped. */
  private async trainEpoch(): Promise<boolean> {
    const { source } = this;
    const { executor } = this.prepared;
    const { emit, recorder } = this.options;
    const epoch = this.at.epoch + 1;
    for await (const batch of source.train(epoch, this.at.batch)) {
      if (!(await this.mayGoOn())) return false;
      this.inStep = true;
      this.setRate(executor);
      const result = await withinMemory(
        batch,
        ({ inputs, labels }) => executor.trainStep(inputs, labels),
        () => t('step {0} (epoch {1})', this.at.step + 1, epoch),
      );
      this.inStep = false;
      const step = this.at.step + 1;
      this.at = { ...this.at, step, batch: this.at.batch + 1 };
      const metrics = metricsOf(result);
      if (!isFinite(metrics.loss)) throw await this.lossNotFinite(batch, metrics.loss);
      this.means.add(result);
      if (this.throttle.allows(performance.now()) || this.means.samples === source.samples) {
        emit({ type: 'step', time: Date.now(), step, epoch, metrics });
      }
      const due = recorder.dueByItself();
      if (due) await this.save(due);
    }
    return true;
  }

  /** The validation metrics, none where there is no validation data; nothing where it was stopped. */
  private async validate(): Promise<Metrics | undefined> {
    const { executor } = this.prepared;
    const means = new Means();
    for await (const batch of this.source.validate()) {
      if (!(await this.mayGoOn())) return undefined;
      const result = await withinMemory(
        batch,
        ({ inputs, labels }) => executor.evaluate(inputs, labels),
        () => t('validation after step {0} (epoch {1})', this.at.step, this.at.epoch + 1),
      );
      means.add(result);
    }
    return means.metrics('val_');
  }

  /**
   * Hears what was asked for; false where the run is to stop. Lets messages and signals in first: an engine that computes
   * on this thread resolves its promises without ever giving the event loop a turn.
   */
  private async mayGoOn(): Promise<boolean> {
    const { control, emit } = this.options;
    const where = () => ({ time: Date.now(), epoch: this.at.epoch, step: this.at.step });
    let waited = false;
    await turn();
    for (;;) {
      if (control.stop.aborted) return false;
      for (const ask of control.take()) await this.carryOut(ask);
      if (!control.paused) break;
      const change = control.change();
      if (!waited) emit({ type: 'paused', ...where() });
      waited = true;
      await change;
    }
    if (waited) emit({ type: 'resumed', ...where() });
    return true;
  }

  private async carryOut(ask: Ask): Promise<void> {
    switch (ask.type) {
      case 'saveCheckpoint':
        return this.save('asked');
      case 'setLearningRate': {
        const { learningRate } = ask;
        const { epoch, step } = this.at;
        if (!(learningRate > 0 && Number.isFinite(learningRate))) {
          const message = t(
            'found the learning rate {0}, expected a number above 0; it stays as it is',
            learningRate,
          );
          this.options.emit({ type: 'warning', time: Date.now(), code: 'LEARNING_RATE', message });
          return;
        }
        this.rate = learningRate;
        this.prepared.executor.learningRate = learningRate;
        this.options.emit({ type: 'learningRate', time: Date.now(), epoch, step, learningRate });
      }
    }
  }

  private async save(reason: Parameters<Recorder['save']>[0]): Promise<void> {
    const { best: stopping, bestWeights } = this.earlyEnd;
    const { state: schedule } = this.phaseRate;
    const areThese = this.at.batch === 0 && stopping?.epoch === this.at.epoch;
    await this.options.recorder.save(
      reason,
      {
        ...this.at,
        means: this.means.soFar(),
        ...(this.rate !== undefined && { learningRate: this.rate }),
        ...(schedule && { schedule }),
        ...(stopping && { stopping }),
        ...(this.best && { best: this.best }),
      },
      areThese ? undefined : bestWeights,
    );
  }

  /** Nothing was moved by the step that it is about: the newest checkpoint is from before it. */
  private async lossNotFinite(batch: StepBatch, loss: number | undefined): Promise<Failure> {
    const { executor } = this.prepared;
    const found = await executor.findNotFinite(batch.inputs, batch.labels);
    const samples = found?.what === 'input' ? describeStrange(batch, this.prepared.data.classes) : '';
    const first = found
      ? t('the first tensor that is not finite is {0}{1}', describeNotFinite(found), samples)
      : t('no tensor says why');
    return new Failure(
      'work',
      'LOSS_NOT_FINITE',
      t(
        'the loss is {0} at step {1} (epoch {2}), expected a number; {3}; lower the learning rate (now {4}) or check how the data is preprocessed',
        loss,
        this.at.step,
        this.at.epoch + 1,
        first,
        executor.learningRate,
      ),
      found?.layer === undefined ? {} : { layer: found.layer },
    );
  }
}

const isFinite = (loss: number | undefined): boolean => loss === undefined || Number.isFinite(loss);
