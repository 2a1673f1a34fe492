import { unpackSteps } from '../../src/protocol/packedSteps';
import type { HostToRunPanel, RunView } from '../../src/protocol/runPanel';
import type { MachineStatus } from '../../src/core/run/machine';
import type { RunMessage } from '../../src/core/run/steering';
import type { RunEvent } from '../../src/core/run/events';
import { isLive } from './progress';
import { NO_EVENTS, reduceEvents, reduceHistory, type RunState } from './runState';

/** The run on show. */
export interface ShownRun {
  readonly view: RunView;
  readonly state: RunState;
  /** Milliseconds by which this window's clock is ahead of the one that writes the events, as far as known. */
  readonly clockAhead: number;
}

/** Everything the host has told the panel. */
export interface PanelState {
  /** Null until the host has spoken. */
  readonly runs: readonly RunView[] | null;
  readonly shownId: string | null;
  readonly shown: ShownRun | null;
  /** A long run of which not all parts have come. */
  readonly reading: { readonly id: string; readonly state: RunState } | null;
  /** What the run with this id took of its machine, as it last told. */
  readonly machine: { readonly id: string; readonly status: MachineStatus } | null;
  /** Whether this webview is the editor tab, not the view in the Panel. */
  readonly inTab: boolean;
  /** Live runs that were asked to stop and have not yet. */
  readonly stopping: readonly string[];
  /** What live runs were asked for and have not told of yet. */
  readonly asked: readonly Asked[];
}

/** An ask to a run, until one of the run's events answers it. */
export interface Asked {
  readonly id: string;
  readonly type: RunMessage['type'];
}

export const NOTHING_TOLD: PanelState = {
  runs: null,
  shownId: null,
  shown: null,
  reading: null,
  machine: null,
  inTab: false,
  stopping: [],
  asked: [],
};

/** @param now this window's clock, in milliseconds since 1970 UTC */
export function receiveMessage(panel: PanelState, message: HostToRunPanel, now: number): PanelState {
  switch (message.type) {
    case 'runs': {
      const { runs, shown: shownId } = message;
      const view = runs.find((run) => run.id === shownId);
      const kept = panel.shown?.view.id === shownId ? panel.shown : null;
      const ended = (id: string) => !runs.some((run) => run.id === id && isLive(run.status));
      return {
        runs,
        shownId,
        shown: kept && view ? { ...kept, view } : kept,
        reading: panel.reading?.id === shownId ? panel.reading : null,
        machine: panel.machine,
        inTab: message.place === undefined ? panel.inTab : message.place === 'tab',
        stopping: panel.stopping.filter((id) => !ended(id)),
        asked: panel.asked.filter(({ id }) => !ended(id)),
      };
    }
    case 'history': {
      const { run, events, steps, before, continues, more } = message;
      const begun = continues ? panel.reading : { id: run.id, state: NO_EVENTS };
      // A part of what was given up for another run.
      if (begun?.id !== run.id) return panel;
      const state = steps
        ? reduceHistory(begun.state, { events, before: before ?? [], steps: unpackSteps(steps) })
        : reduceEvents(begun.state, events);
      if (more) {
        const kept = panel.shown?.view.id === run.id ? panel.shown : null;
        return { ...panel, shownId: run.id, shown: kept, reading: { id: run.id, state } };
      }
      // The last event may be old; only one from the future says that the clocks differ.
      const clockAhead = Math.min(0, now - (state.lastTime ?? now));
      return {
        ...withStatus(panel, run.id, run.status),
        shownId: run.id,
        shown: { view: run, state, clockAhead },
        reading: null,
      };
    }
    case 'events': {
      const { id, status, events } = message;
      const told = answered(withStatus(panel, id, status), id, events);
      if (told.shown === null || told.shown.view.id !== id) return told;
      const { shown } = told;
      const last = events.at(-1);
      return {
        ...told,
        shown: {
          view: { ...shown.view, status },
          state: reduceEvents(shown.state, events),
          clockAhead: last === undefined ? shown.clockAhead : now - last.time,
        },
      };
    }
    case 'machine':
      return { ...panel, machine: { id: message.id, status: message.machine } };
    default:
      return panel;
  }
}

/** A person asked a run to stop; the host will say when it has. */
export function askToStop(panel: PanelState, id: string): PanelState {
  return panel.stopping.includes(id) ? panel : { ...panel, stopping: [...panel.stopping, id] };
}

/** A person asked something of a run; one of its events will say when it has heard. */
export function askFor(panel: PanelState, id: string, type: RunMessage['type']): PanelState {
  const others = panel.asked.filter((ask) => ask.id !== id || ask.type !== type);
  return { ...panel, asked: [...others, { id, type }] };
}

function answered(panel: PanelState, id: string, events: readonly RunEvent[]): PanelState {
  if (panel.asked.length === 0 || events.length === 0) return panel;
  const types = new Set(events.map((event) => ANSWER[event.type]));
  return { ...panel, asked: panel.asked.filter((ask) => ask.id !== id || !types.has(ask.type)) };
}

/** The events that answer an ask; a warning too answers one for a rate that cannot be. */
const ANSWER: Readonly<Partial<Record<RunEvent['type'], RunMessage['type']>>> = {
  paused: 'pause',
  resumed: 'resume',
  checkpoint: 'saveCheckpoint',
  learningRate: 'setLearningRate',
  warning: 'setLearningRate',
};

function withStatus(panel: PanelState, id: string, status: RunView['status']): PanelState {
  const runs =
    panel.runs?.map((run) => (run.id === id && run.status !== status ? { ...run, status } : run)) ?? null;
  // One that has ended may be resumed under the same name: it is not stopping then.
  const stopping = isLive(status) ? panel.stopping : panel.stopping.filter((other) => other !== id);
  const asked = isLive(status) ? panel.asked : panel.asked.filter((ask) => ask.id !== id);
  return { ...panel, runs, stopping, asked };
}
