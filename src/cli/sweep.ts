import path from 'node:path';
import { readPlan } from '../formats/planFile';
import { readRun, type RunRecord } from '../runs/runReader';
import { runSweep, showStep, sweepOf } from '../runs/sweepSeries';
import type { Arguments } from './arguments';
import type { Command } from './command';
import { showComparison } from './runs/compare';
import { Screen } from './screen';
import type { Terminal } from './terminal';
import { INTERRUPTED, runTrainer } from './trainerRun';

export const sweep: Command = {
  name: 'sweep',
  operand: 'PLAN',
  does:
    'train a plan once a freeze set: all stages frozen, then the last one open, … down to none; ' +
    'then compare the runs. With --json the comparison',
  options: {
    engine: {
      value: 'E',
      does: 'what computes: auto, tensorflow, wasm, cpu; as the plan says where left out',
    },
    metric: { value: 'M', does: 'what the best epochs go by: val_accuracy; the runs’ own where left out' },
    'allow-cpu': { does: 'let tensorflow compute on the processor where it finds no graphics card' },
  },
  async run(args, terminal) {
    const plan = await readPlan(path.resolve(args.operand));
    const series = await sweepOf(plan);
    const json = args.flag('json');
    const say = (line: string) => (json ? terminal.warn(line) : terminal.write(`${line}\n`));
    say(`sweep ${series.id}`);
    const { folders, complete } = await runSweep(series, {
      onStep: (index, step) => say(`${index + 1} of ${series.steps.length}: ${showStep(step)}`),
      train: (file, onFolder) =>
        train(file, args, terminal, (folder) => {
          onFolder(folder);
          say(`run ${folder}`);
        }),
      onFailure: ({ code, message }) => terminal.warn(`error ${code}: ${message}`),
    });
    const runs = await Promise.all(folders.map((folder) => readRun(folder, { steps: false })));
    if (runs.length > 0) showComparison(runs, args.text('metric'), json, terminal);
    if (!complete) return INTERRUPTED;
    return runs.some(hasFailed) ? 1 : 0;
  },
};

const hasFailed = ({ status }: RunRecord): boolean => status === 'failed' || status === 'lost';

/** @returns whether it was trained to its end, or interrupted */
async function train(
  plan: string,
  args: Arguments,
  terminal: Terminal,
  onFolder: (folder: string) => void,
): Promise<boolean> {
  const screen = new Screen(terminal);
  const request = {
    type: 'train' as const,
    plan,
    engine: args.text('engine'),
    allowCpu: args.flag('allow-cpu'),
  };
  let folder = '';
  const status = await runTrainer(
    request,
    terminal,
    (message) => {
      if (message.type === 'run') {
        folder = message.folder;
        onFolder(folder);
      }
      // Standard output holds the comparison alone.
      if (message.type === 'event' && !args.flag('json')) screen.show(message.event, folder);
    },
    () => {
      screen.clear();
      terminal.warn('interrupted: stopping after this step and keeping what was learned');
    },
  );
  return status !== INTERRUPTED;
}
