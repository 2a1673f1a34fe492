import { useEffect, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import type { Menu as MenuState } from '../state/editorState';
import { edgeItems, selectionItems } from './menuItems';

/** What can be done at the pointer: to the selection, or at a line. */
export function ContextMenu() {
  const menu = useEditorState((state) => state.menu);
  return menu ? <Menu at={menu} key={`${menu.x},${menu.y}`} /> : null;
}

function Menu({ at }: { readonly at: MenuState }) {
  const { controller, store } = useEditor();
  const model = useEditorState((state) => state.model);
  const selection = useEditorState((state) => state.selection);
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(4, Math.min(at.x, innerWidth - width - 4))}px`;
    element.style.top = `${Math.max(4, Math.min(at.y, innerHeight - height - 4))}px`;
    element.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  }, [at]);

  useEffect(() => {
    const dismiss = (event: Event) => {
      if (event.target instanceof Node && list.current?.contains(event.target)) return;
      store.set({ menu: null });
    };
    window.addEventListener('pointerdown', dismiss, true);
    window.addEventListener('blur', dismiss);
    return () => {
      window.removeEventListener('pointerdown', dismiss, true);
      window.removeEventListener('blur', dismiss);
    };
  }, [store]);

  if (!model) return null;
  const index = indexModel(model);
  const groups = at.edge
    ? edgeItems(controller, index, at.edge)
    : selectionItems(controller, index, selection);
  const walk = (event: KeyboardEvent) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const place = items.findIndex((item) => item === document.activeElement);
    const next = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      Home: 0,
      End: -1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  };
  return (
    <div
      className="menu"
      role="menu"
      aria-label={at.edge ? 'At this tensor' : 'Selected layers'}
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
                store.set({ menu: null });
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
