import { useCallback } from 'react';
import { Icon } from '../../ui/icon';
import { useMenu } from '../../ui/useMenu';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import type { Menu as MenuState } from '../state/editorState';
import { edgeItems, selectionItems } from './menuItems';
import { t } from '../../../src/l10n/translate';

/** What can be done at the pointer: to the selection, or at a line. */
export function ContextMenu() {
  const menu = useEditorState((state) => state.menu);
  return menu ? <Menu at={menu} key={`${menu.x},${menu.y}`} /> : null;
}

function Menu({ at }: { readonly at: MenuState }) {
  const { controller, store } = useEditor();
  const model = useEditorState((state) => state.model);
  const selection = useEditorState((state) => state.selection);
  const close = useCallback(() => store.set({ menu: null }), [store]);
  const { list, walk } = useMenu(at, close);

  if (!model) return null;
  const index = indexModel(model);
  const groups = at.edge
    ? edgeItems(controller, index, at.edge)
    : selectionItems(controller, index, selection);
  return (
    <div
      className="menu"
      role="menu"
      aria-label={at.edge ? t('At this tensor') : t('Selected layers')}
      ref={list}
      tabIndex={-1}
      onKeyDown={walk}
    >
      {groups.map((group, place) => (
        <div className="menu-group" role="group" key={place}>
          {group.map(({ id, label, icon, keys, reason, run }) => (
            <button
              type="button"
              key={id}
              role="menuitem"
              className="menu-item"
              data-action={id}
              aria-disabled={reason !== undefined}
              title={reason}
              onClick={() => {
                if (reason !== undefined) return;
                close();
                run();
              }}
            >
              <Icon name={icon} />
              <span>{label}</span>
              {keys === undefined ? null : <kbd>{keys}</kbd>}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
