import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface Process {
  readonly pid: number;
  readonly command: string;
}

interface Found extends Process {
  readonly parent: number;
  readonly group: number;
}

/** The processes of this machine, by /proc: what this needs is only run on Linux. */
function processes(): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent: Number(parent), group: Number(group), command }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** The processes below one. */
export function descendantsOf(pid: number): readonly Process[] {
  const all = processes();
  const below = (of: number): readonly Found[] =>
    all.filter(({ parent }) => parent === of).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

/** The processes that were started with that home, whoever is their parent now, but for one group. */
function ofHome(home: string, but: number | undefined): readonly Process[] {
  return processes().filter(({ pid, group }) => {
    if (group === but) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`HOME=${home}`);
    } catch {
      return false;
    }
  });
}

/** What a process that has lost its parent may take to notice and to end. */
const LAST_MS = 30_000;

/** The processes of that home that do not end; none but the group `but` is to go on. */
export async function orphansOf(home: string, but?: number): Promise<readonly Process[]> {
  for (let waited = 0; waited < LAST_MS && ofHome(home, but).length > 0; waited += 100) await delay(100);
  return ofHome(home, but);
}
