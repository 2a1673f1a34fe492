import type { RunStatus } from '../../src/core/run/events';
import { Icon } from '../ui/icon';

const ICONS: Readonly<Record<RunStatus, string>> = {
  starting: 'loading',
  running: 'circle-filled',
  finished: 'pass-filled',
  stopped: 'stop-circle',
  failed: 'error',
  lost: 'debug-disconnect',
};

/** A status by shape and by colour; say it in words beside it. */
export function StatusIcon({ status }: { readonly status: RunStatus }) {
  return <Icon name={ICONS[status]} className={`status-icon ${status}`} spin={status === 'starting'} />;
}
