import { afterPlateauEpoch, ON_PLATEAU, type Plateau } from '../core/plan/plateau';
import type { Phase } from '../core/plan/plan';
import { rateShare } from '../core/plan/rate';
import type { Metrics } from '../core/run/events';

/** The learning rates of a phase, as its schedule has them. */
export class PhaseRate {
  private plateau: Plateau;

  /** @param kept what a checkpoint has of `state` */
  constructor(
    private readonly phase: Pick<Phase, 'epochs' | 'optimizer' | 'schedule'>,
    private readonly stepsPerEpoch: number,
    kept?: Readonly<Record<string, number>>,
  ) {
    this.plateau = { ...ON_PLATEAU, ...kept };
  }

  /**
   * In force in a step of the phase; nothing where the phase has no schedule.
   *
   * @param step taken in the phase before it
   */
  at(step: number): number | undefined {
    const { epochs, optimizer, schedule } = this.phase;
    if (!schedule) return undefined;
    const share = rateShare(schedule, { step, stepsPerEpoch: this.stepsPerEpoch, epochs });
    return optimizer.learningRate * share * this.plateau.share;
  }

  /** Takes the metrics of an epoch in. */
  after(metrics: Metrics): void {
    const { optimizer, schedule } = this.phase;
    if (schedule?.kind !== 'reduceOnPlateau') return;
    this.plateau = afterPlateauEpoch(schedule, this.plateau, metrics, optimizer.learningRate);
  }

  /** All that it remembers, for a checkpoint. */
  get state(): Readonly<Record<string, number>> | undefined {
    return this.phase.schedule?.kind === 'reduceOnPlateau' ? { ...this.plateau } : undefined;
  }
}
