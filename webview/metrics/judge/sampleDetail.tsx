import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { takenFor, topOf, type ClassAnswers } from '../../../src/core/run/judgement';
import { IconButton } from '../../ui/button';
import { formatShare } from '../formatNumbers';
import { Picture } from './picture';
import { TopBars } from './topBars';
import { t } from '../../../src/l10n/translate';

export interface SampleDetailProps {
  readonly answers: ClassAnswers;
  /** The rows it is one of: arrows go to its neighbours. */
  readonly rows: readonly number[];
  readonly row: number;
  readonly onOpen: (row: number) => void;
  readonly onClose: () => void;
}

/** One sample: the picture beside what the model makes of it. */
export function SampleDetail({ answers, rows, row, onOpen, onClose }: SampleDetailProps) {
  const { classes, rows: judged } = answers;
  const frame = useRef<HTMLElement>(null);
  useEffect(() => frame.current?.focus(), []);
  const at = rows.indexOf(row);
  const [before, after] = [rows[at - 1], rows[at + 1]];
  const label = judged.label[row] ?? 0;
  const own = classes[label] ?? '';
  const taken = classes[takenFor(judged, row)] ?? '';
  const top = topOf(judged, row).map(({ label: each, score }) => ({
    label: classes[each] ?? String(each),
    score,
    isTrue: each === label,
  }));
  const isListed = top.some(({ isTrue }) => isTrue);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowLeft: before, ArrowRight: after }[event.key];
    if (event.key === 'Escape') onClose();
    else if (next !== undefined) onOpen(next);
    else return;
    event.preventDefault();
  };
  return (
    <section
      className="sample-detail"
      aria-label={t('A sample of {0}', own)}
      tabIndex={-1}
      ref={frame}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2>{own === taken ? t('{0} recognised', own) : t('{0} taken for {1}', own, taken)}</h2>
        <span className="sample-place">{t('{0} of {1}', at + 1, rows.length)}</span>
        <IconButton
          icon="arrow-left"
          label={t('The one before')}
          keys="←"
          disabled={before === undefined}
          onClick={() => before !== undefined && onOpen(before)}
        />
        <IconButton
          icon="arrow-right"
          label={t('The next one')}
          keys="→"
          disabled={after === undefined}
          onClick={() => after !== undefined && onOpen(after)}
        />
        <IconButton icon="close" label={t('Back to all images')} keys="Escape" onClick={onClose} />
      </header>
      <div className="sample-beside">
        <Picture of={judged.index[row] ?? 0} size="large" alt={t('The sample, of {0}', own)} />
        <div>
          <TopBars bars={top} />
          {!isListed && (
            <p className="judge-note">
              {t('Its own class, {0}, was given {1}.', own, formatShare(judged.truth[row] ?? 0))}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}
