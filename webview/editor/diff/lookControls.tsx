import { IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { WEIGHTS_ONLY } from '../state/actions';
import { t } from '../../../src/l10n/translate';

/** What changed, and a picture of the graph. */
export function LookControls() {
  const { controller, store } = useEditor();
  const on = useEditorState(({ comparing }) => comparing !== null);
  const picturing = useEditorState((state) => state.picturing);
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  return (
    <div className="canvas-group" role="group" aria-label={t('Compare and export')}>
      <IconButton
        icon="diff"
        label={on ? t('End the comparison') : t('Show what changed since the file')}
        pressed={on}
        reason={weightsOnly ? WEIGHTS_ONLY : undefined}
        onClick={() => controller.toggleComparing()}
      />
      <IconButton
        icon="device-camera"
        label={t('Export picture…')}
        pressed={picturing}
        onClick={() => store.set({ picturing: !picturing })}
      />
    </div>
  );
}
