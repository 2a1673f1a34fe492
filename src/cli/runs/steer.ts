import { keepsBest, type RunMessage } from '../../core/run/steering';
import { steerRun, stopRun } from '../../trainer/client';
import { Failure } from '../../core/failure';
import { usage } from '../arguments';
import type { Terminal } from '../terminal';
import { openRun } from './openRun';

const WORDS: Readonly<Record<string, RunMessage>> = {
  pause: { type: 'pause' },
  resume: { type: 'resume' },
  checkpoint: { type: 'saveCheckpoint' },
};

/**
 * `runs steer RUN pause|resume|checkpoint|stop|rate X`, whoever has started it. Its events say when it has heard; a stop
 * is waited for.
 * @throws Failure of kind `usage` for another word, or a run that is over
 */
export async function steerCommand(
  run: string,
  [word = '', ...values]: readonly string[],
  out: string,
  terminal: Terminal,
): Promise<void> {
  const message = word === 'stop' && values.length === 0 ? 'stop' : messageOf(word, values);
  const { folder, status, plan } = await openRun(run, out, { steps: false });
  if (status !== 'running' && status !== 'starting') {
    throw new Failure('usage', 'RUN_OVER', `${folder}: the run is ${status}, expected one that is going on`, {
      path: folder,
    });
  }
  if (message === 'stop') await stopRun(folder, { keepBest: keepsBest(plan) });
  else await steerRun(folder, message);
  terminal.warn(message === 'stop' ? `stopped ${folder}` : `asked ${folder}`);
}

function messageOf(word: string, values: readonly string[]): RunMessage {
  const message = WORDS[word];
  if (message && values.length === 0) return message;
  const [rate, ...more] = values;
  if (word === 'rate' && rate !== undefined && more.length === 0) {
    const learningRate = Number(rate);
    if (learningRate > 0 && Number.isFinite(learningRate)) return { type: 'setLearningRate', learningRate };
    throw usage('OPERAND', `rate: found "${rate}", expected a number above 0, such as 1e-4`);
  }
  const found = [word, ...values].join(' ');
  throw usage('OPERAND', `runs steer RUN takes pause, resume, checkpoint, stop or rate X, found "${found}"`);
}
