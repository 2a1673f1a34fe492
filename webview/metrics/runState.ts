import type {
  EndEvent,
  EpochEvent,
  FeaturesEvent,
  Metrics,
  PhaseEvent,
  ResumedEvent,
  RunEvent,
  StartEvent,
  StepEvent,
  WarningEvent,
} from '../../src/core/run/events';
import {
  historyOf,
  MOST_METRICS,
  stepAt,
  type RunHistory,
  type StepColumns,
} from '../../src/core/run/history';
import { Column } from './column';
import { lengthened } from '../../src/core/run/runStart';
import { markOf, withoutLater, type RunMark } from './runMarks';

/** The steps of a run as columns of one length: what the curves are drawn from. */
export interface StepTable {
  readonly step: Column;
  readonly epoch: Column;
  /** Milliseconds since 1970 UTC. */
  readonly time: Column;
  /** By Keras's history name; NaN where a step did not report the metric, or reported no finite number. */
  readonly metrics: Readonly<Record<string, Column>>;
}

/** The same warning, said `count` times, last at `time`. */
export type RepeatedWarning = WarningEvent & { readonly count: number };

/** All that the panel shows of a run, from its events alone. */
export interface RunState {
  readonly start: StartEvent | null;
  readonly phases: readonly PhaseEvent[];
  readonly steps: StepTable;
  readonly epochs: readonly EpochEvent[];
  readonly warnings: readonly RepeatedWarning[];
  /** The first step whose loss was not a finite number. */
  readonly divergedAt: number | null;
  readonly end: EndEvent | null;
  /** What is marked on the charts beside phases, in the order of its steps. */
  readonly marks: readonly RunMark[];
  /** Whether it waits for somebody to let it go on. */
  readonly paused: boolean;
  /** How far the samples of the present phase have gone through its frozen layers. */
  readonly features: FeaturesEvent | null;
  /** Set by hand in the present phase; null where the plan's holds. */
  readonly learningRate: number | null;
  /** Of the latest event. */
  readonly lastTime: number | null;
}

const NO_STEPS: StepTable = { step: Column.empty, epoch: Column.empty, time: Column.empty, metrics: {} };

export const NO_EVENTS: RunState = {
  start: null,
  phases: [],
  steps: NO_STEPS,
  epochs: [],
  warnings: [],
  divergedAt: null,
  end: null,
  marks: [],
  paused: false,
  features: null,
  learningRate: null,
  lastTime: null,
};

export function reduceEvents(state: RunState, events: readonly RunEvent[]): RunState {
  return reduceHistory(state, historyOf(events));
}

export function reduceHistory(state: RunState, { events, before, steps }: RunHistory): RunState {
  let reduced = state;
  let done = 0;
  for (const [index, event] of events.entries()) {
    const until = before[index] ?? done;
    reduced = reduceEvent(reduceSteps(reduced, steps, done, until), event);
    done = until;
  }
  return reduceSteps(reduced, steps, done, steps.length);
}

function reduceSteps(state: RunState, steps: StepColumns, from: number, to: number): RunState {
  let reduced = state;
  for (let first = from; first < to;) {
    reduced = reduceEvent(reduced, stepAt(steps, first));
    // What a step changes but for its row, the first of several has changed.
    const end = endOfAscent(steps, first, to);
    if (end > first + 1) reduced = addSteps(reduced, steps, first + 1, end);
    first = end;
  }
  return reduced;
}

/** Where the steps from `first` on end to be each later than the one before: a history is millions of them. */
function endOfAscent({ step, epoch }: StepColumns, first: number, to: number): number {
  let end = first + 1;
  while (end < to && step[end]! > step[end - 1]! && epoch[end]! >= epoch[end - 1]!) end++;
  return end;
}

function addSteps(state: RunState, steps: StepColumns, from: number, to: number): RunState {
  let { divergedAt, lastTime } = state;
  const { loss } = steps.metrics;
  for (let index = from; index < to; index++) {
    lastTime = Math.max(lastTime ?? 0, steps.time[index]!);
    if (divergedAt === null && loss && Number.isNaN(loss[index])) divergedAt = steps.step[index]!;
  }
  return { ...state, divergedAt, lastTime, steps: appendSteps(state.steps, steps, from, to) };
}

/**
 * What is shown after `event`. A step or an epoch at or before the last one rewinds the run to it: that is how a
 * resumed run continues in the same file, and it makes an event that arrives twice harmless.
 */
