import path from 'node:path';
import { withDataPaths } from '../core/plan/dataPaths';
import { readNotes } from './runNotes';
import { readRun, type ReadOptions, type RunRecord } from './runReader';

/** A run with what people wrote about it. */
export interface NotedRun extends RunRecord {
  readonly tags: readonly string[];
}

/**
 * Reads a run under the name that people gave it, its plan's paths made absolute, so that runs of different folders
 * compare.
 * @throws Failure of kind `input` where there is no such folder
 */
export async function readNotedRun(folder: string, options?: ReadOptions): Promise<NotedRun> {
  const read = await readRun(folder, options);
  const { name = read.name, tags = [] } = await readNotes(folder);
  const record = { ...read, name, tags };
  if (!record.plan) return record;
  const resolve = (file: string) => path.resolve(folder, file);
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
