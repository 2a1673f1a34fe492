import { Icon } from '../../ui/icon';
import { IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { countFaults, currentFault, faultsOf } from '../model/faults';
import { t } from '../../../src/l10n/translate';

/** How many faults there are, the first or the selected one's words, and the way to the others. */
export function FaultBar() {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const anchor = useEditorState((state) => state.anchor);
  const last = useEditorState((state) => state.fault);
  if (!model) return null;
  const faults = faultsOf(model);
  const [first] = faults;
  if (!first) return null;
  const name = model.layers.find(({ id }) => id === anchor)?.name;
  const at = currentFault(faults, last, name);
  const shown = faults[at] ?? first;
  return (
    <div className="fault-bar" data-severity={first.severity} role="status">
      <Icon name={first.severity} />
      <strong>{countFaults(faults)}</strong>
      <span className="fault-bar-text" title={shown.message}>
        {shown.message}
      </span>
      {at >= 0 && faults.length > 1 ? (
        <span className="fault-bar-place">{t('{0} of {1}', at + 1, faults.length)}</span>
      ) : null}
      <IconButton
        icon="arrow-up"
        label={t('Previous fault')}
        keys="Shift+F8"
        onClick={() => controller.goToFault(-1)}
      />
      <IconButton
        icon="arrow-down"
        label={t('Next fault')}
        keys="F8"
        onClick={() => controller.goToFault(1)}
      />
    </div>
  );
}
