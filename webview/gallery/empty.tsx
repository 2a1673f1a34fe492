import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { t } from '../../src/l10n/translate';

export interface EmptyProps {
  /** Only downloaded ones are asked for, and there are none. */
  readonly cachedOnly: boolean;
  readonly filtered: boolean;
  readonly onClear: () => void;
}

/** Nothing is left to show: why, and the way back. */
export function Empty({ cachedOnly, filtered, onClear }: EmptyProps) {
  return (
    <div className="empty" role="status">
      <Icon name={cachedOnly ? 'cloud-download' : 'search'} className="empty-icon" />
      <h2>{cachedOnly ? t('Nothing is downloaded yet') : t('No model is like that')}</h2>
      <p>
        {cachedOnly
          ? t('Weights that you have opened once are kept for all workspaces, and open without a network.')
          : t('Try fewer words, another size or both libraries.')}
      </p>
      {filtered && (
        <Button icon="clear-all" onClick={onClear}>
          {t('Show all models')}
        </Button>
      )}
    </div>
  );
}
