import { memo, useState } from 'react';
import type { RunStatus } from '../../../src/core/run/events';
import { Icon } from '../../ui/icon';
import { STATUS_WORD } from '../announce';
import { StatusIcon } from '../statusIcon';
import { colourOf } from './chosenRuns';
import type { ComparedTable } from './compareState';
import { columnsOf, nextSorting, sortedRuns, type Sorting, type TableColumn } from './tableModel';
import { t } from '../../../src/l10n/translate';

export interface TableRun {
  readonly name: string;
  readonly status: RunStatus;
  readonly slot: number;
}

export interface ComparisonTableProps {
  readonly table: ComparedTable;
  /** Of the table's runs; one that is chosen no more is left out. */
  readonly runOf: (id: string) => TableRun | undefined;
}

/** What differs between runs, beside what came out of them: a line a run. */
export const ComparisonTable = memo(function ComparisonTable({ table, runOf }: ComparisonTableProps) {
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const columns = columnsOf(table.comparison);
  const different = columns.filter(({ kind }) => kind === 'differs').length;
  const order = sortedRuns(table.ids.length, columns, sorting);
  return (
    <div
      className="comparison-scroll"
      role="region"
      aria-label={t('What differs and what came out')}
      tabIndex={0}
    >
      <table className="comparison">
        <thead>
          <tr className="groups">
            <td />
            {different > 0 && (
              <th scope="colgroup" colSpan={different}>
                {t('What differs')}
              </th>
            )}
            <th scope="colgroup" colSpan={columns.length - different}>
              {t('What came out')}
            </th>
          </tr>
          <tr>
            <th scope="col">{t('Run')}</th>
            {columns.map((column, at) => (
              <ColumnHead
                key={column.name}
                column={column}
                first={at === different}
                sorting={sorting?.column === column.name ? sorting : null}
                onSort={() => setSorting(nextSorting(sorting, column.name))}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((place) => {
            const run = runOf(table.ids[place] ?? '');
            if (!run) return null;
            return (
              <tr key={table.ids[place]}>
                <th scope="row">
                  <span className="compared-name">
                    <span className="run-swatch" style={{ background: colourOf(run.slot) }} />
                    {run.name}
                    <span className="compared-status" title={STATUS_WORD[run.status]}>
                      <StatusIcon status={run.status} />
                      <span className="visually-hidden">{STATUS_WORD[run.status]}</span>
                    </span>
                  </span>
                </th>
                {columns.map((column, at) => (
                  <td
                    key={column.name}
                    className={[
                      typeof column.values[place] === 'number' ? 'number' : '',
                      at === different ? 'first' : '',
                      column.best.includes(place) ? 'best' : '',
                    ].join(' ')}
                  >
                    <span className="compared-value">
                      {column.cells[place]}
                      {column.best.includes(place) && (
                        <span className="best-sign" title={t('The best of the chosen runs')}>
                          <Icon name="star-full" />
                          <span className="visually-hidden">{t('best')}</span>
                        </span>
                      )}
                    </span>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {different === 0 && (
        <p className="nothing-differs">
          {t(
            'Nothing that is known differs between these runs but chance: the same surgery, freeze sets and plan.',
          )}
        </p>
      )}
    </div>
  );
});

interface ColumnHeadProps {
  readonly column: TableColumn;
  /** Of what came out. */
  readonly first: boolean;
  readonly sorting: Sorting | null;
  readonly onSort: () => void;
}

function ColumnHead({ column, first, sorting, onSort }: ColumnHeadProps) {
  const numeric = column.values.some((value) => typeof value === 'number');
  const ascending = (column.better === 'higher') === (sorting?.reversed ?? false);
  return (
    <th
      scope="col"
      className={[numeric ? 'number' : '', first ? 'first' : ''].join(' ')}
      aria-sort={sorting ? (ascending ? 'ascending' : 'descending') : 'none'}
    >
      <button type="button" title={t('Sort by {0}', column.word)} onClick={onSort}>
        <span>
          {column.title}
          {column.note !== undefined && <small>{column.note}</small>}
        </span>
        <Icon
          name={ascending ? 'arrow-up' : 'arrow-down'}
          className={sorting ? 'sort-mark' : 'sort-mark idle'}
        />
      </button>
    </th>
  );
}
