import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { t } from '../../../src/l10n/translate';

/** Before the first model: the frame of what will be there. */
export function Loading({ file }: { readonly file: string | null }) {
  return (
    <div className="state" role="status">
      <div className="skeleton" aria-hidden="true">
        {[0, 1, 2].map((card) => (
          <div className="skeleton-card" key={card}>
            <i />
            <i />
          </div>
        ))}
      </div>
      <div className="state-line">
        <ProgressRing label={t('Reading the model')} />
        <p>{file === null ? t('Reading the model') : t('Reading {0}', file)}</p>
      </div>
    </div>
  );
}

export function Unreadable({ code, message }: { readonly code: string; readonly message: string }) {
  return (
    <div className="state" role="alert">
      <Icon name="error" className="state-icon" />
      <h1>{t('This model cannot be opened')}</h1>
      <p className="state-message">{message}</p>
      <code>{code}</code>
    </div>
  );
}
