import path from 'node:path';
import type { RunEvent } from '../core/run/events';
import type { Command } from './command';
import { progressAfter, START, type Progress } from './progress';
import { renderBar, renderEvent } from './renderProgress';
import type { Terminal } from './terminal';
import { runTrainer } from './trainerRun';

export const train: Command = {
  name: 'train',
  operand: 'PLAN',
  does: 'train a model as a plan (*.plan.json) says; with --json the events of the run, a line each',
  options: {
    engine: {
      value: 'E',
      does: 'what computes: auto, tensorflow, wasm, cpu; as the plan says where left out',
    },
    'allow-cpu': { does: 'let tensorflow compute on the processor where it finds no graphics card' },
  },
  async run(args, terminal) {
    const json = args.flag('json');
    const screen = new Screen(terminal);
    let folder = '';
    const show = (event: RunEvent) =>
      json ? terminal.write(`${JSON.stringify(event)}\n`) : screen.show(event, folder);
    return runTrainer(
      {
        type: 'train',
        plan: path.resolve(args.operand),
        engine: args.text('engine'),
        allowCpu: args.flag('allow-cpu'),
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

/** Redraws one line in a terminal; elsewhere writes whole lines only. */
class Screen {
  private progress: Progress = START;
  private drawn = false;

  constructor(private readonly terminal: Terminal) {}

  show(event: RunEvent, folder: string): void {
    this.progress = progressAfter(this.progress, event);
    const line = renderEvent(event, this.progress, folder);
    if (line !== undefined) {
      this.clear();
      if (event.type === 'warning') this.terminal.warn(line);
      else this.terminal.write(`${line}\n`);
    }
    if (event.type === 'step' && this.terminal.columns !== undefined) {
      this.terminal.write(`\r${renderBar(this.progress, this.terminal.columns)}\u001b[K`);
      this.drawn = true;
    }
  }

  clear(): void {
    if (this.drawn) this.terminal.write('\r\u001b[K');
    this.drawn = false;
  }
}
