import { useState } from 'react';
import { confidenceOf, takenFor, type ClassAnswers } from '../../../src/core/run/judgement';
import { Button } from '../../ui/button';
import { formatCount, formatShare } from '../formatNumbers';
import { Picture } from './picture';
import { t } from '../../../src/l10n/translate';

export interface SampleGridProps {
  readonly answers: ClassAnswers;
  /** Of the answers, in the order in which they are shown. */
  readonly rows: readonly number[];
  readonly onOpen: (row: number) => void;
}

/** What is laid out at once; the rest comes on demand. */
const PAGE = 60;

/** Samples as small pictures, each with what it was taken for; a click opens it. */
export function SampleGrid({ answers: { classes, rows: judged }, rows, onOpen }: SampleGridProps) {
  const [most, setMost] = useState(PAGE);
  return (
    <>
      <ul className="sample-grid">
        {rows.slice(0, most).map((row) => {
          const own = classes[judged.label[row] ?? 0] ?? '';
          const taken = classes[takenFor(judged, row)] ?? '';
          const sure = formatShare(confidenceOf(judged, row));
          const right = own === taken;
          return (
            <li key={row}>
              <button
                type="button"
                data-row={row}
                title={
                  right ? t('{0}, {1} sure', own, sure) : t('{0}, taken for {1}, {2} sure', own, taken, sure)
                }
                onClick={() => onOpen(row)}
              >
                <Picture of={judged.index[row] ?? 0} size="small" alt={t('A sample of {0}', own)} />
                <span className="sample-caption">
                  <span className="sample-taken" data-right={right || undefined}>
                    {taken}
                  </span>
                  <span className="sample-sure">{sure}</span>
                </span>
                {!right && <span className="sample-own">{t('is {0}', own)}</span>}
              </button>
            </li>
          );
        })}
      </ul>
      {rows.length > most && (
        <Button onClick={() => setMost(most + PAGE)}>
          {t(
            'Show {0} More of {1}',
            formatCount(Math.min(PAGE, rows.length - most)),
            formatCount(rows.length - most),
          )}
        </Button>
      )}
    </>
  );
}
