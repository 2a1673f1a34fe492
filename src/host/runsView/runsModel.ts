import { isGrowing } from '../../core/run/improvement';
import type { RunStatus } from '../../core/run/events';
import { isShare } from '../../core/run/metricWords';
import { FAULT_SENTENCE, FAULT_WORD, type RunFault } from '../../core/run/health';
import type { RunView } from '../../protocol/runPanel';
import { STATUS_SAID } from '../../core/run/statusWords';
import { escaped } from '../runProgress';
import { t } from '../../l10n/translate';

/** A run as the tree of runs lists it. */
export interface ListedRun extends RunView {
  /** It waits for somebody to let it go on. */
  readonly paused: boolean;
  /** Where it is, in a few words; left out for one that is over. */
  readonly progress?: string;
  /** When it began, in short: runs of one model share a name. */
  readonly when?: string;
}

/** How the list is arranged. */
export interface Arrangement {
  /** `newest`, `name`, or a metric by its history name: the best first, runs that did not measure it last. */
  readonly sort: string;
  /** Words that all must be in a run's name, tags or status. */
  readonly filter: string;
}

export const NEWEST_FIRST: Arrangement = { sort: 'newest', filter: '' };

/** What one row shows. */
export interface RunRow {
  readonly label: string;
  readonly description: string;
  /** A codicon, and the theme colour it has. */
  readonly icon: string;
  readonly colour?: string;
  /** Words that menus ask for: `live`, `paused`, `over`, `interrupted`, `steerable`. */
  readonly context: string;
  /** Markdown. */
  readonly tooltip: string;
}

const ICONS: Readonly<Record<RunStatus, { readonly icon: string; readonly colour?: string }>> = {
  starting: { icon: 'loading~spin', colour: 'charts.blue' },
  running: { icon: 'loading~spin', colour: 'charts.blue' },
  finished: { icon: 'pass-filled', colour: 'charts.green' },
  stopped: { icon: 'stop-circle', colour: 'charts.yellow' },
  failed: { icon: 'error', colour: 'charts.red' },
  lost: { icon: 'debug-disconnect', colour: 'charts.yellow' },
};
const PAUSED = { icon: 'debug-pause', colour: 'charts.blue' };
const FAULTY = { icon: 'warning', colour: 'charts.yellow' };
/** Where these hold, a status would be a guess. */
const STATUS_LESS: ReadonlySet<RunFault> = new Set(['newer', 'empty']);

/** What a row tells of a run where it is not sorted by another metric: the first that was measured. */
const TELLING = ['val_accuracy', 'val_mae', 'val_loss', 'accuracy', 'mae', 'loss'];

/** The runs that pass the filter, in order; the newest first among equals. */
export function arrange<Run extends RunView>(runs: readonly Run[], { sort, filter }: Arrangement): Run[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = runs.filter((run) => {
    const text = [run.name, run.status, STATUS_SAID[run.status], ...(run.tags ?? [])]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const newest = kept.sort((a, b) => b.startedAt - a.startedAt);
  if (sort === 'newest') return newest;
  if (sort === 'name')
    return newest.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const rank = (run: Run) => {
    const value = measured(run, sort);
    return value === undefined ? Infinity : isGrowing(sort) ? -value : value;
  };
  return newest.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** The metrics that some of the runs measured, validation's first. */
export function metricsOf(runs: readonly RunView[]): readonly string[] {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics ?? {})))].sort();
  return [
    ...names.filter((name) => name.startsWith('val_')),
    ...names.filter((name) => !name.startsWith('val_')),
  ];
}

export function rowOf(run: ListedRun, sort: string): RunRow {
  const live = run.status === 'running' || run.status === 'starting';
  const metric = [sort, ...TELLING].find((name) => measured(run, name) !== undefined);
  const value = metric === undefined ? undefined : measured(run, metric);
  const told =
    metric === undefined || value === undefined ? '' : `${spoken(metric)} ${written(metric, value)}`;
  const tags = (run.tags ?? []).map((tag) => `#${tag}`).join(' ');
  const progress = live ? (run.progress ?? STATUS_SAID[run.status]) : endOf(run);
  return {
    label: run.name,
    description: [progress, told, tags, live ? '' : run.when].filter(Boolean).join(' · '),
    ...(run.paused ? PAUSED : run.fault && STATUS_LESS.has(run.fault) ? FAULTY : ICONS[run.status]),
    context: contextOf(run, live),
    tooltip: tooltipOf(run, progress),
  };
}

/** How a run that is over ended, and what is wrong with what it left; nothing for one that finished well. */
function endOf({ status, fault }: ListedRun): string {
  const ended = status === 'finished' || (fault && STATUS_LESS.has(fault)) ? '' : STATUS_SAID[status];
  return [ended, fault ? FAULT_WORD[fault] : ''].filter(Boolean).join(', ');
}

function contextOf({ status, paused, steering }: ListedRun, live: boolean): string {
  if (!live) return status === 'finished' ? 'run over' : 'run over interrupted';
  const state = paused ? 'run live paused' : 'run live going';
  return steering ? `${state} steerable` : state;
}

function tooltipOf(run: ListedRun, progress: string): string {
  const metrics = Object.entries(run.metrics ?? {}).flatMap(([name, value]) =>
    Number.isFinite(value) ? [`| ${spoken(name)} | ${written(name, value)} |`] : [],
  );
  return [
    `**${escaped(run.name)}** ${escaped(progress || STATUS_SAID[run.status])}`,
    ...(run.fault ? [escaped(FAULT_SENTENCE[run.fault])] : []),
    t('Started {0}', new Date(run.startedAt).toLocaleString()),
    ...(run.tags?.length ? [escaped(run.tags.map((tag) => `#${tag}`).join(' '))] : []),
    ...(metrics.length > 0 ? [[`| ${t('Last epoch')} | |`, '| :-- | --: |', ...metrics].join('\n')] : []),
    escaped(run.id),
  ].join('\n\n');
}

/** JSON has no NaN: what is no number was not measured. */
function measured({ metrics }: RunView, name: string): number | undefined {
  const value = metrics?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function spoken(metric: string): string {
  return metric.startsWith('val_') ? t('val. {0}', metric.slice(4)) : metric;
}

function written(metric: string, value: number): string {
  return isShare(metric) ? `${(value * 100).toFixed(1)} %` : String(Number(value.toPrecision(4)));
}
