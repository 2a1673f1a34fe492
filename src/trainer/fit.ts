import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../core/failure';
import type { Metrics, RunEvent } from '../core/run/events';
import { batches } from '../data/batches';
import { seededRandom } from '../data/random';
import { shuffled } from '../data/shuffle';
import { Means, metricsOf } from './means';
import type { Prepared, PreparedPhase } from './prepare';
import { StepThrottle } from './stepThrottle';

/** The training loop of a run: phases of epochs of steps, told as events. */
export class Fit {
  private step = 0;
  private epoch = 0;
  private readonly throttle = new StepThrottle(Date.now());

  constructor(
    private readonly prepared: Prepared,
    private readonly emit: (event: RunEvent) => void,
    private readonly stop: AbortSignal,
  ) {}

  /**
   * Whether it came to its end; false where it was stopped.
   * @throws Failure of kind `work` where the loss is no longer a number
   */
  async run(): Promise<boolean> {
    const { executor, phases } = this.prepared;
    for (const [index, phase] of phases.entries()) {
      executor.beginPhase(phase.options);
      const weighted = phase.graph.layers.filter((layer) => layer.weights.length > 0);
      const trained = weighted.filter((layer) => layer.trainable);
      this.emit({
        type: 'phase',
        time: Date.now(),
        phase: index,
        epoch: this.epoch + 1,
        trainableLayers: trained.length,
        frozenLayers: weighted.length - trained.length,
      });
      for (let count = 0; count < phase.epochs; count++) {
        if (!(await this.runEpoch(phase))) return false;
      }
    }
    return true;
  }

  private async runEpoch(phase: PreparedPhase): Promise<boolean> {
    this.epoch++;
    const began = performance.now();
    const training = await this.trainEpoch(phase);
    const trained = performance.now();
    if (!training) return false;
    const validation = await this.validate();
    if (!validation) return false;
    this.emit({
      type: 'epoch',
      time: Date.now(),
      epoch: this.epoch,
      step: this.step,
      metrics: { ...training.metrics(), ...validation },
      seconds: (performance.now() - began) / 1000,
      samplesPerSecond: training.samples / ((trained - began) / 1000),
    });
    return true;
  }

  /** The means over the epoch's samples; nothing where it was stopped. */
  private async trainEpoch(phase: PreparedPhase): Promise<Means | undefined> {
    const { executor, plan, data } = this.prepared;
    const { dataset, indices } = data.trainAt(this.epoch);
    const order = plan.shuffle ? shuffled(indices, seededRandom(plan.seed, this.epoch)) : indices;
    const means = new Means();
    for await (const batch of batches(dataset, order, plan.batchSize)) {
      if (await this.stopped()) return undefined;
      const result = await executor.trainStep([batch], batch.labels);
      this.step++;
      const metrics = metricsOf(result);
      this.requireFinite(metrics, phase);
      means.add(result);
      const now = Date.now();
      if (this.throttle.allows(now) || means.samples === order.length) {
        this.emit({ type: 'step', time: now, step: this.step, epoch: this.epoch, metrics });
      }
    }
    return means;
  }

  /** The validation metrics, none where there is no validation data; nothing where it was stopped. */
  private async validate(): Promise<Metrics | undefined> {
    const { executor, plan, data } = this.prepared;
    const { dataset, indices } = data.validation;
    const means = new Means();
    for await (const batch of batches(dataset, indices, plan.batchSize)) {
      if (await this.stopped()) return undefined;
      means.add(await executor.evaluate([batch], batch.labels));
    }
    return means.metrics('val_');
  }

  /**
   * Lets messages and signals in first: an engine that computes on this thread resolves its promises without ever
   * giving the event loop a turn.
   */
  private async stopped(): Promise<boolean> {
    await turn();
    return this.stop.aborted;
  }

  private requireFinite(metrics: Metrics, phase: PreparedPhase): void {
    const loss = metrics.loss;
    if (loss === undefined || Number.isFinite(loss)) return;
    throw new Failure(
      'work',
      'LOSS_NOT_FINITE',
      `the loss is ${loss} at step ${this.step} (epoch ${this.epoch}), expected a number; ` +
        `lower the learning rate (now ${phase.optimizer.learningRate}) or check how the data is preprocessed`,
    );
  }
}
