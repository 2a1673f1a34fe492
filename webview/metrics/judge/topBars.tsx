import { Icon } from '../../ui/icon';
import { formatShare } from '../formatNumbers';
import { t } from '../../../src/l10n/translate';

export interface TopBar {
  readonly label: string;
  readonly score: number;
  /** Whether it is the sample's own class, where that is known. */
  readonly isTrue?: boolean;
}

/** What a model makes of an image: its highest scores as bars. */
export function TopBars({ bars }: { readonly bars: readonly TopBar[] }) {
  return (
    <ol className="top-bars" aria-label={t('Highest scores')}>
      {bars.map(({ label, score, isTrue = false }) => (
        <li key={label} data-true={isTrue || undefined}>
          <span className="top-label" title={label}>
            {isTrue && <Icon name="check" />}
            {label}
            {isTrue && <span className="visually-hidden">{t(', the true class')}</span>}
          </span>
          <span className="top-score">{formatShare(score)}</span>
          <span className="top-track" aria-hidden="true">
            <i style={{ width: `${Math.min(Math.max(score, 0), 1) * 100}%` }} />
          </span>
        </li>
      ))}
    </ol>
  );
}
