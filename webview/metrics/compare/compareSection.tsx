import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { Select } from '../../ui/select';
import { findBestEpoch } from '../bestEpoch';
import type { SectionProps } from '../sections';
import { bestEpochsOf } from './bestEpochs';
import { chooseRuns, toggleRun, type ChosenRun } from './chosenRuns';
import type { ComparedRun } from './comparedRun';
import { ComparisonTable } from './comparisonTable';
import { createCompareStore } from './compareStore';
import { OverlayCharts } from './overlayCharts';
import { RunChoice } from './runChoice';
import { RunLegend } from './runLegend';
import { t } from '../../../src/l10n/translate';

export interface CompareSectionProps extends SectionProps {
  readonly chosen: readonly ChosenRun[];
  /** Whether the page is the editor tab, not the view in the Panel. */
  readonly inTab: boolean;
  readonly onChosen: (chosen: readonly ChosenRun[]) => void;
}

/** Each run's own, as its plan's early stopping says. */
const OWN = '';

/** Runs beside each other: their curves over one another, and what differs beside what came out. */
export function CompareSection({
  runs,
  now,
  smoothing,
  axis,
  post,
  listen,
  chosen: remembered,
  inTab,
  onChosen,
}: CompareSectionProps) {
  const [store] = useState(() => createCompareStore(listen));
  const told = useSyncExternalStore(store.subscribe, store.snapshot);
  const { series, curves, statuses, table, unread } = told;
  const [monitor, setMonitor] = useState<string>(OWN);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const [pointed, setPointed] = useState<string | null>(null);
  const [training, setTraining] = useState(true);
  const [validation, setValidation] = useState(true);

  const compared = useMemo(
    () =>
      remembered.flatMap(({ id, slot }) => {
        // One that was deleted is not compared, though it comes back if its folder does.
        const view = runs.find((run) => run.id === id);
        return view ? [{ id, slot, name: view.name, status: statuses.get(id) ?? view.status }] : [];
      }),
    [remembered, runs, statuses],
  );
  const ids = compared.map(({ id }) => id).join('\n');
  useEffect(() => {
    const wanted = ids === '' ? [] : ids.split('\n');
    store.keepOnly(wanted);
    const known = [...store.snapshot().curves.keys()];
    post({ type: 'compareRuns', ids: wanted, known, monitor: monitor === OWN ? null : monitor });
  }, [store, post, ids, monitor]);
  useEffect(() => () => post({ type: 'compareRuns', ids: [], known: [], monitor: null }), [post]);

  const best = useMemo(() => bestEpochsOf(table), [table]);
  const drawn = useMemo(
    () =>
      compared.flatMap((run): ComparedRun[] => {
        const state = curves.get(run.id);
        if (!state || hidden.includes(run.id)) return [];
        // Until the table has come, what a chart of one run would mark.
        return [{ ...run, state, best: best.get(run.id) ?? findBestEpoch(state.epochs)?.epoch ?? null }];
      }),
    [compared, curves, hidden, best],
  );
  const runOf = useCallback((id: string) => compared.find((run) => run.id === id), [compared]);
  const waiting = compared.some(({ id }) => !curves.has(id) && !unread.has(id));
  return (
    <div className={inTab ? 'compare in-tab' : 'compare'}>
      <RunChoice
        runs={runs}
        series={series}
        chosen={compared}
        unread={unread}
        now={now}
        onToggle={(id) => onChosen(toggleRun(compared, id))}
        onChoose={(wanted) => onChosen(chooseRuns(compared, wanted))}
      />
      {compared.length < 2 ? (
        <NothingCompared runs={runs.length} chosen={compared.length} />
      ) : (
        <div className="compared">
          <RunLegend
            runs={compared}
            hidden={hidden}
            training={training}
            validation={validation}
            onToggle={(id) =>
              setHidden((before) =>
                before.includes(id) ? before.filter((other) => other !== id) : [...before, id],
              )
            }
            onTraining={setTraining}
            onValidation={setValidation}
            onPoint={setPointed}
            onRemove={(id) => onChosen(toggleRun(compared, id))}
          />
          {waiting && (
            <p className="hint late" role="status">
              {t('Reading the runs…')}
            </p>
          )}
          <OverlayCharts
            runs={drawn}
            strength={smoothing}
            axis={axis}
            training={training}
            validation={validation}
            emphasized={pointed}
          />
          {table && (
            <section className="compared-table" aria-label={t('Comparison')}>
              <header>
                <h2>{t('What differs, and what came out')}</h2>
                <span className="spring" />
                <label>
                  {t('Best epoch by ')}
                  <Select
                    label={t('What the best epochs go by')}
                    value={monitor}
                    options={[
                      { value: OWN, label: t('each run’s own') },
                      ...table.monitors.map((name) => ({ value: name, label: name })),
                    ]}
                    onChange={setMonitor}
                  />
                </label>
                <Button icon="copy" onClick={() => post({ type: 'copyComparison', as: 'markdown' })}>
                  {t('Copy as Markdown')}
                </Button>
                <Button icon="table" onClick={() => post({ type: 'copyComparison', as: 'csv' })}>
                  {t('Copy as CSV')}
                </Button>
              </header>
              <ComparisonTable table={table} runOf={runOf} />
            </section>
          )}
        </div>
      )}
    </div>
  );
}

interface NothingComparedProps {
  readonly runs: number;
  readonly chosen: number;
}

function NothingCompared({ runs, chosen }: NothingComparedProps) {
  return (
    <div className="section-empty">
      <Icon name="git-compare" />
      <h1>{chosen === 1 ? t('Choose one more run') : t('Choose two or more runs')}</h1>
      <p>
        {runs < 2
          ? t('Comparing takes two runs: train once more with something changed.')
          : t(
              'Their curves are drawn over each other, above a table of what differs between them beside what came out.',
            )}
      </p>
      <p>
        {t(
          'Freeze Sweep… in a model’s editor trains a series that differs in its freeze set alone, and shows it here.',
        )}
      </p>
    </div>
  );
}
