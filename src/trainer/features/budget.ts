import { totalmem } from 'node:os';
import type { Plan } from '../../core/plan/plan';

const MEBIBYTE = 2 ** 20;

/** Bytes that features may take. */
export interface Budget {
  readonly memory: number;
  readonly disk: number;
}

/** In memory a gibibyte, a quarter of a small machine's; on the disk four, over all runs. */
export function budgetOf(cacheFeatures: Plan['cacheFeatures'], machine = totalmem()): Budget | undefined {
  if (cacheFeatures === 'off') return undefined;
  if (cacheFeatures === 'auto') {
    return { memory: Math.min(1024 * MEBIBYTE, machine / 4), disk: 4096 * MEBIBYTE };
  }
  return { memory: cacheFeatures.memoryMB * MEBIBYTE, disk: cacheFeatures.diskMB * MEBIBYTE };
}
