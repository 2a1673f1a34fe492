import type { LayerView, ModelView } from '../../../src/protocol/editor';
import type { ModelIndex } from '../model/modelIndex';
import { endsOf, startsOf } from './range';
import { t } from '../../../src/l10n/translate';

/** What one can do to the selection, or to all that is frozen, in the order in which it is offered. */
export type ActionId =
  | 'cutHere'
  | 'remove'
  | 'graftHead'
  | 'freeze'
  | 'unfreeze'
  | 'freezeUpTo'
  | 'freezeFrom'
  | 'selectKind'
  | 'selectBefore'
  | 'selectAfter'
  | 'showPath'
  | 'invertFreezing'
  | 'unfreezeAll';

export interface Action {
  readonly id: ActionId;
  readonly label: string;
  readonly icon: string;
  readonly keys: string;
  /** What it does, for the tooltip. */
  readonly meaning: string;
  /** Its words go before other actions' where the bar above the graph is short of room: its picture is a common one. */
  readonly wordsGo?: 'first' | 'second';
}

/** Those at hand above the graph. */
export const ACTIONS: readonly (readonly Action[])[] = [
  [
    {
      id: 'cutHere',
      label: t('Cut here'),
      icon: 'screen-cut',
      keys: 'C',
      meaning: t('Keep everything up to this layer, drop what hangs after it'),
    },
    {
      id: 'remove',
      label: t('Remove'),
      icon: 'trash',
      keys: 'Delete',
      meaning: t('Take the selected layers out and join their neighbours'),
      wordsGo: 'first',
    },
    {
      id: 'graftHead',
      label: t('Graft head…'),
      icon: 'type-hierarchy-sub',
      keys: 'G',
      meaning: t('Hang a new classification head on this layer'),
    },
  ],
  [
    {
      id: 'freeze',
      label: t('Freeze'),
      icon: 'lock',
      keys: 'F',
      meaning: t('Training leaves the weights and statistics of the selected layers as they are'),
      wordsGo: 'second',
    },
    {
      id: 'unfreeze',
      label: t('Unfreeze'),
      icon: 'unlock',
      keys: 'U',
      meaning: t('Training changes the selected layers'),
      wordsGo: 'first',
    },
    {
      id: 'freezeUpTo',
      label: t('Freeze up to here'),
      icon: 'layers-active',
      keys: 'Shift+F',
      meaning: t('Freeze this layer and everything it depends on'),
    },
  ],
];

/** Those of the menu at the pointer, of the keys and of the command palette besides. */
export const MORE_ACTIONS: readonly (readonly Action[])[] = [
  [
    {
      id: 'freezeFrom',
      label: t('Freeze from here'),
      icon: 'layers',
      keys: 'Alt+F',
      meaning: t('Freeze this layer and everything that depends on it'),
    },
    {
      id: 'invertFreezing',
      label: t('Invert what is frozen'),
      icon: 'arrow-swap',
      keys: 'I',
      meaning: t('Freeze every layer that trains and let every frozen one train'),
    },
    {
      id: 'unfreezeAll',
      label: t('Unfreeze all'),
      icon: 'unlock',
      keys: 'Shift+U',
      meaning: t('Training changes every layer'),
    },
  ],
  [
    {
      id: 'selectKind',
      label: t('Select all of this kind'),
      icon: 'symbol-class',
      keys: 'K',
      meaning: t('Select every layer of the kinds that are selected'),
    },
    {
      id: 'selectBefore',
      label: t('Select all before'),
      icon: 'fold-up',
      keys: '[',
      meaning: t('Select these layers and everything they depend on'),
    },
    {
      id: 'selectAfter',
      label: t('Select all after'),
      icon: 'fold-down',
      keys: ']',
      meaning: t('Select these layers and everything that depends on them'),
    },
    {
      id: 'showPath',
      label: t('Show the path between'),
      icon: 'git-compare',
      keys: 'P',
      meaning: t('Light all layers between the first and the last that are selected'),
    },
  ],
];

/** The menu at the pointer: related ones beside each other. */
export const MENU: readonly (readonly Action[])[] = [
  ...ACTIONS.slice(0, 1),
  [...ACTIONS.slice(1).flat(), ...MORE_ACTIONS.slice(0, 1).flat()],
  ...MORE_ACTIONS.slice(1),
];

/** An action's words for what is selected: `Select all Conv2D`. */
export function labelFor({ id, label }: Action, index: ModelIndex, selection: ReadonlySet<string>): string {
  if (id !== 'selectKind') return label;
  const kinds = new Set([...selection].flatMap((layer) => index.byId.get(layer)?.kind ?? []));
  const [kind] = kinds;
  if (kind === undefined) return label;
  return kinds.size === 1 ? t('Select all {0}', kind) : t('Select all of these kinds');
}

