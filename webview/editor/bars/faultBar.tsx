import { Icon } from '../../ui/icon';
import { IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { counted } from '../model/text';

/** How many faults there are, the first or the selected one's words, and the way to the next. */
export function FaultBar() {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const anchor = useEditorState((state) => state.anchor);
  if (!model) return null;
  // The banner says that one, and more of it.
  const faults = model.faults.filter(({ code }) => !(model.weightsOnly && code === 'WEIGHTS_ONLY'));
  if (faults.length === 0) return null;
  const name = model.layers.find(({ id }) => id === anchor)?.name;
  const shown = faults.find(({ layer }) => layer !== undefined && layer === name) ?? faults[0];
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  const warnings = faults.length - errors;
  const parts = [
    errors > 0 ? counted(errors, 'fault') : '',
    warnings > 0 ? counted(warnings, 'warning') : '',
  ].filter(Boolean);
  return (
    <div className="fault-bar" data-severity={errors > 0 ? 'error' : 'warning'} role="status">
      <Icon name={errors > 0 ? 'error' : 'warning'} />
      <strong>{parts.join(', ')}</strong>
      {shown ? (
        <span className="fault-bar-text" title={shown.message}>
          {shown.message}
        </span>
      ) : null}
      <IconButton icon="arrow-down" label="Next fault" onClick={() => controller.nextFault()} />
    </div>
  );
}
