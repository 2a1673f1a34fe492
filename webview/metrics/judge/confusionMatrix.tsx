import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { matrixOf, type ClassAnswers } from '../../../src/core/run/judgement';
import { formatCount, formatShare } from '../formatNumbers';
import { t } from '../../../src/l10n/translate';

export interface ChosenCell {
  readonly label: number;
  readonly as: number;
}

export interface ConfusionMatrixProps {
  readonly answers: ClassAnswers;
  readonly chosen: ChosenCell | null;
  readonly onChoose: (cell: ChosenCell) => void;
}

/** More rows and columns than this are cells too many for a page: the worst pairs and the table say what there is. */
export const MOST_IN_MATRIX = 120;
/** Up to so many classes there is room for shares below counts. */
const WITH_SHARES = 12;
/** Beyond it, cells shrink to a colour and a short number. */
const SMALL = 24;

/** How often which class was taken for which. One cell is in the order of the page's keys; arrows go to the others. */
export function ConfusionMatrix({ answers, chosen, onChoose }: ConfusionMatrixProps) {
  const { classes } = answers;
  const rows = useMemo(() => matrixOf(answers), [answers]);
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<ChosenCell>({ label: 0, as: 0 });
  const last = classes.length - 1;

  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Readonly<Record<string, ChosenCell>> = {
      ArrowDown: { ...at, label: Math.min(at.label + 1, last) },
      ArrowUp: { ...at, label: Math.max(at.label - 1, 0) },
      ArrowRight: { ...at, as: Math.min(at.as + 1, last) },
      ArrowLeft: { ...at, as: Math.max(at.as - 1, 0) },
      Home: { ...at, as: 0 },
      End: { ...at, as: last },
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.label} ${next.as}"]`)?.focus();
  };

  return (
    <div className="matrix-scroll">
      <table
        className="matrix"
        ref={table}
        role="grid"
        aria-label={t('Confusion matrix: a row a class, a column what it was taken for')}
        data-size={classes.length <= WITH_SHARES ? 'large' : classes.length <= SMALL ? 'medium' : 'small'}
        onKeyDown={onKeyDown}
      >
        <thead>
          <tr>
            <th className="matrix-corner" scope="col">
              <span className="matrix-corner-as">{t('taken for')}</span>
              <span className="matrix-corner-true">{t('class')}</span>
            </th>
            {classes.map((name, as) => (
              <th key={as} scope="col" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((counts, label) => {
            const support = counts.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={label}>
                <th scope="row" title={classes[label]}>
                  <span>{classes[label]}</span>
                </th>
                {Array.from(counts, (count, as) => {
                  const words = inWords(classes, { label, as }, count, support);
                  const withShare = count > 0 && classes.length <= WITH_SHARES;
                  return (
                    <td key={as} role="presentation">
                      <button
                        type="button"
                        role="gridcell"
                        className="matrix-cell"
                        data-cell={`${label} ${as}`}
                        data-right={label === as || undefined}
                        aria-selected={chosen?.label === label && chosen.as === as}
                        aria-label={withShare ? undefined : words}
                        title={words}
                        tabIndex={at.label === label && at.as === as ? 0 : -1}
                        style={{ background: shade(count, support, label === as) }}
                        onFocus={() => setAt({ label, as })}
                        onClick={() => onChoose({ label, as })}
                      >
                        {withShare ? (
                          <>
                            <span className="visually-hidden">{`${happened(classes, { label, as })}: `}</span>
                            <span className="matrix-count">{formatCount(count)}</span>
                            <span className="visually-hidden">{t(' of {0}, ', formatCount(support))}</span>
                            <span className="matrix-share">{formatShare(count / support)}</span>
                          </>
                        ) : (
                          count > 0 && <span className="matrix-count">{formatCount(count)}</span>
                        )}
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** `7 taken for 9` */
export const happened = (classes: readonly string[], { label, as }: ChosenCell): string =>
  label === as ? t('{0} recognised', classes[label]) : t('{0} taken for {1}', classes[label], classes[as]);

/** `7 taken for 9: 3 of 60, 5.0%` */
function inWords(classes: readonly string[], cell: ChosenCell, count: number, support: number): string {
  const share = support > 0 ? `, ${formatShare(count / support)}` : '';
  const counted = t('{0} of {1}', formatCount(count), formatCount(support));
  return `${happened(classes, cell)}: ${counted}${share}`;
}

/** The least that a colour shows of one sample, and the most that text can still be read on, in percent. */
const [FAINTEST, DEEPEST] = [6, 32];

function shade(count: number, support: number, isRight: boolean): string | undefined {
  if (count === 0) return undefined;
  const depth = FAINTEST + (DEEPEST - FAINTEST) * Math.sqrt(count / support);
  return `color-mix(in srgb, var(${isRight ? '--judge-right' : '--judge-wrong'}) ${depth.toFixed(0)}%, transparent)`;
}
