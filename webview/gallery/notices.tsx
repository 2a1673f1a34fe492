import type { ReactNode } from 'react';
import type { GalleryStore, GalleryToHost } from '../../src/protocol/gallery';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { useOnline } from './useOnline';
import { t, tn } from '../../src/l10n/translate';

export interface NoticesProps {
  readonly store: GalleryStore | null;
  /** How many models are here. */
  readonly cached: number;
  readonly onShowCached: () => void;
  readonly post: (message: GalleryToHost) => void;
}

/** What stands in the way of a download, before one is begun. */
export function Notices({ store, cached, onShowCached, post }: NoticesProps) {
  const online = useOnline();
  if (store && !store.trusted) {
    return (
      <Notice
        icon="shield"
        text={t(
          'Nothing is downloaded for a workspace that is not trusted. Downloaded models and random weights open all the same.',
        )}
      >
        <Button onClick={() => post({ type: 'trust' })}>{t('Trust this workspace…')}</Button>
      </Notice>
    );
  }
  if (online) return null;
  const here =
    cached === 0
      ? t('No model is downloaded yet; random weights need no network.')
      : tn(
          cached,
          '1 model is downloaded and can be opened; random weights need no network.',
          '{0} models are downloaded and can be opened; random weights need no network.',
        );
  return (
    <Notice icon="debug-disconnect" text={t('This computer is offline. {0}', here)}>
      {cached > 0 && <Button onClick={onShowCached}>{t('Show downloaded models')}</Button>}
    </Notice>
  );
}

function Notice({
  icon,
  text,
  children,
}: {
  readonly icon: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="notice" role="status">
      <Icon name={icon} />
      <p>{text}</p>
      {children}
    </div>
  );
}
