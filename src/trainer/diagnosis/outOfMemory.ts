import { Failure } from '../../core/failure';
import type { StepBatch } from '../batchSource';
import { firstOf, samplesIn } from './batchParts';
import { t } from '../../l10n/translate';

/**
 * How engines say it: TensorFlow (`OOM when allocating tensor`, `RESOURCE_EXHAUSTED`), CUDA, Dawn, and V8 for arrays of
 * JavaScript, which has a limit of its own on their length.
 */
const SAID =
  /\bOOM\b|out of memory|RESOURCE_EXHAUSTED|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|Array buffer allocation failed|Invalid typed array length|exceeds the max buffer size/i;

export function isOutOfMemory(error: unknown): boolean {
  if (error instanceof Failure) return error.code === 'OUT_OF_MEMORY';
  return error instanceof Error && SAID.test(error.message);
}

/** A failure that says what to do about it. */
class OutOfMemory extends Failure {
  constructor(message: string, cause: unknown) {
    const layer = cause instanceof Failure ? cause.layer : undefined;
    super('work', 'OUT_OF_MEMORY', message, { cause, ...(layer !== undefined && { layer }) });
  }
}

/**
 * Computes with a batch. Where the engine has no memory for it, halves of it are tried until one fits, so that the failure
 * can say what does: what an engine needs for a step follows from no shape. What was tried before leaves an engine's memory
 * in pieces, so a little more may fit in a run of its own.
 *
 * @param compute may have moved weights where this throws
 * @param where what is being done, for people: `step 3 (epoch 1)`
 * @throws Failure of kind `work` (`OUT_OF_MEMORY`) with the batch size that fits; whatever else `compute` throws
 */
export async function withinMemory<Result>(
  batch: StepBatch,
  compute: (batch: StepBatch) => Promise<Result>,
  where: () => string,
): Promise<Result> {
  try {
    return await compute(batch);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const samples = samplesIn(batch.inputs);
    const advice = await fitting(batch, samples, compute);
    const message = t(
      '{0}: found no memory for a batch of {1}, {2} ({3})',
      where(),
      samples,
      advice,
      reasonOf(error),
    );
    throw new OutOfMemory(message, error);
  }
}

/** What fits, as the end of a sentence. */
async function fitting(
  batch: StepBatch,
  samples: number,
  compute: (batch: StepBatch) => Promise<unknown>,
): Promise<string> {
  for (let size = Math.floor(samples / 2); size > 0; size = Math.floor(size / 2)) {
    try {
      await compute(firstOf(batch, size, samples));
      return t('a batch of {0} fits: set "batchSize" to {0}', size);
    } catch (error) {
      // Some models take batches of one size alone.
      if (!isOutOfMemory(error)) return t('expected it to fit: {0}', lessThan(samples));
    }
  }
  return samples > 1 ? t('nor for one sample: {0}', SMALLER) : t('expected it to fit: {0}', SMALLER);
}

const SMALLER = t('use smaller inputs, freeze more layers, or take an engine with more memory');

/** Advice where nothing can be tried. */
function lessThan(batchSize: number): string {
  return batchSize > 1 ? t('set "batchSize" to {0} or less', Math.floor(batchSize / 2)) : SMALLER;
}

/**
 * Says of any other failure for want of memory what can be done; other errors are returned as they are.
 *
 * @param batchSize of the plan, where there is one
 */
export function withAdvice(error: unknown, batchSize?: number): unknown {
  if (!isOutOfMemory(error) || error instanceof OutOfMemory) return error;
  const advice = lessThan(batchSize ?? 1);
  const message =
    batchSize === undefined
      ? t('found no memory left: {0} ({1})', advice, reasonOf(error))
      : t('found no memory left at a batch size of {0}: {1} ({2})', batchSize, advice, reasonOf(error));
  return new OutOfMemory(message, error);
}

/** The line of what the engine says that says it; others speak of status numbers and call stacks. */
function reasonOf(error: unknown): string {
  const [first = '', ...others] = error instanceof Error ? error.message.split('\n') : [String(error)];
  return ([first, ...others].find((line) => SAID.test(line)) ?? first).trim();
}
