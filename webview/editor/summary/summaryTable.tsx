import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useEditor, useEditorState } from '../editorContext';
import { nextSorting } from './columns';
import type { Column, ColumnId, Sorting } from './columns';
import { rangeOf } from './rangeOf';
import { mountedRows, ROW_HEIGHT, scrollTo } from './rowWindow';
import type { SummaryRow } from './rows';
import { t } from '../../../src/l10n/translate';

export interface SummaryTableProps {
  readonly columns: readonly Column[];
  /** Filtered and sorted. */
  readonly rows: readonly SummaryRow[];
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting | null) => void;
}

/** Pixels of the titles, which stay over the rows. */
const TITLES = 28;

const viewOf = ({ scrollTop, clientHeight }: HTMLElement) => ({
  top: scrollTop,
  height: clientHeight - TITLES,
});

/** Layers as rows, of which only those in sight are mounted. Its selection is the graph's. */
export function SummaryTable({ columns, rows, sorting, onSort }: SummaryTableProps) {
  const { controller, store } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const anchor = useEditorState((state) => state.anchor);
  const grid = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 0 });
  /** Where a range begins: the row that was chosen without Shift. */
  const pivot = useRef<string>(undefined);
  const placeOf = (id: string | null | undefined) => rows.findIndex(({ layer }) => layer.id === id);
  const current = placeOf(anchor);

  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return;
    const measure = () => setView(viewOf(element));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  // What is selected elsewhere is looked for here.
  useEffect(() => {
    const element = grid.current;
    const to =
      element && current >= 0 ? scrollTo(current, element.scrollTop, viewOf(element).height) : undefined;
    if (element && to !== undefined) element.scrollTop = to;
  }, [current]);

  const choose = (place: number, { range = false, add = false }) => {
    const row = rows[place];
    if (!row) return;
    const { id } = row.layer;
    if (range) {
      const begin = pivot.current;
      const known = begin !== undefined && store.get().selection.has(begin);
      const from = placeOf(known ? begin : store.get().anchor);
      const ids = rangeOf(rows, Math.max(0, from), place);
      controller.select(add ? [...store.get().selection, ...ids] : ids);
      return;
    }
    pivot.current = id;
    if (add) controller.toggle(id);
    else controller.select([id]);
  };
  const click = (event: MouseEvent) => {
    const row = (event.target as Element).closest('[data-place]');
    if (row === null) return;
    const place = Number(row.getAttribute('data-place'));
    choose(place, { range: event.shiftKey, add: event.ctrlKey || event.metaKey });
  };
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / ROW_HEIGHT) - 1);
    const last = rows.length - 1;
    const next: Readonly<Record<string, number>> = {
      ArrowUp: Math.max(0, current - 1),
      ArrowDown: Math.min(last, current + 1),
      PageUp: Math.max(0, current - page),
      PageDown: Math.min(last, current + page),
      Home: 0,
      End: last,
    };
    const modifier = event.ctrlKey || event.metaKey;
    const place = next[event.key];
    if (place !== undefined) choose(place, { range: event.shiftKey });
    else if (event.key === 'a' && modifier) controller.select(rows.map(({ layer }) => layer.id));
    else if (event.key === 'Enter') reveal(anchor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** In the graph, once its canvas is there to be moved. */
  const reveal = (id: string | null) => {
    if (id === null) return;
    const ids = [...store.get().selection].filter((selected) => selected !== id);
    store.set({ main: 'graph' });
    requestAnimationFrame(() =>
      requestAnimationFrame(() => controller.select([...ids, id], { reveal: true })),
    );
  };

  const { first, end } = mountedRows(rows.length, view.top, view.height);
  const currentShown = current >= first && current < end;
  return (
    <div
      className="summary-grid"
      role="grid"
      aria-label={t('Layers of the model')}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      aria-activedescendant={currentShown ? `summary-row-${current}` : undefined}
      data-columns={columns.length}
      tabIndex={0}
      ref={grid}
      onScroll={({ currentTarget }) => setView(viewOf(currentTarget))}
      onKeyDown={press}
    >
      <div className="summary-row summary-titles" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <Title key={column.id} column={column} sorting={sorting} onSort={onSort} />
        ))}
      </div>
      <div
        className="summary-body"
        role="rowgroup"
        style={{ height: rows.length * ROW_HEIGHT }}
        onClick={click}
        onDoubleClick={() => reveal(store.get().anchor)}
      >
        {rows.slice(first, end).map((row, index) => {
          const place = first + index;
          return (
            <div
              key={row.layer.id}
              id={`summary-row-${place}`}
              className="summary-row"
              role="row"
              aria-rowindex={place + 2}
              aria-selected={selection.has(row.layer.id)}
              data-place={place}
              data-current={place === current || undefined}
              data-fault={row.layer.faults[0]?.severity}
              data-frozen={row.trainable === 'N' || undefined}
              style={{ top: place * ROW_HEIGHT }}
              title={row.layer.faults[0]?.message}
            >
              {columns.map(({ id, text }) => (
                <span key={id} role="gridcell" data-column={id} title={text(row)}>
                  {text(row)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Title({
  column: { id, title },
  sorting,
  onSort,
}: {
  readonly column: Column;
  readonly sorting: Sorting | null;
  readonly onSort: (sorting: Sorting | null) => void;
}) {
  const state = sorting?.column === id ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  return (
    <span role="columnheader" aria-sort={state} data-column={id satisfies ColumnId}>
      <button
        type="button"
        className="summary-sort"
        data-sort={state}
        title={
          {
            none: t('Sort upwards'),
            ascending: t('Sort downwards'),
            descending: t('Back to the order of the graph'),
          }[state]
        }
        onClick={() => onSort(nextSorting(sorting, id))}
        onKeyDown={(event) => {
          // The grid would go to its row.
          if (event.key === 'Enter') event.stopPropagation();
        }}
      >
        {title}
      </button>
    </span>
  );
}
