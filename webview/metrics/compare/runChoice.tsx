import { useState } from 'react';
import { MOST_COMPARED, type RunSeries } from '../../../src/protocol/runComparison';
import type { RunView } from '../../../src/protocol/runPanel';
import { Icon } from '../../ui/icon';
import { STATUS_WORD } from '../announce';
import { formatAge } from '../formatNumbers';
import { StatusIcon } from '../statusIcon';
import { colourOf, type ChosenRun } from './chosenRuns';
import { t } from '../../../src/l10n/translate';

export interface RunChoiceProps {
  readonly runs: readonly RunView[];
  readonly series: readonly RunSeries[];
  readonly chosen: readonly ChosenRun[];
  /** Why a run cannot be read, by its id. */
  readonly unread: ReadonlyMap<string, string>;
  /** Milliseconds since 1970 UTC. */
  readonly now: number;
  readonly onToggle: (id: string) => void;
  readonly onChoose: (ids: readonly string[]) => void;
}

/** Beyond that a list is searched, not read. */
const MANY_RUNS = 8;

/** The runs there are, each with a box in its colour; and the freeze sweeps that they are of. */
export function RunChoice({ runs, series, chosen, unread, now, onToggle, onChoose }: RunChoiceProps) {
  const [filter, setFilter] = useState('');
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter(({ name, status, tags = [] }) => {
    const text = [name, status, STATUS_WORD[status], ...tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const full = chosen.length >= MOST_COMPARED;
  return (
    <aside className="run-choice" aria-label={t('Runs to compare')}>
      <header>
        <h2>{t('Runs')}</h2>
        <span className="run-choice-count">
          {chosen.length === 0 ? t('none chosen') : t('{0} of {1} chosen', chosen.length, runs.length)}
        </span>
        {chosen.length > 0 && (
          <button type="button" className="link" onClick={() => onChoose([])}>
            {t('Clear')}
          </button>
        )}
      </header>
      {full && (
        <p className="run-choice-note">
          {t(
            '{0} runs are compared at most: more colours are not told apart. Take one out for another.',
            MOST_COMPARED,
          )}
        </p>
      )}
      {series.length > 0 && (
        <ul className="series-list" aria-label={t('Freeze sweeps')}>
          {series.map((each) => (
            <li key={each.id}>
              <SeriesButton series={each} runs={runs} chosen={chosen} now={now} onChoose={onChoose} />
            </li>
          ))}
        </ul>
      )}
      {runs.length > MANY_RUNS && (
        <input
          type="search"
          className="run-filter"
          placeholder={t('Filter by name, tag or status')}
          aria-label={t('Filter the runs')}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      <ul className="run-checks">
        {found.map((run) => {
          const own = chosen.find(({ id }) => id === run.id);
          const why = unread.get(run.id);
          return (
            <li key={run.id}>
              <label className={full && !own ? 'disabled' : undefined}>
                <input
                  type="checkbox"
                  checked={own !== undefined}
                  disabled={full && !own}
                  style={own && { background: colourOf(own.slot), borderColor: colourOf(own.slot) }}
                  onChange={() => onToggle(run.id)}
                />
                <span className="run-check-name">{run.name}</span>
                <span className="run-check-note">
                  <StatusIcon status={run.status} />
                  {STATUS_WORD[run.status]} · {formatAge(run.startedAt, now)}
                </span>
              </label>
              {why !== undefined && <p className="run-unread">{why}</p>}
            </li>
          );
        })}
        {found.length === 0 && (
          <li className="run-choice-note">{t('No run has “{0}” in its name, tags or status.', filter)}</li>
        )}
      </ul>
    </aside>
  );
}

interface SeriesButtonProps {
  readonly series: RunSeries;
  readonly runs: readonly RunView[];
  readonly chosen: readonly ChosenRun[];
  readonly now: number;
  readonly onChoose: (ids: readonly string[]) => void;
}

function SeriesButton({ series, runs, chosen, now, onChoose }: SeriesButtonProps) {
  const shown = chosen.length === series.runs.length && series.runs.every((id, at) => chosen[at]?.id === id);
  const started = Math.min(...runs.filter(({ id }) => series.runs.includes(id)).map((run) => run.startedAt));
  return (
    <button type="button" aria-pressed={shown} onClick={() => onChoose(series.runs)}>
      <Icon name="layers" />
      <span>
        <b>{t('Compare this sweep')}</b>
        {t('{0} · {1} runs · {2}', nameOf(series), series.runs.length, formatAge(started, now))}
      </span>
    </button>
  );
}

/** A series' id is its time and its name. */
const nameOf = ({ id }: RunSeries): string => id.replace(/^\S*\d{4}-\d\d-\d\dT\S+ /, '');
