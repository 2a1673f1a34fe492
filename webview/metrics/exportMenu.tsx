import type { RunExportToHost } from '../../src/protocol/runExport';
import { MenuButton } from '../ui/popupMenu';
import type { ShownRun } from './panelState';
import { t } from '../../src/l10n/translate';

export interface ExportMenuProps {
  readonly shown: ShownRun;
  readonly post: (message: RunExportToHost) => void;
}

/** What can be taken out of the shown run as a file. */
export function ExportMenu({ shown: { view, state }, post }: ExportMenuProps) {
  const { id } = view;
  const measured = state.steps.step.length > 0 || state.epochs.length > 0;
  const hasModel = (state.end?.model.length ?? 0) > 0;
  return (
    <MenuButton
      icon="export"
      label={t('Export the run')}
      groups={[
        [
          {
            label: t('Report with Pictures…'),
            icon: 'markdown',
            run: () => post({ type: 'exportReport', id }),
          },
          {
            label: t('Metrics as CSV…'),
            icon: 'table',
            reason: measured ? undefined : t('The run has measured nothing yet'),
            run: () => post({ type: 'exportMetrics', id }),
          },
        ],
        [
          {
            label: t('Model…'),
            icon: 'package',
            reason: hasModel ? undefined : t('A run writes its model when it ends'),
            run: () => post({ type: 'exportModel', id }),
          },
        ],
      ]}
    />
  );
}
