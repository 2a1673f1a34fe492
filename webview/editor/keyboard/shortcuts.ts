import { useEffect } from 'react';
import type { ActionId } from '../state/actions';
import type { Direction } from '../state/selection';
import type { Editor } from '../editorContext';
import { requestFocus } from './focusRequests';
import { historyKey } from './historyKeys';
import { MODIFIER } from './modifier';

/** Keys without a modifier, as the tooltips say them. */
const ACTION_KEYS: Readonly<Record<string, ActionId>> = {
  c: 'cutHere',
  g: 'graftHead',
  f: 'freeze',
  F: 'freezeUpTo',
  u: 'unfreeze',
  U: 'unfreezeAll',
  i: 'invertFreezing',
  k: 'selectKind',
  '[': 'selectBefore',
  ']': 'selectAfter',
  Delete: 'remove',
  Backspace: 'remove',
};

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** The editor's keys. Saving is VS Code's own and reaches the host without us. */
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
      if (event.key === 'F8') {
        controller.goToFault(event.shiftKey ? -1 : 1);
        return true;
      }
      if (event.key === '?' && !isTyping(event)) {
        controller.openSide('shortcuts');
        return true;
      }
      // By its place: with Alt this key writes another letter on a Mac.
      if (event.altKey && event.code === 'KeyF' && !isTyping(event) && store.get().main === 'graph') {
        controller.act('freezeFrom');
        return true;
      }
      if (event.altKey || isTyping(event) || store.get().main !== 'graph') return false;
      // Where tensors flow to the right these two walk; Enter opens and Shift+Enter closes in either direction.
      const walksAlong = store.get().direction === 'right';
      if (event.key === 'ArrowRight' && !walksAlong && controller.openSelected()) return true;
      if (event.key === 'ArrowLeft' && !walksAlong && isOpenBoxSelected()) {
        return controller.closeAroundSelected();
      }
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
          if (event.shiftKey) return controller.closeAroundSelected();
          return selectFocused() || controller.openSelected();
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
        case '@':
          controller.zoomToSelection();
          return true;
        case 'Home':
          controller.goTo('isInput');
          return true;
        case 'End':
          controller.goTo('isOutput');
          return true;
        case 'o':
          requestFocus('overlay');
          return true;
        case 'F2':
          if (store.get().selection.size !== 1 || store.get().model?.weightsOnly) return false;
          controller.showTab('inspect');
          requestFocus('rename');
          return true;
        case 'r':
          controller.showTab('freeze');
          requestFocus('regex');
          return true;
        case 'p':
          controller.showPath();
          return true;
        default:
          return false;
      }
    }

    /** One thing a press: the menu, the sheet, the summary, then the selection. */
    function escape(): boolean {
      const { menu, side, main, selection, path } = store.get();
      if (menu) store.set({ menu: null });
      else if (side !== 'inspector') controller.openSide('inspector');
      else if (main === 'summary') store.set({ main: 'graph' });
      else if (path) controller.endPath();
      else if (selection.size > 0) controller.clearSelection();
      else return false;
      return true;
    }

    /** Whether the focus was on a card that was not the selection, and is now. */
    function selectFocused(): boolean {
      const active = document.activeElement;
      const id = active?.closest('.react-flow__node')?.getAttribute('data-id');
      // The buttons on a card and a frame are pressed by the same keys.
      if (!id || active?.localName === 'button') return false;
      const { drawn, selection } = store.get();
      const box = drawn?.scene.outline.boxes.get(id);
      if (box && selection.size === box.layers.length && box.layers.every((layer) => selection.has(layer))) {
        return false;
      }
      controller.selectNode(id);
      return true;
    }

    /** All layers of an open box and nothing else, as a click on its title selects. */
    function isOpenBoxSelected(): boolean {
      const { drawn, selection, anchor } = store.get();
      const boxes = anchor === null ? [] : (drawn?.scene.outline.around.get(anchor) ?? []);
      return boxes.some(
        ({ id, layers }) =>
          drawn?.scene.frameOf.has(id) &&
          layers.length === selection.size &&
          layers.every((layer) => selection.has(layer)),
      );
    }

    /** The focus goes with the selection where it was on a layer or nowhere, once the layer is on the page. */
    function focusSelected(): void {
      const active = document.activeElement;
      if (active !== document.body && !active?.closest('.react-flow')) return;
      requestAnimationFrame(() => {
        const { anchor, drawn } = store.get();
        const shown = anchor === null ? undefined : drawn?.scene.shownBy.get(anchor);
        const id = shown === undefined ? undefined : drawn?.scene.nodes[shown]?.id;
        if (id === undefined) return;
        const node = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
        node?.focus({ preventScroll: true });
      });
    }

    /**
     * VS Code refuses an undo while another goes on, so that two fast ones undid one edit: the host lets each wait for
     * the one before. Listened to on the way down, since VS Code's own listener is on the same window.
     */
    const travel = (event: KeyboardEvent) => {
      const way = store.get().phase.kind === 'ready' ? historyKey(event, MODIFIER === '⌘') : undefined;
      if (way === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      controller.post({ type: way });
    };

    window.addEventListener('keydown', travel, true);
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', travel, true);
      window.removeEventListener('keydown', press);
    };
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
