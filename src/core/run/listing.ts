import type { ComparableRun } from './compare';
import type { Metrics, RunStatus } from './events';
import { isGrowing } from './improvement';
import { outcomeOf } from './outcome';

/** A run in a list of runs. */
export interface ListedRun {
  readonly folder: string;
  readonly name: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970 UTC. */
  readonly startedAt: number;
  readonly epochs: number;
  readonly seconds: number;
  readonly trainableParams?: number;
  /** What the best epoch goes by, its value there, and the epoch. */
  readonly best?: { readonly metric: string; readonly value: number; readonly epoch: number };
  /** Of the last epoch. */
  readonly metrics: Metrics;
  readonly problems: readonly string[];
  /** What people gave it to find it by. */
  readonly tags: readonly string[];
  /** The series that it is of. */
  readonly sweep?: { readonly id: string; readonly frozenStages: number };
}

export interface ListOptions {
  readonly status?: string;
  /** A part of the name or of a tag, in any case. */
  readonly name?: string;
  /** A part of the series' id. */
  readonly sweep?: string;
  /** `started`, `name`, `status`, `seconds`, or a metric, of which the best comes first. */
  readonly sort: string;
}

type Listable = ComparableRun & {
  readonly folder: string;
  readonly startedAt: number;
  readonly problems: readonly { readonly message: string }[];
  readonly sweep?: ListedRun['sweep'];
  readonly tags?: readonly string[];
};

/** @param metric what the best epoch goes by; the run's own where left out */
export function listedRun(run: Listable, metric?: string): ListedRun {
  const { folder, name, status, startedAt, events, plan, problems, sweep, tags = [] } = run;
  const outcome = outcomeOf(events, metric ?? plan?.earlyStopping?.monitor);
  const { monitor, best, last, epochs, seconds, start } = outcome;
  const value = monitor === undefined ? undefined : best?.metrics[monitor];
  return {
    ...{ folder, name, status, startedAt, epochs: epochs.length, seconds },
    ...(start && { trainableParams: start.trainableParams }),
    ...(best &&
      monitor !== undefined &&
      value !== undefined && { best: { metric: monitor, value, epoch: best.epoch } }),
    metrics: last?.metrics ?? {},
    problems: problems.map(({ message }) => message),
    tags,
    ...(sweep && { sweep }),
  };
}

/** The runs that are asked for, in the order that is asked for; those without the metric come last. */
export function arrangeRuns(
  runs: readonly ListedRun[],
  { status, name, sweep, sort }: ListOptions,
): readonly ListedRun[] {
  const wanted = runs.filter(
    (run) =>
      (status === undefined || run.status === status) &&
      (sweep === undefined || run.sweep?.id.includes(sweep)) &&
      (name === undefined || [run.name, ...run.tags].some((text) => includes(text, name))),
  );
  return wanted.toSorted((a, b) => order(a, b, sort) || b.startedAt - a.startedAt);
}

const includes = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());

function order(a: ListedRun, b: ListedRun, sort: string): number {
  switch (sort) {
    case 'started':
      return b.startedAt - a.startedAt;
    case 'name':
    case 'status':
      return a[sort].localeCompare(b[sort], 'en');
    case 'seconds':
      return a.seconds - b.seconds;
    default:
      return rank(a, sort) - rank(b, sort);
  }
}

/** Less is better. */
function rank({ best, metrics }: ListedRun, metric: string): number {
  const value = best?.metric === metric ? best.value : metrics[metric];
  if (value === undefined || Number.isNaN(value)) return Number.MAX_VALUE;
  return isGrowing(metric) ? -value : value;
}
