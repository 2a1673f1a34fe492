import { Failure } from '../../core/failure';
import type { StepBatch } from '../batchSource';
import { firstOf, samplesIn } from './batchParts';

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
    const message = `${where()}: found no memory for a batch of ${samples}, ${advice} (${reasonOf(error)})`;
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
      return `a batch of ${size} fits: set "batchSize" to ${size}`;
    } catch (error) {
      // Some models take batches of one size alone.
      if (!isOutOfMemory(error)) return `expected it to fit: ${lessThan(samples)}`;
    }
  }
  return samples > 1 ? `nor for one sample: ${SMALLER}` : `expected it to fit: ${SMALLER}`;
}

const SMALLER = 'use smaller inputs, freeze more layers, or take an engine with more memory';

/** Advice where nothing can be tried. */
function lessThan(batchSize: number): string {
  return batchSize > 1 ? `set "batchSize" to ${Math.floor(batchSize / 2)} or less` : SMALLER;
}

/**
 * Says of any other failure for want of memory what can be done; other errors are returned as they are.
 *
 * @param batchSize of the plan, where there is one
 */
export function withAdvice(error: unknown, batchSize?: number): unknown {
  if (!isOutOfMemory(error) || error instanceof OutOfMemory) return error;
  const advice = lessThan(batchSize ?? 1);
  const found = batchSize === undefined ? '' : ` at a batch size of ${batchSize}`;
  return new OutOfMemory(`found no memory left${found}: ${advice} (${reasonOf(error)})`, error);
}

/** The line of what the engine says that says it; others speak of status numbers and call stacks. */
function reasonOf(error: unknown): string {
  const [first = '', ...others] = error instanceof Error ? error.message.split('\n') : [String(error)];
  return ([first, ...others].find((line) => SAID.test(line)) ?? first).trim();
}
