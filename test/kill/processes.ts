import { setTimeout as delay } from 'node:timers/promises';

/** Signals that come from people, systems and terminals. */
export type Deadly = 'SIGKILL' | 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** Half of all kills are the one that nobody hears. */
export const SIGNALS: readonly Deadly[] = ['SIGKILL', 'SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'];

/** What a group may take to end once its leader has gone: the driver's program notices at its next line. */
const LAST_MS = 10_000;

/** Whether any process of a group is still there after a while; none is a stranger's, since groups are our children's. */
export async function hasSurvivors(leader: number): Promise<boolean> {
  for (let waited = 0; waited < LAST_MS; waited += 50) {
    if (!isThere(-leader)) return false;
    await delay(50);
  }
  return true;
}

/** @param pid a process, or minus the leader of a group */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Sends a signal to who may have gone. */
export function send(pid: number, signal: Deadly): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was faster.
  }
}