export function reduceEvent(state: RunState, event: RunEvent): RunState {
  const timed = { ...state, lastTime: Math.max(state.lastTime ?? 0, event.time) };
  switch (event.type) {
    case 'start':
      return { ...timed, start: event };
    case 'phase':
      return {
        ...timed,
        phases: [...state.phases.filter((phase) => phase.phase < event.phase), event],
        features: null,
        learningRate: null,
      };
    case 'step':
      return {
        ...timed,
        end: null,
        paused: false,
        marks: withoutLater(state.marks, event.step),
        phases: dropFrom(state.phases, event.epoch + 1),
        epochs: dropFrom(state.epochs, event.epoch),
        steps: appendStep(state.steps, event),
        divergedAt: divergence(state.divergedAt, event),
      };
    case 'epoch':
      return {
        ...timed,
        end: null,
        epochs: [...dropFrom(state.epochs, event.epoch), event],
      };
    case 'warning':
      return { ...timed, warnings: addWarning(state.warnings, event) };
    case 'end':
      return { ...timed, end: event, paused: false };
    case 'paused':
      return { ...timed, paused: true };
    case 'resumed':
      return {
        ...rewind(timed, event),
        start: state.start && lengthened(state.start, event),
        end: null,
        paused: false,
      };
    case 'features':
      return { ...timed, features: event };
    case 'learningRate':
      return { ...marked(timed, event), learningRate: event.learningRate };
    case 'checkpoint':
    case 'earlyStop':
    case 'restored':
      return marked(timed, event);
    default:
      // A newer trainer may write events this panel does not know: they change no curve.
      return timed;
  }
}

function marked(state: RunState, event: Parameters<typeof markOf>[0]): RunState {
  // `restored` tells of an earlier epoch, and happens now.
  const now = Math.max(0, state.steps.step.last() || 0, state.epochs.at(-1)?.step ?? 0);
  const step = event.type === 'restored' ? now : event.step;
  return { ...state, marks: [...withoutLater(state.marks, step), markOf(event, step)] };
}

/** What was told of later steps is no part of a run that goes on from an earlier checkpoint. */
function rewind(state: RunState, { step, epoch }: ResumedEvent): RunState {
  const length = state.steps.step.lowerBound(step + 1);
  return {
    ...state,
    steps: length === state.steps.step.length ? state.steps : takeSteps(state.steps, length),
    epochs: dropFrom(state.epochs, epoch + 1),
    phases: state.phases.filter((phase) => phase.epoch <= epoch + 1),
    marks: withoutLater(state.marks, step),
    divergedAt: state.divergedAt !== null && state.divergedAt > step ? null : state.divergedAt,
  };
}

function takeSteps(table: StepTable, length: number): StepTable {
  const metrics = Object.fromEntries(
    Object.entries(table.metrics).map(([name, column]) => [name, column.take(length)]),
  );
  return {
    step: table.step.take(length),
    epoch: table.epoch.take(length),
    time: table.time.take(length),
    metrics,
  };
}

/** Those before `epoch`; the list itself where that is all of them, as it is but for a rewind. */
function dropFrom<Event extends { readonly epoch: number }>(
  events: readonly Event[],
  epoch: number,
): readonly Event[] {
  return (events.at(-1)?.epoch ?? 0) < epoch ? events : events.filter((event) => event.epoch < epoch);
}

function appendStep(table: StepTable, event: StepEvent): StepTable {
  const length = table.step.last() >= event.step ? table.step.lowerBound(event.step) : table.step.length;
  const before = length === table.step.length ? table : takeSteps(table, length);
  return appendSteps(before, historyOf([event]).steps, 0, 1);
}

/** Rows for steps that come after those of the table, in order. */
function appendSteps(table: StepTable, steps: StepColumns, from: number, to: number): StepTable {
  const count = to - from;
  const metrics = new Map(
    Object.entries(table.metrics).map(([name, column]) => [
      name,
      Object.hasOwn(steps.metrics, name) ? column : column.extend(count, () => NaN),
    ]),
  );
  for (const [name, values] of Object.entries(steps.metrics)) {
    if (!metrics.has(name) && metrics.size === MOST_METRICS) continue;
    const column = metrics.get(name) ?? Column.filled(table.step.length, NaN);
    metrics.set(
      name,
      column.extend(count, (index) => finite(values[from + index]!)),
    );
  }
  return {
    step: table.step.concat(steps.step.subarray(from, to)),
    epoch: table.epoch.concat(steps.epoch.subarray(from, to)),
    time: table.time.concat(steps.time.subarray(from, to)),
    metrics: Object.fromEntries(metrics),
  };
}

/** Neither what was no number nor what was not told can be drawn. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : NaN;
}

/** JSON has no NaN and no infinity: a diverged loss arrives as `null`. */
export function finiteMetric(metrics: Metrics, name: string): number {
  const value: unknown = metrics[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : NaN;
}

function divergence(known: number | null, event: StepEvent): number | null {
  const diverged = 'loss' in event.metrics && Number.isNaN(finiteMetric(event.metrics, 'loss'));
  if (known !== null && known < event.step) return known;
  return diverged ? event.step : null;
}

function addWarning(warnings: readonly RepeatedWarning[], event: WarningEvent): readonly RepeatedWarning[] {
  const same = (warning: WarningEvent) => warning.code === event.code && warning.message === event.message;
  const before = warnings.find(same);
  return [...warnings.filter((warning) => !same(warning)), { ...event, count: (before?.count ?? 0) + 1 }];
}
