import { useEffect, useState } from 'react';
import type { RunHealth } from '../../../src/core/run/health';
import type { HostToRunPanel, RunPanelToHost, RunView } from '../../../src/protocol/runPanel';
import type { ShownRun } from '../panelState';

type Listen = (listener: (message: HostToRunPanel) => void) => () => void;

/** Asks for a look at the run's folder when it is shown, and whenever the run begins, ends or goes. */
export function useRunHealth(
  shown: ShownRun | null,
  post: (message: RunPanelToHost) => void,
  listen: Listen,
): RunHealth | null {
  const [known, setKnown] = useState<{ readonly id: string; readonly health: RunHealth } | null>(null);
  const id = shown?.view.id;
  const status = shown?.view.status;
  useEffect(
    () =>
      listen((message) => {
        if (message.type === 'health') setKnown({ id: message.id, health: message.health });
      }),
    [listen],
  );
  useEffect(() => {
    if (id !== undefined) post({ type: 'askHealth', id });
  }, [id, status, post]);
  return known !== null && known.id === id ? known.health : null;
}

/** The name of the run that was on screen when its folder went; null once people have seen that. */
export function useDeleted(
  shownId: string | null,
  runs: readonly RunView[] | null,
  listen: Listen,
): { readonly name: string | null; readonly dismiss: () => void } {
  const [name, setName] = useState<string | null>(null);
  const shown = runs?.find(({ id }) => id === shownId)?.name;
  useEffect(
    () =>
      listen((message) => {
        if (message.type !== 'runs' || shown === undefined) return;
        if (!message.runs.some(({ id }) => id === shownId)) setName(shown);
      }),
    [shownId, shown, listen],
  );
  return { name, dismiss: () => setName(null) };
}
