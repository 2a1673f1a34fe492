import { worstPairs, type ClassAnswers } from '../../../src/core/run/judgement';
import { Icon } from '../../ui/icon';
import { formatCount } from '../formatNumbers';
import type { ChosenCell } from './confusionMatrix';
import { t } from '../../../src/l10n/translate';

const MOST = 8;

interface WorstPairsProps {
  readonly answers: ClassAnswers;
  readonly chosen: ChosenCell | null;
  readonly onChoose: (cell: ChosenCell) => void;
}

/** What is mistaken for what most often: the matrix for those who do not search it. */
export function WorstPairs({ answers: { classes, cells }, chosen, onChoose }: WorstPairsProps) {
  const pairs = worstPairs(cells, MOST);
  if (pairs.length === 0) return null;
  return (
    <div className="worst-pairs" role="group" aria-label={t('Most frequent mistakes')}>
      {pairs.map(({ label, as, count }) => (
        <button
          type="button"
          key={`${label} ${as}`}
          aria-pressed={chosen?.label === label && chosen.as === as}
          onClick={() => onChoose({ label, as })}
        >
          <span>{classes[label]}</span>
          <Icon name="arrow-right" />
          <span>
            <span className="visually-hidden">{t('taken for')} </span>
            {classes[as]}
          </span>
          <b>
            <span className="visually-hidden">{t(', times:')} </span>
            {formatCount(count)}
          </b>
        </button>
      ))}
    </div>
  );
}
