import type { SteeringMessage } from '../runs/steeringFile';
import { SteeringFile } from '../runs/steeringFile';

/** A person does not notice it, and nor does a step: a look at a file that has not grown takes some microseconds. */
const LOOK_MS = 200;

/**
 * Hears what is asked of a run through its folder, by whoever can write there. A timer is enough: the loop lets timers in
 * before each step, and while it waits.
 */
export function hearFolder(
  folder: string,
  hear: (message: SteeringMessage) => void,
): { readonly dispose: () => void } {
  let file: SteeringFile;
  try {
    file = SteeringFile.open(folder);
  } catch {
    // A folder that refuses it costs the steering from elsewhere; `askRun` says so to who asks.
    return { dispose: () => undefined };
  }
  const timer = setInterval(() => {
    try {
      for (const message of file.look()) hear(message);
    } catch {
      // A network drive that is away for a moment: the next look asks again.
    }
  }, LOOK_MS);
  timer.unref();
  return {
    dispose: () => {
      clearInterval(timer);
      file.close();
    },
  };
}
