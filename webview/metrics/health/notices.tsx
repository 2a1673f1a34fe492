import { FAULT_SENTENCE, type RunFault, type RunHealth } from '../../../src/core/run/health';
import type { RunPanelToHost } from '../../../src/protocol/runPanel';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { t } from '../../../src/l10n/translate';
import './health.css';

export interface NoticesProps {
  readonly id: string;
  readonly health: RunHealth;
  readonly post: (message: RunPanelToHost) => void;
}

/** What is wrong with the shown run's folder, and what can be done about it; nothing where all is well. */
export function Notices({ id, health, post }: NoticesProps) {
  const { faults, canTrainAgain } = health;
  // A torn line is a kill's least consequence: told alone or not at all.
  const told = faults.length > 1 ? faults.filter((fault) => fault !== 'torn') : faults;
  return told.map((fault) => (
    <div className="notice" role="status" key={fault} data-fault={fault}>
      <Icon name={ICONS[fault] ?? 'warning'} />
      <p>{FAULT_SENTENCE[fault]}</p>
      {fault === 'modelMissing' && canTrainAgain && (
        <Button onClick={() => post({ type: 'trainAgain', id })}>{t('Train again')}</Button>
      )}
    </div>
  ));
}

const ICONS: Readonly<Partial<Record<RunFault, string>>> = { torn: 'info', newer: 'arrow-circle-up' };

/** The run that was shown has gone; another is in its place, or none. */
export function DeletedNotice({
  name,
  onDismiss,
}: {
  readonly name: string;
  readonly onDismiss: () => void;
}) {
  return (
    <div className="notice" role="status" data-fault="gone">
      <Icon name="trash" />
      <p>{t('The run {0} was deleted or moved.', name)}</p>
      <IconButton icon="close" label={t('Dismiss')} onClick={onDismiss} />
    </div>
  );
}
