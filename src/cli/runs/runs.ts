import path from 'node:path';
import { usage } from '../arguments';
import type { Command } from '../command';
import { compareCommand } from './compare';
import { listCommand } from './list';
import { showCommand } from './show';
import { steerCommand } from './steer';

/** More columns than anybody reads side by side. */
const MOST_COMPARED = 32;

export const runs: Command = {
  name: 'runs',
  operand: 'list | show RUN | compare RUN RUN… | steer RUN pause|resume|checkpoint|stop|rate X',
  operands: [1, 1 + MOST_COMPARED],
  does: 'list the runs there are, show one, compare some, or steer one that is going on',
  options: {
    out: { value: 'FOLDER', does: 'the folder that holds the runs; ./runs where left out' },
    metric: { value: 'M', does: 'what the best epoch goes by: val_accuracy; the run’s own where left out' },
    sort: { value: 'KEY', does: 'with list: by started, name, status, seconds, or a metric, the best first' },
    status: { value: 'S', does: 'with list: only runs that are running, finished, stopped, failed or lost' },
    name: { value: 'TEXT', does: 'with list: only runs with this in their name or a tag' },
    sweep: { value: 'ID', does: 'with list: only runs of this series, which sweep names' },
    markdown: { does: 'with show: a report in Markdown, which is what it prints anyway' },
    csv: { does: 'with show: every step and epoch with its metrics, as CSV' },
    save: {
      value: 'FILE',
      does: 'with show: written to FILE; a report with pictures of its curves beside it',
    },
    force: { does: 'with --save: write over FILE' },
  },
  async run(args, terminal) {
    const [verb, ...named] = args.operands;
    const out = path.resolve(args.text('out') ?? 'runs');
    const [first] = named;
    if (verb === 'list' && first === undefined) {
      await listCommand(args, out, terminal);
    } else if (verb === 'show' && first !== undefined && named.length === 1) {
      await showCommand(args, first, out, terminal);
    } else if (verb === 'compare' && named.length > 1) {
      await compareCommand(args, named, out, terminal);
    } else if (verb === 'steer' && first !== undefined) {
      await steerCommand(first, named.slice(1), out, terminal);
    } else {
      throw usage(
        'OPERAND',
        `runs takes list, show RUN, compare RUN RUN… or steer RUN …, found "${args.operands.join(' ')}"`,
      );
    }
    return 0;
  },
};
