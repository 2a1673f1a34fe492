import path from 'node:path';
import type { EnginesReport } from '../protocol/engines';
import { renderEngines } from '../protocol/renderEngines';
import type { FromTrainer, InstallEngineRequest } from '../protocol/trainer';
import { usage } from './arguments';
import type { Command } from './command';
import type { Terminal } from './terminal';
import { runTrainer } from './trainerRun';

export const engines: Command = {
  name: 'engines',
  operand: '[install NAME]',
  operands: [0, 2],
  does: 'say what each engine would run on here, and why not; or install one',
  options: {
    tensorflow: {
      value: 'PYTHON',
      does:
        'with install tensorflow: use the TensorFlow of this Python (or the folder of its environment); ' +
        'the active environment’s, else a download, where left out',
    },
    from: {
      value: 'PACKAGE',
      does: 'with install webgpu: the archive (npm pack webgpu) or the folder of the npm package, for a download',
    },
  },
  run(args, terminal) {
    const [verb, name] = args.operands;
    const [python, from] = [args.text('tensorflow'), args.text('from')];
    if (verb === undefined) {
      const given = python !== undefined ? 'tensorflow' : from !== undefined ? 'from' : undefined;
      if (given !== undefined) throw usage('OPTION_VALUE', `--${given} goes with engines install`);
      return examine(terminal, args.flag('json'));
    }
    if (verb !== 'install' || name === undefined) {
      throw usage('OPERAND', `engines takes nothing or install NAME, found "${args.operands.join(' ')}"`);
    }
    const request: InstallEngineRequest = {
      type: 'installEngine',
      engine: name,
      ...(python !== undefined && { python: path.resolve(python) }),
      ...(from !== undefined && { from: path.resolve(from) }),
    };
    return install(request, terminal, args.flag('json'));
  },
};

async function examine(terminal: Terminal, json: boolean): Promise<number> {
  let report: EnginesReport | undefined;
  const hear = (message: FromTrainer) => {
    if (message.type === 'engines') report = message.report;
  };
  const status = await runTrainer({ type: 'engines' }, terminal, hear, () => terminal.warn('interrupted'));
  if (report) terminal.write(json ? `${JSON.stringify(report)}\n` : renderEngines(report));
  return status;
}

async function install(request: InstallEngineRequest, terminal: Terminal, json: boolean): Promise<number> {
  return runTrainer(
    request,
    terminal,
    (message) => {
      if (message.type === 'progress') {
        // Standard output holds the answer alone.
        if (json) terminal.warn(message.message);
        else terminal.write(`${message.message}\n`);
      }
      if (message.type === 'installed') {
        const { engine: found, folder } = message;
        terminal.write(
          json
            ? `${JSON.stringify({ engine: found, folder })}\n`
            : `installed ${found.name} in ${folder}: ${found.device}\n`,
        );
      }
    },
    () => terminal.warn('interrupted: nothing is installed'),
  );
}
