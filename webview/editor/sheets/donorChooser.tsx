import { useEffect, useState } from 'react';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { useEditor, useEditorState } from '../editorContext';
import { t } from '../../../src/l10n/translate';

/** Which other model: one that is open, or a file. Shows what is being opened, and why one could not be. */
export function DonorChooser({ what }: { readonly what: string }) {
  const { controller } = useEditor();
  const { donor, openModels } = useEditorState((state) => state.surgery);
  useEffect(() => controller.post({ type: 'openModels' }), [controller]);
  if (donor.kind === 'opening') {
    return (
      <div className="donor-opening" role="status">
        <ProgressRing label={t('Opening {0}', donor.label)} />
        <span>{t('Opening {0}…', donor.label)}</span>
        <Button onClick={() => controller.post({ type: 'closeDonor' })}>{t('Cancel')}</Button>
      </div>
    );
  }
  return (
    <>
      {donor.kind === 'unreadable' ? (
        <p className="sheet-problem" role="alert" data-severity="error">
          <Icon name="error" />
          <span>{t('{0} cannot be opened: {1}', donor.label, donor.message)}</span>
        </p>
      ) : null}
      <p className="donor-intro">{what}</p>
      {openModels && openModels.length > 0 ? (
        <div>
          <span className="field-label">{t('Open in other tabs')}</span>
          <ul className="donor-list">
            {openModels.map(({ path, label }) => (
              <li key={path}>
                <button
                  type="button"
                  className="row"
                  title={path}
                  onClick={() => controller.openDonor({ path })}
                >
                  <Icon name="file-binary" />
                  <span className="row-main">{label}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      <div>
        <Button appearance="primary" icon="folder-opened" onClick={() => controller.openDonor('browse')}>
          {t('Choose a file…')}
        </Button>
      </div>
      <p className="sheet-note">
        <Icon name="info" />
        {t('Or drag a model file onto the graph, and hold Shift as you drop it.')}
      </p>
    </>
  );
}

/** The model that was chosen, and the way to another. */
export function DonorCard({
  label,
  about,
  isLast = false,
}: {
  readonly label: string;
  readonly about: string;
  /** It was chosen for something else before this. */
  readonly isLast?: boolean;
}) {
  const { controller } = useEditor();
  return (
    <div className="donor-card">
      <Icon name="file-binary" />
      <div>
        <strong>{label}</strong>
        <span>{about}</span>
        {isLast ? <span className="donor-last">{t('Chosen last time')}</span> : null}
      </div>
      <Button onClick={() => controller.post({ type: 'closeDonor' })}>{t('Change…')}</Button>
    </div>
  );
}

/** Whether the other model was open before the sheet was; what a step takes from is its own. */
export function useIsLast(path: string | undefined): boolean {
  const { store } = useEditor();
  const [before] = useState(() => {
    const { donor, step } = store.get().surgery;
    return step === null && donor.kind === 'open' ? donor.path : undefined;
  });
  return before !== undefined && before === path;
}
