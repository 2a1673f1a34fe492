import { COMMON_OPTIONS, type Command, type Option } from './command';

/** What `model-surgery --help` prints. */
export function helpOf(commands: readonly Command[]): string {
  return [
    'Usage: model-surgery COMMAND …',
    '',
    ...table(commands.map((command) => [`${command.name} ${command.operand}`, command.does])),
    '',
    ...table([
      ['--help', 'print this help, or with a command its own: model-surgery COMMAND --help'],
      ['--version', 'print the version'],
    ]),
    '',
    'Exit status: 0 done, 1 the work failed, 2 wrong usage, 3 the input cannot be used, 130 interrupted.',
    '',
  ].join('\n');
}

export function helpOfCommand(command: Command): string {
  return [
    `Usage: model-surgery ${usageOf(command)}`,
    '',
    command.does,
    '',
    ...table(
      Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(([name, option]) => [
        show(name, option),
        option.does,
      ]),
    ),
    '',
  ].join('\n');
}

/** `apply MODEL --recipe R --out PATH [--to FORMAT] [--force] [--json]` */
function usageOf(command: Command): string {
  const options = Object.entries({ ...command.options, json: COMMON_OPTIONS.json ?? { does: '' } }).map(
    ([name, option]) => (option.required ? show(name, option) : `[${show(name, option)}]`),
  );
  return [command.name, command.operand, ...options].join(' ');
}

const show = (name: string, { value }: Option) => (value ? `--${name} ${value}` : `--${name}`);

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
