import { spawn } from 'node:child_process';
import { Failure } from '../../../core/failure';
import { t } from '../../../l10n/translate';

/** The last of what a tool says is where its reason is. */
const LONGEST_TALE = 64 * 1024;

export interface ToolRun {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ToolResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end.
 * @throws Failure of kind `work` (`TOOL_MISSING`) where there is none of that name; the signal's reason once aborted
 */
export function runTool(
  program: string,
  args: readonly string[],
  { cwd, signal, environment }: ToolRun,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...process.env, ...environment },
    });
    const told = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        told[name] = (told[name] + text).slice(-LONGEST_TALE);
      });
    }
    child.once('error', (cause: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else
        reject(
          new Failure('work', 'TOOL_MISSING', t('{0} cannot be run: {1}', program, cause.message), { cause }),
        );
    });
    child.once('close', (status) => {
      if (signal.aborted) reject(signal.reason);
      else resolve({ status, ...told });
    });
  });
}
