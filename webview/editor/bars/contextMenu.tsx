import { useEffect, useLayoutEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { ACTIONS, whyNot } from '../state/actions';

/** The actions once more, at the pointer. */
export function ContextMenu() {
  const menu = useEditorState((state) => state.menu);
  return menu ? <Menu at={menu} key={`${menu.x},${menu.y}`} /> : null;
}

function Menu({ at }: { readonly at: { readonly x: number; readonly y: number } }) {
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
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const place = items.findIndex((item) => item === document.activeElement);
    items[(place + step + items.length) % items.length]?.focus();
  };
  return (
    <div className="menu" role="menu" aria-label="Selected layers" ref={list} tabIndex={-1} onKeyDown={walk}>
      {ACTIONS.map((group, place) => (
        <div className="menu-group" role="group" key={place}>
          {group.map(({ id, label, icon, keys }) => {
            const reason = whyNot(id, index, selection);
            return (
              <button
                type="button"
                key={id}
                role="menuitem"
                className="menu-item"
                data-action={id}
                aria-disabled={reason !== undefined}
                title={reason}
                onClick={() => {
                  if (reason === undefined) controller.act(id);
                }}
              >
                <Icon name={icon} />
                <span>{label}</span>
                <kbd>{keys}</kbd>
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
