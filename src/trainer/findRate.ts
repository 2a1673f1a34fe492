import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../core/failure';
import type { FindRateRequest, RateFound } from '../protocol/trainer';
import type { BatchSource } from './batchSource';
import type { Executor, PhaseOptions } from './executor';
import { prepare } from './prepare';
import { t } from '../l10n/translate';

/** Steps of a sweep. */
export const MOST_STEPS = 100;
/** The rates that it goes through, as fastai does: what every optimizer stands, and what none does. */
const [LOWEST, HIGHEST] = [1e-7, 10];
/** A loss so many times the lowest one has left for good. */
const LOST = 4;
/** Steps before a loss is compared: the first ones are noise. */
const SETTLING = MOST_STEPS / 10;
/** Of the smoothed loss, how much of each step is what was before. */
const MEMORY = 0.98;
/** Rates at the end that are not suggested: there the loss is about to leave. */
const LAST_STEPS = 5;

type Tried = RateFound['tried'][number];

/**
 * Tries learning rates on the first phase of a plan, writes nothing, and suggests one.
 * @throws Failure as for training the plan
 */
export async function findRate(request: FindRateRequest, stop: AbortSignal): Promise<RateFound> {
  const prepared = await prepare({ ...request, type: 'train' }, stop);
  const [phase] = prepared.phases;
  try {
    return await sweepRates(prepared.executor, phase.options, prepared.source, stop);
  } finally {
    prepared.executor.dispose();
  }
}

/**
 * Takes at most a hundred steps at rates that grow from one to the next by the same factor, until the loss has left, and
 * sets every weight and the optimizer back, to the byte.
 * Source: Smith, 2017, "Cyclical Learning Rates for Training Neural Networks", §3.3; fastai's `lr_find`.
 */
export async function sweepRates(
  executor: Executor,
  options: PhaseOptions,
  source: BatchSource,
  stop: AbortSignal,
): Promise<RateFound> {
  executor.beginPhase(options);
  const before = executor.snapshot();
  const tried: Tried[] = [];
  try {
    for (let epoch = 1; tried.length < MOST_STEPS; epoch++) {
      const count = tried.length;
      for await (const batch of source.train(epoch, 0)) {
        await turn();
        stop.throwIfAborted();
        const learningRate = LOWEST * (HIGHEST / LOWEST) ** (tried.length / (MOST_STEPS - 1));
        executor.learningRate = learningRate;
        const { sums, samples } = await executor.trainStep(batch.inputs, batch.labels);
        const loss = (sums.loss ?? NaN) / samples;
        if (!Number.isFinite(loss)) return { suggested: suggestRate(tried), tried };
        tried.push({ learningRate, loss, smoothed: smooth(tried, loss) });
        if (hasLeft(tried)) return { suggested: suggestRate(tried), tried };
        if (tried.length === MOST_STEPS) break;
      }
      if (tried.length === count) throw new Failure('input', 'DATA_EMPTY', t('found no sample to train on'));
    }
    return { suggested: suggestRate(tried), tried };
  } finally {
    executor.restore(before);
    before.dispose();
    executor.beginPhase(options);
  }
}

/** The exponential mean, corrected for its beginning at zero. */
function smooth(tried: readonly Tried[], loss: number): number {
  const correction = (steps: number) => 1 - MEMORY ** steps;
  const sum = (tried.at(-1)?.smoothed ?? 0) * correction(tried.length);
  return (MEMORY * sum + (1 - MEMORY) * loss) / correction(tried.length + 1);
}

function hasLeft(tried: readonly Tried[]): boolean {
  const last = tried.at(-1);
  if (!last || tried.length <= SETTLING) return false;
  return last.smoothed > LOST * Math.min(...tried.map(({ smoothed }) => smoothed));
}

/**
 * A rate half way down the longest valley of the smoothed loss. Source: fastai's `valley`, its default.
 * @returns nothing where the loss never fell
 */
export function suggestRate(tried: readonly Tried[]): number | null {
  const usable = tried.slice(SETTLING, -LAST_STEPS);
  const losses = usable.map(({ smoothed }) => smoothed);
  /** By step: how many losses of the longest falling sequence that ends with it. */
  const falling: number[] = [];
  losses.forEach((loss, index) => {
    const longest = losses.slice(0, index).map((before, at) => (loss < before ? (falling[at] ?? 0) : 0));
    falling.push(1 + Math.max(0, ...longest));
  });
  const depth = Math.max(0, ...falling);
  if (depth < 2) return null;
  const end = falling.indexOf(depth);
  const start = Math.max(0, end - depth);
  const third = (end - start) / 3;
  return usable[start + Math.floor(third) + Math.floor(third / 2)]?.learningRate ?? null;
}
