import { EXIT_STATUS, Failure } from '../core/failure';
import type { Terminal } from './terminal';

export interface ReportOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Reports an error as DESIGN §8 has it: one line, or one JSON object. @returns the exit status */
export function reportError(error: unknown, terminal: Terminal, { json, verbose }: ReportOptions): number {
  const failure = error instanceof Failure ? error : unexpected(error);
  const { code, path, layer } = failure;
  const message = failure.message.replace(/\s*\n\s*/g, ' ');
  if (json) terminal.write(`${JSON.stringify({ error: { code, message, path, layer } })}\n`);
  else terminal.warn(`error ${code}: ${message}`);
  if (verbose) terminal.warn(stackOf(error));
  return EXIT_STATUS[failure.kind];
}

/** A mistake of ours, not of the user's. */
function unexpected(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('work', 'INTERNAL', `${message}; this is a defect of the program, --verbose says where`);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
