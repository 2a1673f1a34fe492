import type { Plan } from '../core/plan/plan';
import { Failure } from '../core/failure';
import { afterEpoch, isExhausted, type BestSoFar, type Watched } from '../core/run/improvement';
import type { Metrics } from '../core/run/events';
import type { Executor, WeightSnapshot } from './executor';
import { t } from '../l10n/translate';

/** What the best epoch of a run goes by: what the plan watches, else the loss on data that was held out, if any was. */
export function watchedBy({ earlyStopping }: Plan, hasValidation: boolean): Watched {
  return earlyStopping ?? { monitor: hasValidation ? 'val_loss' : 'loss', mode: 'auto', minDelta: 0 };
}

/** @throws Failure of kind `input` (`MONITOR_UNKNOWN`) for a metric that the run will not measure */
export function requireMonitor({ earlyStopping, metrics, phases }: Plan, hasValidation: boolean): void {
  const watching = phases.flatMap(({ schedule }, index) =>
    schedule?.kind === 'reduceOnPlateau'
      ? [{ at: `phases[${index}].schedule`, monitor: schedule.monitor }]
      : [],
  );
  const measured = ['loss', ...metrics];
  const names = hasValidation ? [...measured, ...measured.map((name) => `val_${name}`)] : measured;
  if (earlyStopping) watching.unshift({ at: 'earlyStopping', monitor: earlyStopping.monitor });
  const strange = watching.find(({ monitor }) => !names.includes(monitor));
  if (!strange) return;
  const { at, monitor } = strange;
  const known = names.join(', ');
  const message =
    monitor.startsWith('val_') && !hasValidation
      ? t(
          '{0}.monitor: found "{1}", expected one of {2}; the plan holds no data out for validation',
          at,
          monitor,
          known,
        )
      : t('{0}.monitor: found "{1}", expected one of {2}', at, monitor, known);
  throw new Failure('input', 'MONITOR_UNKNOWN', message);
}

/** Decides when a phase ends early, and keeps the weights of its best epoch where it may go back to them. */
export class EarlyEnd {
  private weights: WeightSnapshot | undefined;

  /**
   * @param best as of a checkpoint
   * @param weights those of the best epoch; taken over
   */
  constructor(
    private readonly plan: Plan['earlyStopping'],
    private readonly executor: Executor,
    private bestSoFar?: BestSoFar,
    weights?: WeightSnapshot,
  ) {
    this.weights = weights;
  }

  get best(): BestSoFar | undefined {
    return this.bestSoFar;
  }

  /** The weights of the best epoch, where the run may go back to them. */
  get bestWeights(): WeightSnapshot | undefined {
    return this.weights;
  }

  get isDue(): boolean {
    return this.plan !== undefined && isExhausted(this.bestSoFar, this.plan.patience);
  }

  after(epoch: number, metrics: Metrics): void {
    if (!this.plan) return;
    this.bestSoFar = afterEpoch(this.plan, this.bestSoFar, epoch, metrics);
    if (!this.plan.restoreBest || this.bestSoFar?.epoch !== epoch) return;
    this.weights?.dispose();
    this.weights = this.executor.snapshot();
  }

  /** Sets the weights of the best epoch back. @returns that epoch; nothing where no weights are kept */
  restore(): BestSoFar | undefined {
    if (!this.weights) return undefined;
    this.executor.restore(this.weights);
    return this.bestSoFar;
  }

  dispose(): void {
    this.weights?.dispose();
    this.weights = undefined;
  }
}
