import * as tf from '@tensorflow/tfjs-core';
import { removeMachine, writeMachine } from '../../runs/machineFile';
import { NvidiaSmi } from './nvidiaSmi';

/** As often as people look at such numbers; a few hundred bytes each time. */
const TELL_MS = 2_000;

/**
 * Says beside a run's events what it takes of its machine, in a file that is replaced: it is about now, and of no use
 * later. A disk that refuses it costs nothing else.
 */
export function tellMachine(folder: string): { readonly dispose: () => Promise<void> } {
  const driver = new NvidiaSmi();
  let writing = Promise.resolve();
  let busy = false;
  const tell = () => {
    if (busy) return;
    busy = true;
    const machine = {
      time: Date.now(),
      memory: process.memoryUsage.rss(),
      tensors: tf.memory().numBytes,
      gpus: driver.gpus,
    };
    writing = writeMachine(folder, machine).then(
      () => void (busy = false),
      () => void (busy = false),
    );
  };
  tell();
  const timer = setInterval(tell, TELL_MS);
  timer.unref();
  return {
    dispose: async () => {
      clearInterval(timer);
      driver.dispose();
      await writing;
      await removeMachine(folder).catch(() => undefined);
    },
  };
}
