import { parseArgs } from 'node:util';
import { Failure, nearest } from '../core/failure';
import { COMMON_OPTIONS, type Command } from './command';

/** A command's operands and options as given, each looked up by the name that the command's table has it under. */
export class Arguments {
  constructor(
    readonly operands: readonly string[],
    private readonly values: Readonly<Record<string, string | boolean | undefined>>,
  ) {}

  /** The one operand of a command that takes one. */
  get operand(): string {
    return this.operands[0] ?? '';
  }

  flag(name: string): boolean {
    return this.values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** For an option whose table entry says that it is required: `parseArguments` has seen that it is there. */
  required(name: string): string {
    return this.text(name) ?? '';
  }

  /** @throws Failure unless it is a whole number from one on */
  count(name: string, otherwise: number): number {
    const text = this.text(name);
    if (text === undefined) return otherwise;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw usage('OPTION_VALUE', `--${name}: found "${text}", expected a whole number from 1 on`);
  }
}

/**
 * Reads what follows a command's name.
 * @throws Failure of kind `usage`, with the nearest option to an unknown one
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const options = { ...command.options, ...COMMON_OPTIONS };
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value }]) => [
        name,
        { type: value ? 'string' : 'boolean' } as const,
      ]),
    ),
    strict: false,
    tokens: true,
  });
  const values: Record<string, string | boolean> = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options[token.name];
    if (!option) throw unknownOption(token.rawName, Object.keys(options), command);
    if (token.name in values)
      throw usage('OPTION_REPEATED', `${token.rawName} is given twice, expected once`);
    if (option.value === undefined) {
      if (token.value !== undefined) {
        throw usage('OPTION_VALUE', `${token.rawName} takes no value, found "${token.value}"`);
      }
      values[token.name] = true;
    } else {
      // Before an option, a value is more likely forgotten than meant: `--out --force`.
      const forgotten =
        token.value === undefined || token.value === '' || (!token.inlineValue && /^--?\D/.test(token.value));
      if (forgotten) throw usage('OPTION_VALUE', `${token.rawName} expects a value, ${option.value}`);
      values[token.name] = token.value ?? '';
    }
  }
  if (values.help !== true) checkComplete(command, operands, values);
  return new Arguments(operands, values);
}

function checkComplete(
  command: Command,
  operands: readonly string[],
  values: Readonly<Record<string, unknown>>,
): void {
  const [least, most] = command.operands ?? [1, 1];
  if (operands.length < least || operands.length > most) {
    const found = operands.length === 0 ? 'none' : operands.map((operand) => `"${operand}"`).join(', ');
    const takes = most === 1 ? `one ${command.operand}` : command.operand;
    throw usage('OPERAND', `${command.name} takes ${takes}, found ${found}`);
  }
  for (const [name, { required, value }] of Object.entries(command.options)) {
    if (required && values[name] === undefined)
      throw usage('OPTION_MISSING', `${command.name} needs --${name} ${value}`);
  }
}

function unknownOption(found: string, known: readonly string[], command: Command): Failure {
  const near = nearest(found.replace(/^-+/, ''), known);
  return usage(
    'OPTION_UNKNOWN',
    `${command.name} has no option ${found}; ` +
      (near ? `the nearest is --${near}` : `see model-surgery ${command.name} --help`),
  );
}

export function usage(code: string, message: string): Failure {
  return new Failure('usage', code, message);
}
