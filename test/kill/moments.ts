import type { FromTrainer } from '../../src/protocol/trainer';
import type { Random } from '../support/randomNumbers';
import type { Death, Life } from './killableTrainer';
import { SIGNALS } from './processes';

/** The parts of a run's life, each as likely: most of them are too short to be met by chance. */
export const STAGES = ['start', 'data', 'steps', 'checkpoint', 'result', 'finishing'] as const;
export type Stage = (typeof STAGES)[number];

/** How much longer than without a kill a gap may be killed in: machines are not always as fast. */
const BEYOND = 1.3;

const typeOf = (message: FromTrainer | undefined) =>
  message?.type === 'event' ? message.event.type : message?.type;

/** A moment of such a life, and a signal. */
export function momentOf(
  life: Pick<Life, 'messages' | 'times' | 'milliseconds'>,
  random: Random,
): {
  readonly stage: Stage;
  readonly death: Death;
} {
  const present = STAGES.map((stage) => [stage, gapsOf(life.messages, stage)] as const).filter(
    ([, gaps]) => gaps.length > 0,
  );
  const [stage, gaps] = present[random(present.length)]!;
  const after = gaps[random(gaps.length)]!;
  const began = life.times[after] ?? 0;
  const long = (life.times[after + 1] ?? life.milliseconds) - began;
  const signal = SIGNALS[random(SIGNALS.length)]!;
  const milliseconds = (long * BEYOND * random(1000)) / 1000;
  const isHeard = signal === 'SIGTERM' || signal === 'SIGINT';
  return {
    stage,
    death: { signal, after, milliseconds, ...(isHeard && random(3) === 0 && { thenKill: random(200) }) },
  };
}

/** After which messages a stage goes on; -1 is the spawn. */
function gapsOf(messages: readonly FromTrainer[], stage: Stage): readonly number[] {
  const all = messages.map((_, index) => index);
  const end = messages.findIndex((message) => typeOf(message) === 'end');
  const firstStep = messages.findIndex((message) => typeOf(message) === 'step');
  const run = messages.findIndex(({ type }) => type === 'run');
  switch (stage) {
    case 'start':
      return [-1, ...all.filter((index) => index < run)];
    case 'data':
      return all.filter((index) => index >= run && index < firstStep);
    case 'steps':
      return all.filter((index) => typeOf(messages[index]) === 'step');
    case 'checkpoint':
      return all.filter((index) => typeOf(messages[index + 1]) === 'checkpoint');
    case 'result':
      return end > 0 ? [end - 1] : [];
    case 'finishing':
      return end < 0 ? [] : all.filter((index) => index >= end);
  }
}
