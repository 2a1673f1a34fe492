import { ACTIONS, MORE_ACTIONS } from '../state/actions';
import { MODIFIER } from './modifier';
import { t } from '../../../src/l10n/translate';

export interface Shortcut {
  readonly keys: string;
  readonly does: string;
}

const ofActions = (groups: typeof ACTIONS): readonly Shortcut[] =>
  groups.flat().map(({ keys, label, meaning }) => ({ keys, does: `${label.replace('…', '')}: ${meaning}` }));

/** Every key of the editor, for the sheet that lists them; those of actions are said by the actions themselves. */
export const SHORTCUTS: readonly { readonly title: string; readonly shortcuts: readonly Shortcut[] }[] = [
  { title: t('Surgery and freezing'), shortcuts: ofActions([...ACTIONS, ...MORE_ACTIONS.slice(0, 1)]) },
  {
    title: t('Selecting'),
    shortcuts: [
      ...ofActions(MORE_ACTIONS.slice(1)),
      { keys: `${MODIFIER}A`, does: 'Select all layers' },
      { keys: `${MODIFIER}Click`, does: 'Add a layer to the selection, or take it out' },
      { keys: 'Shift+Click', does: 'Select all layers from the last selected one to this one' },
      { keys: 'Shift+Drag', does: 'Select all layers in a box' },
      { keys: 'Escape', does: 'Close what is open, then clear the selection' },
    ],
  },
  {
    title: t('Moving around'),
    shortcuts: [
      { keys: 'Arrows', does: 'Walk along the graph' },
      { keys: 'Enter', does: 'Expand the selected box' },
      { keys: 'Shift+Enter', does: 'Collapse the box around the selection' },
      { keys: 'Home, End', does: 'Go to the input, to the output' },
      { keys: '+, −', does: 'Zoom in and out' },
      { keys: 'Shift+1', does: 'Fit the graph' },
      { keys: 'Shift+2', does: 'Zoom to the selection' },
      { keys: `${MODIFIER}F`, does: 'Find layers by name or kind' },
      { keys: 'F8, Shift+F8', does: 'Go to the next fault, to the one before' },
    ],
  },
  {
    title: t('Pages'),
    shortcuts: [
      { keys: 'R', does: 'Freeze by a regular expression' },
      { keys: 'O', does: 'Choose what the cards show' },
      { keys: 'F2', does: 'Rename the selected layer, or a freeze set' },
      { keys: 'Alt+Up, Alt+Down', does: 'Move a step or a rule' },
      { keys: `${MODIFIER}Z, ${MODIFIER}Shift+Z`, does: 'Undo, redo' },
      { keys: `${MODIFIER}S`, does: 'Save the recipe beside the model' },
      { keys: '?', does: 'Show these shortcuts' },
    ],
  },
];
