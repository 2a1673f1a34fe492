import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readNotedRun, type NotedRun } from '../../runs/notedRun';
import type { ReadOptions } from '../../runs/runReader';

/**
 * Reads a run that is named by its folder's path, or by that folder's name in `out`.
 * @throws Failure of kind `input` where there is no such folder
 */
export async function openRun(named: string, out: string, options?: ReadOptions): Promise<NotedRun> {
  const inOut = path.join(out, named);
  const isPath = (await stat(named).catch(() => undefined)) !== undefined;
  const isInOut = !isPath && (await stat(inOut).catch(() => undefined)) !== undefined;
  return readNotedRun(path.resolve(isInOut ? inOut : named), options);
}
