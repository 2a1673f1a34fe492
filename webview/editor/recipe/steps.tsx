import { useState } from 'react';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { ModelView } from '../../../src/protocol/editor';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { OrderedList } from '../list/orderedList';
import { sheetOf } from '../state/editedStep';
import { StepEditor } from './stepEditor';
import { WarmStartReport } from './warmStartReport';
import { t } from '../../../src/l10n/translate';

const ICONS: Readonly<Record<Operation['op'], string>> = {
  cut: 'screen-cut',
  remove: 'trash',
  append: 'type-hierarchy-sub',
  insert: 'insert',
  rename: 'rename',
  configure: 'settings',
  reinitialize: 'refresh',
  replace: 'replace',
  inputShape: 'symbol-ruler',
  graft: 'git-merge',
  warmStart: 'flame',
};

/** The operations in order. What the others do not allow is refused by the host, which says why. */
export function Steps({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const { operations } = model.recipe;
  // As it was when its editor was opened: a step that was changed, or is elsewhere now, is another.
  const [open, setOpen] = useState<{ readonly at: number; readonly text: string } | null>(null);
  const editing = open && JSON.stringify(operations[open.at]) === open.text ? open.at : -1;
  const items = operations.map((operation, at) => {
    const label = model.history[at] ?? operation.op;
    const off = operation.disabled === true;
    const report = model.warmStarts?.find((start) => start.operation === at);
    const close = () => setOpen(null);
    return {
      label,
      off,
      content: (
        <>
          <Icon name={ICONS[operation.op]} />
          <span className="ordered-text">{label}</span>
          <IconButton
            icon={off ? 'circle-slash' : 'eye'}
            label={off ? t('Switch on: {0}', label) : t('Switch off: {0}', label)}
            className={off ? 'step-off' : 'item-tool'}
            onClick={() => controller.editRecipe({ type: 'disableOperation', at, disabled: !off })}
          />
          {sheetOf(operation) ? (
            <IconButton
              icon="edit"
              label={t('Edit…: {0}', label)}
              className="item-tool"
              onClick={() => controller.editStep(at)}
            />
          ) : null}
          <IconButton
            icon="json"
            label={t('Edit as JSON: {0}', label)}
            className="item-tool"
            pressed={editing === at}
            onClick={() => (editing === at ? close() : setOpen({ at, text: JSON.stringify(operation) }))}
          />
          <IconButton
            icon="close"
            label={t('Delete: {0}', label)}
            className="item-tool"
            onClick={() => controller.editRecipe({ type: 'deleteOperation', at })}
          />
          {editing === at ? (
            <StepEditor at={at} operation={operation} label={label} onClose={close} />
          ) : report ? (
            <WarmStartReport report={report} />
          ) : null}
        </>
      ),
    };
  });
  return (
    <OrderedList
      label={t('Operations')}
      items={items}
      version={model}
      onMove={(at, to) => controller.editRecipe({ type: 'moveOperation', at, to })}
      onDelete={(at) => controller.editRecipe({ type: 'deleteOperation', at })}
    />
  );
}
