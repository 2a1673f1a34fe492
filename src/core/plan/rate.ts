import type { Schedule } from './schedule';

/** Where in a phase a step is. */
export interface PhaseStep {
  /** Steps taken in the phase before it. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Of the phase. */
  readonly epochs: number;
}

/** What part of the optimizer's learning rate is in force in a step, `reduceOnPlateau`'s reductions left out. */
export function rateShare(schedule: Schedule, at: PhaseStep): number {
  const warmupSteps = warmupStepsOf(schedule, at.stepsPerEpoch);
  const since = at.step - warmupSteps;
  if (since < 0 && schedule.kind !== 'oneCycle') {
    const from = schedule.warmup?.from ?? 0;
    return from + (1 - from) * (at.step / warmupSteps);
  }
  const epochs = since / at.stepsPerEpoch;
  const steps = at.epochs * at.stepsPerEpoch;
  switch (schedule.kind) {
    case 'constant':
    case 'reduceOnPlateau':
      return 1;
    case 'step':
      return schedule.factor ** Math.floor(epochs / schedule.epochs);
    case 'cosine': {
      // Source: keras.optimizers.schedules.CosineDecay; decays over what the warm-up leaves of the phase.
      const done = Math.min(since / Math.max(steps - warmupSteps, 1), 1);
      return schedule.alpha + (1 - schedule.alpha) * falling(done);
    }
    case 'exponential': {
      // Source: keras.optimizers.schedules.ExponentialDecay.
      const times = epochs / schedule.epochs;
      return schedule.rate ** (schedule.staircase ? Math.floor(times) : times);
    }
    case 'oneCycle':
      return oneCycle(schedule, at.step, steps);
  }
}

/** Half a cosine from 1 at 0 to 0 at 1. */
const falling = (done: number): number => (1 + Math.cos(Math.PI * done)) / 2;

/**
 * Source: torch.optim.lr_scheduler.OneCycleLR with its defaults: two phases, cosines; the last step has the lowest rate.
 * After Smith and Topin, Super-convergence (2018).
 */
function oneCycle(
  { rise, divideFirst, divideLast }: Extract<Schedule, { readonly kind: 'oneCycle' }>,
  step: number,
  steps: number,
): number {
  const first = 1 / divideFirst;
  const last = first / divideLast;
  const top = rise * steps - 1;
  if (step <= top) return 1 + (first - 1) * falling(top === 0 ? 1 : step / top);
  const end = Math.max(steps - 1 - top, 1);
  return last + (1 - last) * falling(Math.min((step - top) / end, 1));
}

function warmupStepsOf(schedule: Schedule, stepsPerEpoch: number): number {
  const warmup = schedule.kind === 'oneCycle' ? undefined : schedule.warmup;
  if (!warmup) return 0;
  return 'steps' in warmup ? warmup.steps : Math.round(warmup.epochs * stepsPerEpoch);
}
