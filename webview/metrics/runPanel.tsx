import { useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { HostToRunPanel, RunPanelToHost } from '../../src/protocol/runPanel';
import type { RunMessage } from '../../src/core/run/steering';
import { announceRun } from './announce';
import { Charts } from './charts';
import { chooseRuns, parseChosen, type ChosenRun } from './compare/chosenRuns';
import { NoRuns, WaitingForHost } from './emptyState';
import { EpochTable } from './epochTable';
import { BareRun, isBare } from './health/bareRun';
import { DeletedNotice, Notices } from './health/notices';
import { useDeleted, useRunHealth } from './health/runHealth';
import { Overview } from './overview';
import type { PanelStore } from './panelStore';
import { isLive } from './progress';
import {
  CompareSection,
  JudgeSection,
  SECTION_PANEL,
  SECTIONS,
  tabOf,
  useSections,
  type Section,
} from './sections';
import { Toolbar } from './toolbar';
import { useNow } from './useNow';
import type { XAxis } from './xAxis';
import { t } from '../../src/l10n/translate';

/** What outlives a hidden panel. */
export interface Remembered {
  /** From 0 to 1. */
  readonly smoothing: number;
  /** The metrics that are drawn on a logarithmic axis. */
  readonly logarithmic: readonly string[];
  readonly axis: XAxis;
  readonly section: Section;
  /** The runs beside each other. */
  readonly compared: readonly ChosenRun[];
}

export interface RunPanelProps {
  readonly store: PanelStore;
  readonly post: (message: RunPanelToHost) => void;
  /** Calls `listener` with every message of the host from now on; returns what ends that. */
  readonly listen: (listener: (message: HostToRunPanel) => void) => () => void;
  readonly remembered: Partial<Remembered>;
  readonly remember: (state: Partial<Remembered>) => void;
}

const SMOOTHING = 0.45;

export function RunPanel({ store, post, listen, remembered, remember }: RunPanelProps) {
  const { runs, shownId, shown, machine, inTab, stopping, asked } = useSyncExternalStore(
    store.subscribe,
    store.snapshot,
  );
  const [settings, setSettings] = useState<Remembered>({
    smoothing: remembered.smoothing ?? SMOOTHING,
    logarithmic: remembered.logarithmic ?? [],
    axis: remembered.axis ?? 'step',
    section: SECTIONS.find((section) => section === remembered.section) ?? 'curves',
    compared: parseChosen(remembered.compared),
  });
  useEffect(() => remember(settings), [remember, settings]);
  // Before anything is painted: the host may have asked for it as soon as the page was there.
  useLayoutEffect(
    () =>
      listen((message) => {
        if (message.type !== 'openComparison') return;
        const { ids, grows = false } = message;
        setSettings((before) => {
          const { compared } = before;
          if (grows && (compared.length === 0 || !compared.every(({ id }) => ids.includes(id))))
            return before;
          const section = grows ? before.section : 'compare';
          return { ...before, section, compared: chooseRuns(compared, ids) };
        });
      }),
    [listen],
  );
  useSections();
  const live = shown !== null && isLive(shown.view.status);
  const now = useNow(live);
  const health = useRunHealth(shown, post, listen);
  const deleted = useDeleted(shownId, runs, listen);
  const bare = shown !== null && isBare(shown.view, shown.state);
  const announcement = useMemo(() => (shown ? announceRun(shown.state, shown.view.status) : ''), [shown]);

  const change = (changes: Partial<Remembered>) => setSettings((before) => ({ ...before, ...changes }));
  const stop = (id: string) => {
    store.stopAsked(id);
    post({ type: 'stop', id });
  };

  const steer = (id: string, message: RunMessage) => {
    store.asked(id, message.type);
    post({ type: 'steer', id, message });
  };

  if (runs === null && shown === null) return <WaitingForHost />;
  if (runs?.length === 0 && shown === null)
    return (
      <div className="run-panel">
        {deleted.name !== null && <DeletedNotice name={deleted.name} onDismiss={deleted.dismiss} />}
        <NoRuns />
      </div>
    );
  const { section, smoothing, axis } = settings;
  const given = { runs: runs ?? [], shown, now, smoothing, axis, post, listen };
  const later =
    section === 'compare' ? (
      <CompareSection
        {...given}
        chosen={settings.compared}
        inTab={inTab}
        onChosen={(compared) => change({ compared })}
      />
    ) : section === 'judge' ? (
      <JudgeSection {...given} />
    ) : null;
  return (
    <div className="run-panel">
      <Toolbar
        runs={runs ?? []}
        shownId={shownId}
        shown={shown}
        now={now}
        inTab={inTab}
        smoothing={settings.smoothing}
        stopping={shown !== null && stopping.includes(shown.view.id)}
        onSmooth={(smoothing) => change({ smoothing })}
        asked={asked.filter(({ id }) => id === shown?.view.id).map(({ type }) => type)}
        axis={settings.axis}
        onAxis={(axis) => change({ axis })}
        onSteer={steer}
        onStop={stop}
        section={section}
        onSection={(section) => change({ section })}
        post={post}
      />
      {deleted.name !== null && <DeletedNotice name={deleted.name} onDismiss={deleted.dismiss} />}
      <div className="section" id={SECTION_PANEL} role="tabpanel" aria-labelledby={tabOf(section)}>
        {!later && shown && health && !bare && <Notices id={shown.view.id} health={health} post={post} />}
        {later ? (
          later
        ) : shown && bare ? (
          health && <BareRun view={shown.view} health={health} post={post} />
        ) : shown ? (
          <div className="run-body">
            <Overview
              view={shown.view}
              state={shown.state}
              health={health}
              machine={machine?.id === shown.view.id ? machine.status : null}
              now={now - shown.clockAhead}
              post={post}
            />
            <Charts
              key={shown.view.id}
              run={shown.view}
              state={shown.state}
              strength={settings.smoothing}
              axis={settings.axis}
              logarithmic={settings.logarithmic}
              onLogarithmic={(logarithmic) => change({ logarithmic })}
              post={post}
            />
            <EpochTable epochs={shown.state.epochs} />
          </div>
        ) : (
          <p className="hint">
            {shownId === null ? t('Choose a run to see its curves.') : t('Reading the run…')}
          </p>
        )}
      </div>
      <div className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </div>
    </div>
  );
}
