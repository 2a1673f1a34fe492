import path from 'node:path';
import type { Plan } from '../core/plan/plan';
import { exportModel } from '../formats/exportModel';
import type { OperatedModel } from '../formats/operatedModel';
import { formatForPath, formatNamed, writableFormats } from '../formats/registry';
import type { Arguments } from './arguments';
import type { Option } from './command';
import { lineOf } from './fault';
import type { Terminal } from './terminal';
import { renderWarmStart } from './warmStartText';

/** Options of every command that writes a model. */
export const WRITING_OPTIONS: Readonly<Record<string, Option>> = {
  out: { value: 'PATH', does: 'where the new model goes', required: true },
  to: {
    value: 'FORMAT',
    does: `its format: ${writableFormats()
      .map(({ name }) => name)
      .join(', ')}; by the name of PATH where left out`,
  },
  force: { does: 'write over what is at PATH' },
};

/** The format that the arguments ask for. @throws Failure `FORMAT_UNKNOWN` */
export function askedFormat(args: Arguments) {
  const to = args.text('to');
  return to === undefined ? formatForPath(args.required('out')) : formatNamed(to);
}

/** Writes a model where the arguments say, and says so. @returns the exit status @throws Failure */
export async function writeResult(
  model: OperatedModel,
  args: Arguments,
  terminal: Terminal,
  plan?: Plan,
): Promise<number> {
  const out = args.required('out');
  const { name: format } = askedFormat(args);
  await exportModel(model, out, format, { force: args.flag('force'), ...(plan && { plan }) });
  for (const fault of model.report) terminal.warn(lineOf(fault));
  const { warmStarts } = model;
  if (args.flag('json')) {
    const started = warmStarts.length > 0 && { warmStarts };
    terminal.write(`${JSON.stringify({ format, path: path.resolve(out), ...started })}\n`);
  } else {
    for (const start of warmStarts) terminal.write(renderWarmStart(start));
    terminal.write(`wrote ${out} (${format})\n`);
  }
  return 0;
}
