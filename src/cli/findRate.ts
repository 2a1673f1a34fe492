import type { FindRateRequest, RateFound } from '../protocol/trainer';
import type { Terminal } from './terminal';
import { runTrainer } from './trainerRun';

/** Prints what a sweep over learning rates found, as JSON or as a table with the rate to begin with. */
export function findRate(request: FindRateRequest, json: boolean, terminal: Terminal): Promise<number> {
  return runTrainer(
    request,
    terminal,
    (message) => {
      if (message.type !== 'rate') return;
      terminal.write(json ? `${JSON.stringify(message.found)}\n` : renderRates(message.found));
    },
    () => terminal.warn('interrupted: nothing was changed'),
  );
}

/** Lines of the table: enough to see the valley. */
const ROWS = 20;

function renderRates({ suggested, tried }: RateFound): string {
  const every = Math.max(1, Math.ceil(tried.length / ROWS));
  const rows = tried
    .filter((_, index) => index % every === 0)
    .map(({ learningRate, smoothed }) => `  ${showRate(learningRate).padEnd(10)}  ${smoothed.toFixed(4)}`);
  const advice =
    suggested === null
      ? 'the loss fell at no learning rate: check the data and what is frozen'
      : `suggested learning rate: ${showRate(suggested)}`;
  return `${['  rate        loss', ...rows, advice].join('\n')}\n`;
}

/** Two digits: more would promise more than a sweep can tell. */
const showRate = (rate: number) => rate.toExponential(1);
