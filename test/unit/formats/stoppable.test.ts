import { describe, expect, test, vi } from 'vitest';
import { openModel } from '../../../src/formats/registry';
import { fixture } from './fixtures';

const FILES = [
  'keras3/branches.h5',
  'kerasArchive/nested.keras',
  'onnx/cnn.onnx',
  'tensorflow/saved-model',
  'tensorflow/graph-model',
  'tensorflow/frozen.pb',
  'tensorflow/name-based.index',
  'tfjsOld/listed',
  'pytorch/state.pt',
  'pytorch/state-legacy.pt',
  'pytorch/state-tar.pt',
] as const;

/** Aborts itself when it is asked for the nth time, as a person would in the middle of a reading. */
function abortAt(nth: number) {
  const controller = new AbortController();
  const ask = controller.signal.throwIfAborted.bind(controller.signal);
  let asked = 0;
  vi.spyOn(controller.signal, 'throwIfAborted').mockImplementation(() => {
    asked += 1;
    if (asked === nth) controller.abort(new Error('thought better of it'));
    ask();
  });
  return { signal: controller.signal, asked: () => asked };
}

describe.each(FILES)('the reading of %s', (name) => {
  const file = fixture(name);

  test('is what it is without a signal', async () => {
    const { signal, asked } = abortAt(Infinity);
    expect(await openModel(file, signal)).toEqual(await openModel(file));
    // Once before it begins: the others are reads.
    expect(asked()).toBeGreaterThan(1);
  });

  test('ends at the read in which it is given up', async () => {
    const { signal: counting, asked: all } = abortAt(Infinity);
    await openModel(file, counting);
    for (const nth of new Set([1, 2, (all() + 1) >> 1, all()])) {
      const { signal, asked } = abortAt(nth);
      await expect(openModel(file, signal)).rejects.toThrow('thought better of it');
      // Nobody goes on: once more where a detector takes every error for a no, and where the reason is told.
      expect(asked() - nth).toBeLessThanOrEqual(2);
    }
  });
});
