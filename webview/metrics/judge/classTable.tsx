import { useMemo, useState } from 'react';
import type { ClassScore } from '../../../src/core/run/judgement';
import { Icon } from '../../ui/icon';
import { formatCount, formatShare, NOTHING } from '../formatNumbers';
import { t } from '../../../src/l10n/translate';

type Column = 'name' | 'support' | 'precision' | 'recall' | 'f1';

const COLUMNS: readonly { readonly id: Column; readonly title: string; readonly says: string }[] = [
  { id: 'name', title: t('Class'), says: t('The class') },
  { id: 'support', title: t('Samples'), says: t('Held-out samples of the class') },
  {
    id: 'precision',
    title: t('Precision'),
    says: t('Of the samples taken for the class, the share that is of it'),
  },
  { id: 'recall', title: t('Recall'), says: t('Of the samples of the class, the share taken for it') },
  { id: 'f1', title: 'F1', says: t('The harmonic mean of precision and recall') },
];

/** Every class in numbers; a click on a column sorts by it, another turns that round. */
export function ClassTable({ scores }: { readonly scores: readonly ClassScore[] }) {
  const [by, setBy] = useState<{ readonly column: Column; readonly down: boolean } | null>(null);
  const sorted = useMemo(() => (by ? scores.toSorted(order(by.column, by.down)) : scores), [scores, by]);
  const choose = (column: Column) =>
    setBy(by?.column === column ? { column, down: !by.down } : { column, down: false });
  return (
    <section className="judge-part class-table" aria-label={t('Classes')}>
      <h2>{t('Classes')}</h2>
      <div className="class-table-scroll">
        <table>
          <thead>
            <tr>
              {COLUMNS.map(({ id, title, says }) => (
                <th
                  key={id}
                  scope="col"
                  aria-sort={by?.column === id ? (by.down ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" title={says} onClick={() => choose(id)}>
                    {title}
                    {by?.column === id && <Icon name={by.down ? 'arrow-down' : 'arrow-up'} />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map(({ label, name, support, precision, recall, f1 }) => (
              <tr key={label}>
                <th scope="row" title={name}>
                  {name}
                </th>
                <td>{formatCount(support)}</td>
                {[precision, recall, f1].map((value, at) => (
                  <td key={at}>
                    <ShareBar value={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ShareBar({ value }: { readonly value: number | null }) {
  return (
    <span className="share-bar">
      <span className="share-track" aria-hidden="true">
        <i style={{ width: `${(value ?? 0) * 100}%` }} />
      </span>
      {value === null ? NOTHING : formatShare(value)}
    </span>
  );
}

/** What has no value comes last either way. */
function order(column: Column, down: boolean): (a: ClassScore, b: ClassScore) => number {
  const turn = down ? -1 : 1;
  return (a, b) => {
    const [left, right] = [a[column], b[column]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'string' || typeof right === 'string') {
      return turn * String(left).localeCompare(String(right), undefined, { numeric: true });
    }
    return turn * (left - right) || a.label - b.label;
  };
}
