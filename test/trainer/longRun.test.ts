import * as tf from '@tensorflow/tfjs-core';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { FromTrainer } from '../../src/protocol/trainer';
import { RunControl } from '../../src/trainer/control';
import { train } from '../../src/trainer/train';
import { openWorkspace } from './workspace';

const STEPS_AN_EPOCH = 5;
const EPOCHS = 400;
/** Until then buffers of the engine, compiled code and the heap of V8 grow to what they need. */
const SETTLED = 100;
/** What the process may hold more at the end, tensors aside: 2 KB for each of the steps between. */
const MOST_MORE = 1500 * 2 * 2 ** 10;

/**
 * What objects and buffers hold, WebAssembly's memory among them, without what V8 only has not collected yet. Not what is
 * resident: how much of what was let go of a system takes back differs from one to the next.
 */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Twice: buffers go with the objects that held them.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

it('a run of 2,000 steps with checkpoints and best weights takes no more memory and disk at its end', async () => {
  const workspace = await openWorkspace();
  const plan = await workspace.plan({
    engine: 'wasm',
    phases: [{ epochs: EPOCHS, optimizer: { kind: 'adam', learningRate: 0.01 } }],
    earlyStopping: { patience: EPOCHS, restoreBest: true },
    checkpoint: { every: 10, keep: 2 },
  });
  const epochs: { readonly tensors: number; readonly bytes: number; readonly held?: number }[] = [];
  let [folder, steps] = ['', 0];
  const hear = (message: FromTrainer) => {
    if (message.type === 'run') folder = message.folder;
    if (message.type !== 'event' || message.event.type !== 'epoch') return;
    steps = message.event.step;
    const { numTensors: tensors, numBytes: bytes } = tf.memory();
    const isSampled = epochs.length + 1 === SETTLED || epochs.length + 1 === EPOCHS;
    epochs.push({ tensors, bytes, ...(isSampled && { held: heldBytes() }) });
  };
  const stop = new AbortController().signal;
  const crashed = new Promise<never>(() => undefined);
  const ended = await train(
    { type: 'train', plan },
    { send: hear, stop, control: new RunControl(stop, () => undefined), crashed },
  );
  expect([ended, steps]).toEqual(['finished', STEPS_AN_EPOCH * EPOCHS]);

  // From the second epoch on there are the weights of a best one beside the run's own.
  const later = epochs.slice(1);
  expect(new Set(later.map(({ tensors }) => tensors)).size).toBe(1);
  expect(Math.max(...later.map(({ bytes }) => bytes))).toBeLessThanOrEqual(
    2 * Math.min(...later.map(({ bytes }) => bytes)),
  );
  const more = (epochs[EPOCHS - 1]?.held ?? NaN) - (epochs[SETTLED - 1]?.held ?? NaN);
  expect(more).toBeLessThan(MOST_MORE);
  expect(tf.memory().numTensors).toBe(0);

  const checkpoints = await readdir(path.join(folder, 'checkpoints'));
  // The newest ones, and the best.
  expect(checkpoints.length).toBeLessThanOrEqual(3);
  expect(checkpoints.filter((name) => name.startsWith('.'))).toEqual([]);
  expect((await stat(path.join(folder, 'events.jsonl'))).size).toBeLessThan(2 ** 20);
});
