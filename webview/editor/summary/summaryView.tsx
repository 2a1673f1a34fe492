import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../ui/button';
import { totalsOf } from '../../../src/core/summary/totals';
import type { Totals } from '../../../src/core/summary/totals';
import type { ModelView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { count, countedLayers } from '../model/text';
import { columnsOf, sortRows } from './columns';
import type { Sorting } from './columns';
import { filterRows, kindsIn, NO_FILTER } from './filter';
import { showAmount, toCsv, toMarkdown } from './printed';
import { rowsOf } from './rows';
import type { SummaryRow } from './rows';
import { SummaryTable } from './summaryTable';
import { CopyTools, FilterTools } from './summaryTools';
import type { SummaryFormat } from './summaryTools';
import { t, tn } from '../../../src/l10n/translate';

/** What becomes of the text. */
type Wanted = 'copy' | 'save';

const EXTENSIONS: Readonly<Record<SummaryFormat, 'txt' | 'md' | 'csv'>> = {
  text: 'txt',
  markdown: 'md',
  csv: 'csv',
};

/** The model as Keras's `summary()` prints it, as a table to sort, filter and select in. */
export function SummaryView() {
  const model = useEditorState((state) => state.model);
  return model ? <Summary model={model} /> : null;
}

function Summary({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const askForText = useKerasText();
  const [filter, setFilter] = useState(NO_FILTER);
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const [format, setFormat] = useState<SummaryFormat>('text');
  const selection = useEditorState((state) => state.selection);
  const all = rowsOf(indexModel(model));
  const columns = useMemo(() => columnsOf(all), [all]);
  const kinds = useMemo(() => kindsIn(all), [all]);
  const filtered = useMemo(() => filterRows(all, filter), [all, filter]);
  const rows = useMemo(() => sortRows(filtered.rows, sorting), [filtered, sorting]);
  const totals = useMemo(() => totalsOf(model), [model]);
  const selected = useMemo(() => all.filter(({ layer }) => selection.has(layer.id)), [all, selection]);

  const deliver = (made: string, to: Wanted, extension: 'txt' | 'md' | 'csv') => {
    if (to === 'copy') controller.post({ type: 'copy', text: made });
    else controller.post({ type: 'saveFile', of: 'summary', extension, content: made });
  };
  const take = (to: Wanted) => {
    if (format === 'text') {
      askForText(
        selected.map(({ layer }) => layer.id),
        (text) => deliver(text, to, 'txt'),
      );
      return;
    }
    const taken = selected.length > 0 ? sortRows(selected, sorting) : sortRows(all, sorting);
    const weighed = selected.length > 0 ? totalsOf({ layers: selected.map(({ layer }) => layer) }) : totals;
    deliver(format === 'csv' ? toCsv(taken) : toMarkdown(columns, taken, weighed), to, EXTENSIONS[format]);
  };

  return (
    <div className="summary">
      <CopyTools
        format={format}
        selected={selected.length}
        onFormat={setFormat}
        onCopy={() => take('copy')}
        onSave={() => take('save')}
      />
      <FilterTools
        filter={filter}
        kinds={kinds}
        problem={filtered.problem}
        found={
          rows.length === all.length
            ? countedLayers(all.length)
            : tn(all.length, '{0} of {1} layer', '{0} of {1} layers', count(rows.length), count(all.length))
        }
        onFilter={setFilter}
      />
      <SummaryTable columns={columns} rows={rows} sorting={sorting} onSort={setSorting} />
      {rows.length === 0 ? (
        <div className="summary-empty">
          <p>{t('No layer passes the filter.')}</p>
          <Button onClick={() => setFilter(NO_FILTER)}>{t('Clear the filter')}</Button>
        </div>
      ) : null}
      <Foot totals={totals} selected={selected} />
    </div>
  );
}

/** Asks the host for Keras's text of some layers, or of all where there are none; only the newest request is answered. */
function useKerasText() {
  const { controller, store } = useEditor();
  const end = useRef<() => void>(undefined);
  useEffect(() => () => end.current?.(), []);
  return (layers: readonly string[], done: (text: string) => void) => {
    end.current?.();
    store.set({ summary: null });
    end.current = store.subscribe(() => {
      const { summary } = store.get();
      if (summary === null) return;
      end.current?.();
      done(summary);
    });
    controller.post({ type: 'summary', ...(layers.length > 0 && { layers }) });
  };
}

function Foot({ totals, selected }: { readonly totals: Totals; readonly selected: readonly SummaryRow[] }) {
  const lines = [
    { name: t('Total params'), amount: totals.all },
    { name: t('Trainable params'), amount: totals.trainable },
    { name: t('Non-trainable params'), amount: totals.nonTrainable },
  ];
  if (selected.length > 0) {
    lines.push({
      name: tn(selected.length, '{0} selected layer', '{0} selected layers', count(selected.length)),
      amount: totalsOf({ layers: selected.map(({ layer }) => layer) }).all,
    });
  }
  return (
    <dl className="summary-totals" aria-label={t('Totals as Keras counts them')}>
      {lines.map(({ name, amount }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{showAmount(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}
