import type { RunStatus } from '../../../src/core/run/events';
import type { Comparison } from '../../../src/core/run/compare';
import { unpackSteps } from '../../../src/protocol/packedSteps';
import type { HostToRunPanel } from '../../../src/protocol/runPanel';
import type { RunSeries } from '../../../src/protocol/runComparison';
import { NO_EVENTS, reduceEvents, reduceHistory, type RunState } from '../runState';

/** Everything the host has told of runs beside each other. */
export interface CompareState {
  readonly series: readonly RunSeries[];
  /** By the runs' ids; those of which all parts have come. */
  readonly curves: ReadonlyMap<string, RunState>;
  readonly reading: ReadonlyMap<string, RunState>;
  /** As far as it was told with events; what it was listed with where not. */
  readonly statuses: ReadonlyMap<string, RunStatus>;
  readonly table: ComparedTable | null;
  /** Why a run cannot be read, by its id. */
  readonly unread: ReadonlyMap<string, string>;
}

export interface ComparedTable {
  readonly ids: readonly string[];
  readonly comparison: Comparison;
  readonly monitors: readonly string[];
}

export const NOTHING_COMPARED: CompareState = {
  series: [],
  curves: new Map(),
  reading: new Map(),
  statuses: new Map(),
  table: null,
  unread: new Map(),
};

export function receiveComparison(state: CompareState, message: HostToRunPanel): CompareState {
  switch (message.type) {
    case 'series':
      return { ...state, series: message.series };
    case 'comparedHistory': {
      const { id, events, before, steps, continues, more } = message;
      const begun = continues ? state.reading.get(id) : NO_EVENTS;
      // A part of what was given up.
      if (begun === undefined) return state;
      const read = reduceHistory(begun, { events, before, steps: unpackSteps(steps) });
      return {
        ...state,
        reading: more ? put(state.reading, id, read) : without(state.reading, id),
        curves: more ? state.curves : put(state.curves, id, read),
        unread: without(state.unread, id),
      };
    }
    case 'comparedEvents': {
      const { id, status, events } = message;
      const before = state.curves.get(id);
      return {
        ...state,
        statuses: put(state.statuses, id, status),
        curves:
          before && events.length > 0 ? put(state.curves, id, reduceEvents(before, events)) : state.curves,
      };
    }
    case 'comparison': {
      const { ids, comparison, monitors } = message;
      return { ...state, table: { ids, comparison, monitors } };
    }
    case 'notCompared':
      return { ...state, unread: put(state.unread, message.id, message.message) };
    default:
      return state;
  }
}

/** Lets go of the runs that are chosen no more: the host keeps them up to date no longer. */
export function keepOnly(state: CompareState, ids: readonly string[]): CompareState {
  const only = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map([...map].filter(([id]) => ids.includes(id)));
  const { curves, reading, statuses, unread } = state;
  return {
    ...state,
    curves: only(curves),
    reading: only(reading),
    statuses: only(statuses),
    unread: only(unread),
  };
}

function put<Value>(map: ReadonlyMap<string, Value>, id: string, value: Value): ReadonlyMap<string, Value> {
  return new Map(map).set(id, value);
}

function without<Value>(map: ReadonlyMap<string, Value>, id: string): ReadonlyMap<string, Value> {
  if (!map.has(id)) return map;
  const rest = new Map(map);
  rest.delete(id);
  return rest;
}
