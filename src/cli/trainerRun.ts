import { Failure } from '../core/failure';
import type { FromTrainer, ToTrainer } from '../protocol/trainer';
import { startTrainer } from '../trainer/client';
import { INTERRUPTED, type Terminal } from './terminal';

export { INTERRUPTED } from './terminal';

/**
 * Sends one request to a trainer and hears it out; an interruption stops it and its whole process tree.
 * @returns 0, or 130 where it was interrupted
 * @throws Failure as the trainer reports it
 */
export async function runTrainer(
  request: ToTrainer,
  terminal: Terminal,
  hear: (message: FromTrainer) => void,
  onInterrupt: () => void,
): Promise<number> {
  const trainer = await startTrainer(request, { entry: terminal.trainerEntry });
  let interrupted = false;
  let failure: Failure | undefined;
  const stopListening = terminal.onInterrupt(() => {
    interrupted = true;
    onInterrupt();
    void trainer.stop();
  });
  trainer.onMessage((message) => {
    if (message.type === 'failed') {
      const { kind, code, path, layer } = message;
      failure = new Failure(kind, code, message.message, { path, layer, cause: new Error(trainer.log()) });
    } else {
      hear(message);
    }
  });
  await trainer.exited;
  stopListening();
  if (interrupted) return INTERRUPTED;
  if (failure) throw failure;
  return 0;
}
