import { execFile } from 'node:child_process';

/**
 * Signals a child and everything it started. On POSIX the trainer leads a process group of its own (it is spawned
 * `detached`); Windows has no groups, and `taskkill /T` walks the tree, by force where it is SIGKILL.
 */
export function signalTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    const force = signal === 'SIGKILL' ? ['/F'] : [];
    execFile('taskkill', ['/PID', String(pid), '/T', ...force], { windowsHide: true }, () => undefined);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the whole group is gone, which is what was wanted.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
