import { useMemo, useState } from 'react';
import {
  accuracyOf,
  cellsOf,
  macroMean,
  MOST_ROWS,
  rowsIn,
  scoresOf,
  wrongRows,
  type ClassAnswers,
} from '../../../src/core/run/judgement';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { formatCount, formatShare, NOTHING } from '../formatNumbers';
import { ClassTable } from './classTable';
import { ConfusionMatrix, happened, MOST_IN_MATRIX, type ChosenCell } from './confusionMatrix';
import { SampleDetail } from './sampleDetail';
import { SampleGrid } from './sampleGrid';
import { WorstPairs } from './worstPairs';
import { t } from '../../../src/l10n/translate';

/** A classifier's judgement: the matrix, the images of one of its cells, and every class in numbers. */
export function JudgedView({ answers }: { readonly answers: ClassAnswers }) {
  const [cell, setCell] = useState<ChosenCell | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const scores = useMemo(() => scoresOf(answers), [answers]);
  const rows = useMemo(
    () => (cell ? rowsIn(answers.rows, cell.label, cell.as) : wrongRows(answers.rows)),
    [answers, cell],
  );
  const choose = (next: ChosenCell | null) => {
    setCell(next);
    setOpen(null);
  };
  const { classes } = answers;
  return (
    <div className="judged">
      <section className="judge-part matrix-part" aria-label={t('Mistakes')}>
        <header>
          <h2>{t('Confusion matrix')}</h2>
          <Facts scores={scores} />
        </header>
        {classes.length <= MOST_IN_MATRIX ? (
          <ConfusionMatrix answers={answers} chosen={cell} onChoose={choose} />
        ) : (
          <p className="judge-note">
            {t(
              '{0} classes are too many for a matrix; the most frequent mistakes are below, every class in the table.',
              formatCount(classes.length),
            )}
          </p>
        )}
        <WorstPairs answers={answers} chosen={cell} onChoose={choose} />
      </section>
      <section className="judge-part images-part" aria-label={t('Images')}>
        {open === null ? (
          <>
            <header>
              <h2>{cell ? happened(classes, cell) : t('Most confidently wrong')}</h2>
              <span className="sample-place">{formatCount(rows.length)}</span>
              {cell && (
                <IconButton
                  icon="close"
                  label={t('Show the most confidently wrong')}
                  onClick={() => choose(null)}
                />
              )}
            </header>
            {rows.length > 0 ? (
              <SampleGrid
                key={cell ? `${cell.label} ${cell.as}` : ''}
                answers={answers}
                rows={rows}
                onOpen={setOpen}
              />
            ) : (
              <NoImages answers={answers} cell={cell} />
            )}
          </>
        ) : (
          <SampleDetail
            answers={answers}
            rows={rows}
            row={open}
            onOpen={setOpen}
            onClose={() => setOpen(null)}
          />
        )}
      </section>
      <ClassTable scores={scores} />
    </div>
  );
}

function Facts({ scores }: { readonly scores: ReturnType<typeof scoresOf> }) {
  const accuracy = accuracyOf(scores);
  const f1 = macroMean(scores.map((score) => score.f1));
  return (
    <dl className="judge-facts">
      <div title={t('The share of samples that were taken for their own class')}>
        <dt>{t('Accuracy')}</dt>
        <dd>{accuracy === null ? NOTHING : formatShare(accuracy)}</dd>
      </div>
      <div title={t('The mean of the classes’ F1, each class counting the same')}>
        <dt>{t('Macro F1')}</dt>
        <dd>{f1 === null ? NOTHING : formatShare(f1)}</dd>
      </div>
    </dl>
  );
}

/** Why there is no image: nothing was mistaken, or what was is beyond those that are kept one by one. */
function NoImages({ answers, cell }: { readonly answers: ClassAnswers; readonly cell: ChosenCell | null }) {
  const happened = cellsOf(answers.cells).some(({ label, as }) =>
    cell ? label === cell.label && as === cell.as : label !== as,
  );
  return (
    <div className="no-images">
      <Icon name={cell || happened ? 'circle-slash' : 'pass'} />
      <p>
        {happened
          ? t(
              'None of them is among the first {0} samples, which are kept one by one.',
              formatCount(MOST_ROWS),
            )
          : cell
            ? t('This did not happen.')
            : t('Every held-out sample was taken for its own class.')}
      </p>
    </div>
  );
}
