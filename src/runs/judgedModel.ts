import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent } from '../core/run/events';
import type { JudgedModel } from '../core/run/judgement';
import { CHECKPOINT_FILES, listCheckpoints } from './checkpointFolder';
import { resultFiles } from './resultFiles';

/**
 * What there is of a run to be judged: the model it wrote, else its newest checkpoint, whose weights open as a model too.
 * Nothing where it has neither.
 */
export async function modelToJudge(
  run: string,
  events: readonly RunEvent[],
): Promise<JudgedModel | undefined> {
  const result = (await resultFiles(run, events)).find(({ exists }) => exists);
  if (result) return stateOf(run, result.path, 'result');
  for (const { folder } of await listCheckpoints(run)) {
    const found = await stateOf(run, path.join(folder, CHECKPOINT_FILES.weights), 'checkpoint');
    if (found) return found;
  }
  return undefined;
}

async function stateOf(
  run: string,
  file: string,
  kind: JudgedModel['kind'],
): Promise<JudgedModel | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return undefined;
  const relative = path.relative(run, file).split(path.sep).join('/');
  return { kind, path: relative, bytes: found.size, modified: Math.round(found.mtimeMs) };
}
