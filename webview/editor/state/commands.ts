import type { EditorCommand } from '../../../src/protocol/editor';
import { indexModel } from '../model/modelIndex';
import { whyNot } from './actions';
import type { Controller } from './controller';
import type { EditorState } from './editorState';
import type { Store } from './store';

/**
 * Carries a command of the palette or a menu out. `search` and `freezeByRegex` also move the focus, which the page does.
 */
export function createCommands(
  store: Store<EditorState>,
  controller: Controller,
): (command: EditorCommand) => void {
  return (command) => {
    switch (command) {
      case 'train':
      case 'advise':
        return controller.openSide(command);
      case 'export':
        return controller.exportModel();
      case 'insertLayer':
      case 'replaceLayer':
      case 'removeBlock':
      case 'graftFrom':
      case 'warmStart':
      case 'inputShape':
        return controller.surgery(command);
      case 'freezeByRegex':
        return controller.showTab('freeze');
      case 'nextFault':
      case 'previousFault':
        return controller.goToFault(command === 'nextFault' ? 1 : -1);
      case 'shortcuts':
        return controller.openSide('shortcuts');
      case 'fit':
        return controller.fit();
      case 'summary':
        return controller.toggleSummary();
      case 'compare':
        return controller.toggleComparing();
      case 'nextChange':
      case 'previousChange':
        return controller.goToChange(command === 'nextChange' ? 1 : -1);
      case 'exportPicture':
        return store.set({ picturing: true, main: 'graph' });
      case 'expandAll':
        return controller.expandAll();
      case 'collapseAll':
        return controller.collapseAll();
      case 'toggleDirection':
        return controller.toggleDirection();
      case 'zoomToSelection':
        return controller.zoomToSelection();
      case 'goToInput':
        return controller.goTo('isInput');
      case 'goToOutput':
        return controller.goTo('isOutput');
      case 'showPath':
        return controller.showPath();
      case 'weightMovement':
        return controller.showOverlay('movement');
      case 'search':
        return;
      default: {
        const { model, selection } = store.get();
        const reason = model === null ? undefined : whyNot(command, indexModel(model), selection);
        // From a menu of VS Code no tooltip says why.
        if (reason !== undefined) store.set({ notice: { code: 'NOT_NOW', message: reason } });
        return controller.act(command);
      }
    }
  };
}
