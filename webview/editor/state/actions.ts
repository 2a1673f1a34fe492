import type { LayerView, ModelView } from '../../../src/protocol/editor';
import type { ModelIndex } from '../model/modelIndex';

/** What one can do to the selection, in the order in which it is offered. */
export type ActionId = 'cutHere' | 'remove' | 'graftHead' | 'freeze' | 'unfreeze' | 'freezeUpTo';

export interface Action {
  readonly id: ActionId;
  readonly label: string;
  readonly icon: string;
  readonly keys: string;
  /** What it does, for the tooltip. */
  readonly meaning: string;
}

export const ACTIONS: readonly (readonly Action[])[] = [
  [
    {
      id: 'cutHere',
      label: 'Cut here',
      icon: 'screen-cut',
      keys: 'C',
      meaning: 'Keep everything up to this layer, drop what hangs after it',
    },
    {
      id: 'remove',
      label: 'Remove',
      icon: 'trash',
      keys: 'Delete',
      meaning: 'Take the selected layers out and join their neighbours',
    },
    {
      id: 'graftHead',
      label: 'Graft head…',
      icon: 'type-hierarchy-sub',
      keys: 'G',
      meaning: 'Hang a new classification head on this layer',
    },
  ],
  [
    {
      id: 'freeze',
      label: 'Freeze',
      icon: 'lock',
      keys: 'F',
      meaning: 'Training leaves the weights and statistics of the selected layers as they are',
    },
    {
      id: 'unfreeze',
      label: 'Unfreeze',
      icon: 'unlock',
      keys: 'U',
      meaning: 'Training changes the selected layers',
    },
    {
      id: 'freezeUpTo',
      label: 'Freeze up to here',
      icon: 'layers-active',
      keys: 'Shift+F',
      meaning: 'Freeze this layer and everything it depends on',
    },
  ],
];

/** Why nothing can be done to a model of which there are only the weights. */
export const WEIGHTS_ONLY = 'This file holds weights and no architecture';

/** Why the model cannot be exported; undefined where it can. */
export function whyNotExport({ weightsOnly, faults }: ModelView): string | undefined {
  if (weightsOnly) return WEIGHTS_ONLY;
  const [first, ...more] = faults.filter(({ severity }) => severity === 'error');
  if (!first) return undefined;
  return `The model cannot be exported: ${first.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`;
}

/** Why an action cannot be done to a selection; undefined where it can. */
export function whyNot(
  action: ActionId,
  index: ModelIndex,
  selection: ReadonlySet<string>,
): string | undefined {
  if (index.model.weightsOnly) return WEIGHTS_ONLY;
  const layers = [...selection].flatMap((id) => index.byId.get(id) ?? []);
  const one = layers.length === 1 ? layers[0] : undefined;
  switch (action) {
    case 'cutHere':
      if (!one) return selectOne(layers);
      if ((index.readers.get(one.id)?.length ?? 0) === 0) return 'Nothing hangs after this layer';
      return undefined;
    case 'remove': {
      if (layers.length === 0) return 'Select a layer first';
      const input = layers.find(({ isInput }) => isInput);
      return input ? `${input.name} is an input of the model` : undefined;
    }
    case 'graftHead': {
      const place = graftPlace(index, selection);
      if (typeof place === 'string') return place;
      return place.outputShape === null ? `The output shape of ${place.name} is unknown` : undefined;
    }
    case 'freeze':
      if (layers.length === 0) return 'Select a layer first';
      return layers.every(({ trainable }) => !trainable) ? 'Frozen already' : undefined;
    case 'unfreeze':
      if (layers.length === 0) return 'Select a layer first';
      return layers.every(({ trainable }) => trainable) ? 'Not frozen' : undefined;
    case 'freezeUpTo':
      return one ? undefined : selectOne(layers);
  }
}

function selectOne(layers: readonly LayerView[]): string {
  return layers.length === 0 ? 'Select a layer first' : 'Select one layer only';
}

/**
 * The layer a head would hang on: the selected one; without a selection the end of the backbone, which is the last
 * layer before the model's only output that still has a picture to pool. Else the reason why there is none.
 */
export function graftPlace(index: ModelIndex, selection: ReadonlySet<string>): LayerView | string {
  if (selection.size > 1) return 'Select one layer only';
  const [selected] = selection;
  const layer = selected === undefined ? undefined : index.byId.get(selected);
  if (layer) return layer;
  const outputs = index.model.layers.filter(({ isOutput }) => isOutput);
  const output = outputs[0];
  if (outputs.length !== 1 || !output) return 'Select the layer to graft onto';
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
