import { version } from '../../package.json';
import { nearest } from '../core/failure';
import { advise } from './advise';
import { apply } from './apply';
import { parseArguments, usage } from './arguments';
import type { Command } from './command';
import { convert } from './convert';
import { engines } from './engines';
import { evaluate } from './evaluate';
import { helpOf, helpOfCommand } from './help';
import { predict } from './predict';
import { reportError } from './reportError';
import { runs } from './runs/runs';
import { summary } from './summary';
import { sweep } from './sweep';
import type { Terminal } from './terminal';
import { train } from './train';
import { zoo } from './zoo/zoo';

const COMMANDS: readonly Command[] = [
  summary,
  advise,
  apply,
  convert,
  train,
  sweep,
  predict,
  evaluate,
  runs,
  engines,
  zoo,
];

/** Runs the program. @returns its exit status: errors have been reported then */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await runCommand(argv, terminal);
  } catch (error) {
    return reportError(error, terminal, {
      json: argv.includes('--json'),
      verbose: argv.includes('--verbose'),
    });
  }
}

async function runCommand([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === '--version') {
    terminal.write(`${version}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.write(helpOf(COMMANDS));
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) throw unknownCommand(name);
  const args = parseArguments(command, rest);
  if (args.flag('help')) {
    terminal.write(helpOfCommand(command));
    return 0;
  }
  return command.run(args, terminal);
}

function unknownCommand(name: string | undefined) {
  const names = COMMANDS.map((command) => command.name);
  if (name === undefined)
    return usage('COMMAND_MISSING', `no command is given, expected one of ${names.join(', ')}`);
  const near = nearest(name, names);
  const hint = near ? `the nearest is ${near}` : 'see model-surgery --help';
  return usage('COMMAND_UNKNOWN', `there is no command "${name}"; ${hint}`);
}
