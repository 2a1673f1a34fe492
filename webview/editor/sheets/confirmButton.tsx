import { Button } from '../../ui/button';
import type { Operation } from '../../../src/core/surgery/recipe';
import { useEditor, useEditorState } from '../editorContext';
import { sameValue } from '../model/sameValue';
import { t } from '../../../src/l10n/translate';

/** Cancels, or carries out what a sheet says: a new step of the recipe, or the change of the one that is edited. */
export function ConfirmButtons({
  operation,
  verb,
  className,
  disabled,
  also,
}: {
  /** Undefined while the sheet does not say one. */
  readonly operation: Operation | undefined;
  readonly verb: string;
  readonly className: string;
  readonly disabled: boolean;
  /** What else happens then. */
  readonly also?: () => void;
}) {
  const { controller } = useEditor();
  const step = useEditorState((state) => state.surgery.step);
  const isSame =
    step !== null && operation !== undefined && sameValue(ownOf(step.operation), ownOf(operation));
  return (
    <>
      <Button onClick={() => controller.openSide('inspector')}>{t('Cancel')}</Button>
      <Button
        appearance="primary"
        className={className}
        disabled={disabled || !operation || isSame}
        onClick={() => {
          if (!operation) return;
          controller.operate(operation);
          also?.();
          controller.openSide('inspector');
        }}
      >
        {step ? t('Change the step') : verb}
      </Button>
    </>
  );
}

const ownOf = ({ disabled: _disabled, ...operation }: Operation) => operation;
