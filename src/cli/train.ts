import path from 'node:path';
import type { RunEvent } from '../core/run/events';
import { startOf } from '../core/run/runStart';
import { RUN_FILES } from '../runs/runFolder';
import { readRun } from '../runs/runReader';
import { usage, type Arguments } from './arguments';
import type { Command } from './command';
import { findRate } from './findRate';
import { Screen } from './screen';
import { runTrainer } from './trainerRun';

export const train: Command = {
  name: 'train',
  operand: 'PLAN',
  operands: [0, 1],
  does: 'train a model as a plan (*.plan.json) says; with --json the events of the run, a line each',
  options: {
    engine: {
      value: 'E',
      does: 'what computes: auto, tensorflow, webgpu, wasm, cpu; as the plan says where left out',
    },
    resume: {
      value: 'RUN',
      does: 'go on with an interrupted run from its newest checkpoint; PLAN may be left out then',
    },
    epochs: {
      value: 'N',
      does: 'with --resume: train N epochs longer than the plan says, also a finished run',
    },
    'find-rate': { does: "try learning rates on the plan's first phase, write nothing, and suggest one" },
    'allow-cpu': { does: 'let tensorflow compute on the processor where it finds no graphics card' },
  },
  async run(args, terminal) {
    const json = args.flag('json');
    const resume = args.text('resume');
    const plan = planOf(args, resume);
    const longer = args.text('epochs') === undefined ? undefined : args.count('epochs', 1);
    const [engine, allowCpu] = [args.text('engine'), args.flag('allow-cpu')];
    if (args.flag('find-rate')) return findRate({ type: 'findRate', plan, engine, allowCpu }, json, terminal);
    const screen = new Screen(terminal);
    if (resume !== undefined)
      screen.begin(startOf((await readRun(path.resolve(resume), { steps: false })).events));
    let folder = '';
    const show = (event: RunEvent) =>
      json ? terminal.write(`${JSON.stringify(event)}\n`) : screen.show(event, folder);
    return runTrainer(
      {
        type: 'train',
        plan,
        engine,
        allowCpu,
        ...(resume !== undefined && { resume: path.resolve(resume) }),
        ...(longer !== undefined && { longer }),
      },
      terminal,
      (message) => {
        if (message.type === 'run') {
          folder = message.folder;
          // Standard output holds the run's own events alone.
          if (json) terminal.warn(`run ${folder}`);
          else terminal.write(`run ${folder}\n`);
        }
        if (message.type === 'event') show(message.event);
      },
      () => {
        screen.clear();
        terminal.warn('interrupted: stopping after this step and keeping what was learned');
      },
    );
  },
};

/** @throws Failure of kind `usage` without a plan, or where two things at once are asked for */
function planOf(args: Arguments, resume: string | undefined): string {
  if (resume !== undefined && args.flag('find-rate')) {
    throw usage('OPTION_VALUE', '--find-rate begins with a plan, not with a run: leave --resume out');
  }
  if (resume === undefined && args.text('epochs') !== undefined) {
    throw usage('OPTION_VALUE', '--epochs lengthens a run: name it with --resume RUN, or change the plan');
  }
  const [plan] = args.operands;
  if (plan !== undefined) return path.resolve(plan);
  if (resume !== undefined) return path.resolve(resume, RUN_FILES.plan);
  throw usage('OPERAND', 'train takes one PLAN, found none');
}
