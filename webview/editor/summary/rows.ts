import type { LayerView } from '../../../src/protocol/editor';
import type { ModelIndex } from '../model/modelIndex';
import { showShape } from '../model/shapeText';
import { isFrozen } from '../model/text';

/** A layer as the table shows it; texts as Keras prints them, where it prints them. */
export interface SummaryRow {
  readonly layer: LayerView;
  /** In graph order, from zero. */
  readonly place: number;
  /** `conv1 (Conv2D)` */
  readonly title: string;
  readonly shape: string;
  /** Names of the layers it reads; `-` where it reads none. */
  readonly connected: string;
  /** `Y`, `N`, or `-` for a layer without weights. */
  readonly trainable: string;
  readonly group: string;
}

const known = new WeakMap<ModelIndex, readonly SummaryRow[]>();

/** All layers in graph order. Made once a model. */
export function rowsOf(index: ModelIndex): readonly SummaryRow[] {
  const made = known.get(index);
  if (made) return made;
  const rows = index.model.layers.map((layer, place): SummaryRow => ({
    layer,
    place,
    title: `${layer.name} (${layer.kind})`,
    shape: layer.outputShape === null ? '?' : showShape(layer.outputShape),
    connected: layer.inputs.map((id) => index.byId.get(id)?.name ?? id).join(', ') || '-',
    trainable: layer.weights.length === 0 ? '-' : isFrozen(layer) ? 'N' : 'Y',
    group: layer.group.join('/'),
  }));
  known.set(index, rows);
  return rows;
}
