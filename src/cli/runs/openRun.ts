import { stat } from 'node:fs/promises';
import path from 'node:path';
import { withDataPaths } from '../../core/plan/dataPaths';
import { readRun, type ReadOptions, type RunRecord } from '../../runs/runReader';

/**
 * Reads a run that is named by its folder's path, or by that folder's name in `out`; its plan's paths are made absolute,
 * so that runs of different folders compare.
 * @throws Failure of kind `input` where there is no such folder
 */
export async function openRun(named: string, out: string, options?: ReadOptions): Promise<RunRecord> {
  const inOut = path.join(out, named);
  const isPath = (await stat(named).catch(() => undefined)) !== undefined;
  const isInOut = !isPath && (await stat(inOut).catch(() => undefined)) !== undefined;
  const record = await readRun(path.resolve(isInOut ? inOut : named), options);
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
