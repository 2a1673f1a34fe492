import type { Arguments } from './arguments';
import type { Terminal } from './terminal';

export interface Option {
  /** What its value is called in the help; an option without one is a switch. */
  readonly value?: string;
  readonly does: string;
  readonly required?: boolean;
}

/** A command of the program: `model-surgery NAME OPERAND [options]`. */
export interface Command {
  readonly name: string;
  /** What its operands are called in the help. */
  readonly operand: string;
  /** How many there are where it is not one: at least, at most. */
  readonly operands?: readonly [number, number];
  readonly does: string;
  readonly options: Readonly<Record<string, Option>>;
  /** @returns the exit status @throws Failure */
  run(args: Arguments, terminal: Terminal): Promise<number>;
}

/** Options of every command. */
export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  json: { does: 'print JSON, errors too' },
  verbose: { does: 'print where in the program an error comes from' },
  help: { does: 'print this help' },
};
