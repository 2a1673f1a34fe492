import { useEffect } from 'react';
import type { ActionId } from '../state/actions';
import type { Direction } from '../state/selection';
import type { Editor } from '../editorContext';
import { requestFocus } from './focusRequests';

/** Keys without a modifier, as the tooltips say them. */
const ACTION_KEYS: Readonly<Record<string, ActionId>> = {
  c: 'cutHere',
  g: 'graftHead',
  f: 'freeze',
  F: 'freezeUpTo',
  u: 'unfreeze',
  Delete: 'remove',
  Backspace: 'remove',
};

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The editor's keys. Undo, redo and save are VS Code's own and reach the host without us. */
export function useShortcuts({ store, controller }: Editor): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || store.get().phase.kind !== 'ready') return;
      const handled = event.ctrlKey || event.metaKey ? withModifier(event) : plain(event);
      if (handled) event.preventDefault();
    };

    function withModifier(event: KeyboardEvent): boolean {
      if (event.altKey || event.shiftKey) return false;
      if (event.key === 'f') {
        requestFocus('search');
        return true;
      }
      if (event.key === 'a' && !isTyping(event) && store.get().main === 'graph') {
        controller.selectAll();
        return true;
      }
      return false;
    }

    function plain(event: KeyboardEvent): boolean {
      if (event.key === 'Escape') return escape();
      if (event.altKey || isTyping(event) || store.get().main !== 'graph') return false;
      const direction = ARROWS[event.key];
      if (direction !== undefined) {
        controller.walk(direction);
        focusSelected();
        return true;
      }
      const action = ACTION_KEYS[event.key];
      if (action !== undefined) {
        controller.act(action);
        return true;
      }
      switch (event.key) {
        case 'Enter':
        case ' ':
          return selectFocused();
        case '+':
        case '=':
          controller.zoomBy(1.25);
          return true;
        case '-':
          controller.zoomBy(0.8);
          return true;
        case '!':
          controller.fit();
          return true;
        default:
          return false;
      }
    }

    /** One thing a press: the menu, the sheet, the summary, then the selection. */
    function escape(): boolean {
      const { menu, side, main, selection } = store.get();
      if (menu) store.set({ menu: null });
      else if (side !== 'inspector') controller.openSide('inspector');
      else if (main === 'summary') store.set({ main: 'graph' });
      else if (selection.size > 0) controller.clearSelection();
      else return false;
      return true;
    }

    function selectFocused(): boolean {
      const id = document.activeElement?.closest('.react-flow__node')?.getAttribute('data-id');
      if (!id) return false;
      controller.select([id]);
      return true;
    }

    /** The focus goes with the selection where it was on a layer or nowhere, once the layer is on the page. */
    function focusSelected(): void {
      const active = document.activeElement;
      if (active !== document.body && !active?.closest('.react-flow')) return;
      requestAnimationFrame(() => {
        const { anchor } = store.get();
        if (anchor === null) return;
        const node = document.querySelector<HTMLElement>(
          `.react-flow__node[data-id="${CSS.escape(anchor)}"]`,
        );
        node?.focus({ preventScroll: true });
      });
    }

    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [store, controller]);
}

/** Inside a control that takes letters and arrows for itself. */
function isTyping(event: KeyboardEvent): boolean {
  return event
    .composedPath()
    .some(
      (target) =>
        target instanceof Element &&
        target.matches(
          'input, textarea, vscode-dropdown, [role="menu"], [role="tablist"], [role="separator"]',
        ),
    );
}
