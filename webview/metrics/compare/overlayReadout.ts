import { isGrowing } from '../../../src/core/run/improvement';
import { readOut } from '../readout';
import type { XScale } from '../xAxis';
import type { ComparedRun } from './comparedRun';
import type { OverlaidRun } from './overlay';

export type ReadRun = ComparedRun & OverlaidRun & { readonly scale: XScale };

/** The numbers of one run at one place of the x axis; NaN where there is none. */
export interface OverlayRow {
  readonly id: string;
  readonly name: string;
  readonly slot: number;
  readonly training: number;
  readonly validation: number;
}

/** The runs at a place of the x axis, the best in validation first; those that ended before it are left out. */
export function readOverlay(runs: readonly ReadRun[], metric: string, x: number): readonly OverlayRow[] {
  const rows = runs.flatMap(({ id, name, slot, state, scale, smoothing }): OverlayRow[] => {
    const step = scale.toStep(x);
    const last = Math.max(state.steps.step.last() || 0, state.epochs.at(-1)?.step ?? 0);
    const read = step > last ? null : readOut(state, metric, smoothing.values, step);
    if (read === null) return [];
    const training = read.stepwise ? read.smoothed : read.training;
    return [{ id, name, slot, training, validation: read.validation }];
  });
  const sign = isGrowing(metric) ? -1 : 1;
  const rank = ({ training, validation }: OverlayRow) => {
    const value = Number.isNaN(validation) ? training : validation;
    return Number.isNaN(value) ? Infinity : sign * value;
  };
  return rows.toSorted((a, b) => rank(a) - rank(b) || 0);
}
