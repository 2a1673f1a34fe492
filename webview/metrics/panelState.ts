import type { HostToRunPanel, RunView } from '../../src/protocol/runPanel';
import { isLive } from './progress';
import { NO_EVENTS, reduceEvents, type RunState } from './runState';

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
  /** Whether this webview is the editor tab, not the view in the Panel. */
  readonly inTab: boolean;
  /** Live runs that were asked to stop and have not yet. */
  readonly stopping: readonly string[];
}

export const NOTHING_TOLD: PanelState = {
  runs: null,
  shownId: null,
  shown: null,
  inTab: false,
  stopping: [],
};

/** @param now this window's clock, in milliseconds since 1970 UTC */
export function receiveMessage(panel: PanelState, message: HostToRunPanel, now: number): PanelState {
  switch (message.type) {
    case 'runs': {
      const { runs, shown: shownId } = message;
      const view = runs.find((run) => run.id === shownId);
      const kept = panel.shown?.view.id === shownId ? panel.shown : null;
      return {
        runs,
        shownId,
        shown: kept && view ? { ...kept, view } : kept,
        inTab: message.place === undefined ? panel.inTab : message.place === 'tab',
        stopping: panel.stopping.filter((id) => runs.some((run) => run.id === id && isLive(run.status))),
      };
    }
    case 'history': {
      const state = reduceEvents(NO_EVENTS, message.events);
      // The last event may be old; only one from the future says that the clocks differ.
      const clockAhead = Math.min(0, now - (state.lastTime ?? now));
      return {
        ...withStatus(panel, message.run.id, message.run.status),
        shownId: message.run.id,
        shown: { view: message.run, state, clockAhead },
      };
    }
    case 'events': {
      const { id, status, events } = message;
      const told = withStatus(panel, id, status);
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
    default:
      return panel;
  }
}

/** A person asked a run to stop; the host will say when it has. */
export function askToStop(panel: PanelState, id: string): PanelState {
  return panel.stopping.includes(id) ? panel : { ...panel, stopping: [...panel.stopping, id] };
}

function withStatus(panel: PanelState, id: string, status: RunView['status']): PanelState {
  const runs =
    panel.runs?.map((run) => (run.id === id && run.status !== status ? { ...run, status } : run)) ?? null;
  // One that has ended may be resumed under the same name: it is not stopping then.
  const stopping = isLive(status) ? panel.stopping : panel.stopping.filter((other) => other !== id);
  return { ...panel, runs, stopping };
}
