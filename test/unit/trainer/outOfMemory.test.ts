import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure';
import type { StepBatch } from '../../../src/trainer/batchSource';
import { isOutOfMemory, withAdvice, withinMemory } from '../../../src/trainer/diagnosis/outOfMemory';

/** As TensorFlow has it. */
const OOM =
  'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[64,112,112,32] and type float on CPU:0\nhint';

const batchOf = (samples: number, numbersOfLabel = 1): StepBatch => ({
  inputs: [{ data: Float32Array.from({ length: samples * 6 }, (_, index) => index), shape: [samples, 2, 3] }],
  labels:
    numbersOfLabel === 1
      ? Int32Array.from({ length: samples }, (_, row) => row)
      : Float32Array.from({ length: samples * numbersOfLabel }, (_, index) => index),
});

/** An engine that takes so many samples. */
function engine(most: number, error = new Error(OOM)) {
  const tried: StepBatch[] = [];
  const compute = (batch: StepBatch) => {
    tried.push(batch);
    return batch.labels.length > most ? Promise.reject(error) : Promise.resolve('done');
  };
  return { tried, compute };
}

const messageOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'fits',
    (error: unknown) => (error instanceof Failure ? `${error.code}: ${error.message}` : error),
  );

describe('a batch that does not fit', () => {
  it('is halved until it does, samples and labels alike', async () => {
    const { tried, compute } = engine(5);
    expect(await messageOf(withinMemory(batchOf(23), compute, () => 'step 7 (epoch 2)'))).toBe(
      'OUT_OF_MEMORY: step 7 (epoch 2): found no memory for a batch of 23, a batch of 5 fits: set "batchSize" to 5 ' +
        '(Message: OOM when allocating tensor with shape[64,112,112,32] and type float on CPU:0)',
    );
    expect(tried.map(({ labels }) => labels.length)).toEqual([23, 11, 5]);
    const { inputs, labels } = tried[2]!;
    expect(inputs).toEqual([{ data: Float32Array.from({ length: 30 }, (_, i) => i), shape: [5, 2, 3] }]);
    expect(labels).toEqual(Int32Array.from([0, 1, 2, 3, 4]));
  });

  it('is cut with several numbers a label', async () => {
    const { tried, compute } = engine(6);
    await messageOf(withinMemory(batchOf(4, 3), compute, () => ''));
    expect(tried[1]!.labels).toEqual(Float32Array.from([0, 1, 2, 3, 4, 5]));
  });

  it('may be one whose single sample is too much', async () => {
    expect(await messageOf(withinMemory(batchOf(4), engine(0).compute, () => 'x'))).toMatch(
      /^OUT_OF_MEMORY: x: found no memory for a batch of 4, nor for one sample: use smaller inputs/,
    );
  });

  it('of a model that takes no other size is advised of half', async () => {
    const compute = ({ labels }: StepBatch) =>
      Promise.reject(labels.length === 8 ? new Error(OOM) : new Error('expected a batch of 8'));
    expect(await messageOf(withinMemory(batchOf(8), compute, () => 'x'))).toMatch(
      /expected it to fit: set "batchSize" to 4 or less/,
    );
  });

  it('leaves other errors as they are', async () => {
    const error = new Error('another');
    const { tried, compute } = engine(0, error);
    expect(await messageOf(withinMemory(batchOf(8), compute, () => 'x'))).toBe(error);
    expect(tried).toHaveLength(1);
  });
});

describe('an error for want of memory', () => {
  it.each([
    OOM,
    '2 root error(s) found. RESOURCE_EXHAUSTED: failed to allocate memory',
    'Array buffer allocation failed',
    'Invalid typed array length: 10240000000000',
    'Buffer size (5368709120) exceeds the max buffer size limit (2147483648).',
  ])('is known by "%s"', (message) => {
    expect(isOutOfMemory(new RangeError(message))).toBe(true);
  });

  it('is no error that merely mentions a room', () => {
    expect(isOutOfMemory(new Error('layer "mushROOM" cannot be trained'))).toBe(false);
    expect(isOutOfMemory('OOM')).toBe(false);
  });

  it('outside of a step is told with half of the batch size, once', () => {
    const told = withAdvice(new Error(OOM), 32);
    expect(told).toMatchObject({
      kind: 'work',
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining('at a batch size of 32: set "batchSize" to 16 or less') as string,
    });
    expect(withAdvice(told, 32)).toBe(told);
    const other = new Error('another');
    expect(withAdvice(other, 32)).toBe(other);
  });
});
