import { Column } from './column';
import { smooth, startSmoothing, type Smoothing } from './smooth';

/** Smooths the metrics of a run, each time only what is new of them. One for each run and reach. */
export type Smoother = (metric: string, steps: Column, values: Column | undefined) => Smoothing;

export function createSmoother(reach: number): Smoother {
  const known = new Map<string, Smoothing>();
  return (metric, steps, values = Column.empty) => {
    const before = known.get(metric) ?? startSmoothing(reach);
    const after = before.source === values ? before : smooth(before, steps, values);
    known.set(metric, after);
    return after;
  };
}
