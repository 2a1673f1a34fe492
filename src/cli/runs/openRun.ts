import { stat } from 'node:fs/promises';
import path from 'node:path';
import { withDataPaths } from '../../core/plan/dataPaths';
import { readNotes } from '../../runs/runNotes';
import { readRun, type ReadOptions, type RunRecord } from '../../runs/runReader';

/** A run with what people wrote about it. */
export interface NotedRun extends RunRecord {
  readonly tags: readonly string[];
}

/**
 * Reads a run that is named by its folder's path, or by that folder's name in `out`; its plan's paths are made absolute,
 * so that runs of different folders compare.
 * @throws Failure of kind `input` where there is no such folder
 */
export async function openRun(named: string, out: string, options?: ReadOptions): Promise<NotedRun> {
  const inOut = path.join(out, named);
  const isPath = (await stat(named).catch(() => undefined)) !== undefined;
  const isInOut = !isPath && (await stat(inOut).catch(() => undefined)) !== undefined;
  const folder = path.resolve(isInOut ? inOut : named);
  const read = await readRun(folder, options);
  const { name = read.name, tags = [] } = await readNotes(folder);
  const record = { ...read, name, tags };
  if (!record.plan) return record;
  const resolve = (file: string) => path.resolve(record.folder, file);
  const { plan } = record;
  return {
    ...record,
    plan: {
      ...plan,
      model: resolve(plan.model),
      data: withDataPaths(plan.data, resolve),
      out: resolve(plan.out),
    },
  };
}