/** Why nothing can be done to a model of which there are only the weights. */
export const WEIGHTS_ONLY = t('This file holds weights and no architecture');

/** Why the model cannot be exported; undefined where it can. */
export function whyNotExport({ weightsOnly, faults }: ModelView): string | undefined {
  if (weightsOnly) return WEIGHTS_ONLY;
  const [first, ...more] = faults.filter(({ severity }) => severity === 'error');
  if (!first) return undefined;
  return more.length === 0
    ? t('The model cannot be exported: {0}', first.message)
    : t('The model cannot be exported: {0} (and {1} more)', first.message, more.length);
}

/** Why an action cannot be done to a selection; undefined where it can. */
export function whyNot(
  action: ActionId,
  index: ModelIndex,
  selection: ReadonlySet<string>,
): string | undefined {
  if (index.model.weightsOnly && !action.startsWith('select')) return WEIGHTS_ONLY;
  const layers = [...selection].flatMap((id) => index.byId.get(id) ?? []);
  switch (action) {
    case 'cutHere': {
      const end = placeOf(action, index, selection);
      if (typeof end === 'string') return end;
      if ((index.readers.get(end.id)?.length ?? 0) === 0) return t('Nothing hangs after this layer');
      return undefined;
    }
    case 'remove': {
      if (layers.length === 0) return t('Select a layer first');
      const input = layers.find(({ isInput }) => isInput);
      return input ? t('{0} is an input of the model', input.name) : undefined;
    }
    case 'graftHead': {
      const place = graftPlace(index, selection);
      if (typeof place === 'string') return place;
      return place.outputShape === null ? t('The output shape of {0} is unknown', place.name) : undefined;
    }
    case 'freeze':
      if (layers.length === 0) return t('Select a layer first');
      return layers.every(({ trainable }) => !trainable) ? t('Frozen already') : undefined;
    case 'unfreeze':
      if (layers.length === 0) return t('Select a layer first');
      return layers.every(({ trainable }) => trainable) ? t('Not frozen') : undefined;
    case 'freezeUpTo':
    case 'freezeFrom': {
      const place = placeOf(action, index, selection);
      return typeof place === 'string' ? place : undefined;
    }
    case 'selectKind':
    case 'selectBefore':
    case 'selectAfter':
      return layers.length === 0 ? t('Select a layer first') : undefined;
    case 'showPath':
      return layers.length < 2 ? t('Select two layers to see the path between them') : undefined;
    case 'invertFreezing':
      return hasWeights(index) ? undefined : t('No layer has weights');
    case 'unfreezeAll':
      return index.model.layers.every(({ trainable }) => trainable) ? t('Nothing is frozen') : undefined;
  }
}

const hasWeights = ({ model }: ModelIndex) => model.layers.some(({ weights }) => weights.length > 0);

/**
 * "Here" for what is done up to a place or from it: the selected layer; of several, of a box say, the one that they
 * end or begin with. Else the reason why there is none.
 */
export function placeOf(
  action: 'cutHere' | 'freezeUpTo' | 'freezeFrom',
  index: ModelIndex,
  selection: ReadonlySet<string>,
): LayerView | string {
  if (selection.size === 0) return t('Select a layer first');
  const from = action === 'freezeFrom';
  const [place, ...others] = from ? startsOf(index, selection) : endsOf(index, selection);
  const layer = place === undefined ? undefined : index.byId.get(place);
  if (layer && others.length === 0) return layer;
  return from
    ? t('The selected layers begin in more than one place: select one layer only')
    : t('The selected layers end in more than one place: select one layer only');
}

/**
 * The layer a head would hang on: the selected one; without a selection the end of the backbone, which is the last
 * layer before the model's only output that still has a picture to pool. Else the reason why there is none.
 */
export function graftPlace(index: ModelIndex, selection: ReadonlySet<string>): LayerView | string {
  if (selection.size > 1) return t('Select one layer only');
  const [selected] = selection;
  const layer = selected === undefined ? undefined : index.byId.get(selected);
  if (layer) return layer;
  const outputs = index.model.layers.filter(({ isOutput }) => isOutput);
  const output = outputs[0];
  if (outputs.length !== 1 || !output) return t('Select the layer to graft onto');
  return endOfBackbone(index, output) ?? output;
}

function endOfBackbone(index: ModelIndex, output: LayerView): LayerView | undefined {
  let layer: LayerView | undefined = output;
  while (layer && layer.outputShape?.length !== 4) {
    const [input]: readonly string[] = layer.inputs;
    layer = layer.inputs.length === 1 && input !== undefined ? index.byId.get(input) : undefined;
  }
  return layer?.isInput ? undefined : layer;
}
