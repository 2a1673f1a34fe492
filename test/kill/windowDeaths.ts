import { setTimeout as delay } from 'node:timers/promises';
import { hasSurvivors, isThere, send, type Deadly } from './processes';
import { descendantsOf, orphansOf } from './processTree';
import type { Tally } from './tally';

/** What is killed below or with VS Code's server, and who alone is to live on. */
export interface WindowDeath {
  readonly server: number;
  readonly home: string;
  readonly trainer: number | undefined;
  readonly signal: Deadly;
  /** For people who look for the kill. */
  readonly where: string;
}

/** How long a host that asks its window first is waited for. */
const HEARD_MS = 1000;
/** What a child that has lost its parent may take to end. */
const LAST_MS = 30_000;

/** Those of every window; their children end with them. */
export async function killHosts(
  { server, trainer, signal, where }: WindowDeath,
  tally: Tally,
): Promise<void> {
  const hosts = descendantsOf(server).filter(({ command }) => command.includes('--type=extensionHost'));
  if (hosts.length === 0) throw new Error('no extension host runs');
  const below = hosts.flatMap(({ pid }) => descendantsOf(pid)).filter(({ pid }) => pid !== trainer);
  for (const { pid } of hosts) send(pid, signal);
  await delay(HEARD_MS);
  for (const { pid } of hosts) send(pid, 'SIGKILL');
  tally.count('extension hosts killed');
  tally.count(`extension hosts killed by ${signal}`);
  const left = () => below.filter(({ pid }) => isThere(pid));
  for (let waited = 0; waited < LAST_MS && left().length > 0; waited += 100) await delay(100);
  for (const { pid, command } of left()) tally.find(`${where}: its child ${pid} stays: ${command}`);
}

/** With all of its group. */
export async function killServer(
  { server, home, trainer, signal, where }: WindowDeath,
  tally: Tally,
): Promise<void> {
  send(-server, signal);
  tally.count('servers killed');
  tally.count(`servers killed by ${signal}`);
  // A server that hears a signal may take its time.
  if (await hasSurvivors(server)) {
    if (signal === 'SIGKILL') tally.find(`${where}: a process of its group stays`);
    else send(-server, 'SIGKILL');
  }
  for (const { pid, command } of await orphansOf(home, trainer)) {
    tally.find(`${where}: process ${pid} stays: ${command}`);
  }
}
