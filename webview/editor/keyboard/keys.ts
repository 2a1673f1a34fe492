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
      { keys: `${MODIFIER}A`, does: t('Select all layers') },
      { keys: t('{0}Click', MODIFIER), does: t('Add a layer to the selection, or take it out') },
      { keys: t('{0}Click', 'Shift+'), does: t('Select all layers from the last selected one to this one') },
      { keys: t('Shift+Drag'), does: t('Select all layers in a box') },
      { keys: 'Escape', does: t('Close what is open, then clear the selection') },
    ],
  },
  {
    title: t('Moving around'),
    shortcuts: [
      { keys: t('Arrows'), does: t('Walk along the graph') },
      { keys: 'Enter', does: t('Expand the selected box') },
      { keys: 'Shift+Enter', does: t('Collapse the box around the selection') },
      { keys: 'Home, End', does: t('Go to the input, to the output') },
      { keys: '+, −', does: t('Zoom in and out') },
      { keys: 'Shift+1', does: t('Fit the graph') },
      { keys: 'Shift+2', does: t('Zoom to the selection') },
      { keys: `${MODIFIER}F`, does: t('Find layers by name or kind') },
      { keys: 'F8, Shift+F8', does: t('Go to the next fault, to the one before') },
    ],
  },
  {
    title: t('Pages'),
    shortcuts: [
      { keys: 'R', does: t('Freeze by a regular expression') },
      { keys: 'O', does: t('Choose what the cards show') },
      { keys: 'F2', does: t('Rename the selected layer, or a freeze set') },
      { keys: t('Alt+Up, Alt+Down'), does: t('Move a step or a rule') },
      { keys: `${MODIFIER}Z, ${MODIFIER}Shift+Z`, does: t('Undo, redo') },
      { keys: `${MODIFIER}S`, does: t('Save the recipe beside the model') },
      { keys: '?', does: t('Show these shortcuts') },
    ],
  },
];
