import { sizeOf } from '../core/graph/layerGraph';
import type { LayerView, ModelChange, ModelView } from './editor';

/**
 * What `after` says that `before` did not. Layers are compared by identity, so both views are of one `toModelView`,
 * which keeps the objects of layers that nothing happened to, and the parts of those that were frozen.
 */
export function changeOf(before: ModelView, after: ModelView): ModelChange {
  const { layers, ...rest } = after;
  if (!hasSameOrder(before.layers, layers)) {
    const known = new Set(before.layers);
    return { changed: layers.filter((layer) => !known.has(layer)), rest, order: layers.map(({ id }) => id) };
  }
  const changed: LayerView[] = [];
  const frozen: number[] = [];
  const unfrozen: number[] = [];
  layers.forEach((layer, place) => {
    const old = before.layers[place]!;
    if (old === layer) return;
    if (!isSwitched(old, layer)) changed.push(layer);
    else (layer.trainable ? unfrozen : frozen).push(place);
  });
  return {
    changed,
    rest,
    ...(frozen.length > 0 && { frozen }),
    ...(unfrozen.length > 0 && { unfrozen }),
  };
}

function hasSameOrder(before: readonly LayerView[], after: readonly LayerView[]): boolean {
  return (
    before.length === after.length &&
    after.every((layer, place) => layer === before[place] || layer.id === before[place]!.id)
  );
}

/** Whether nothing is new of a layer but that it is frozen, or trainable again: ten thousand such are short to say. */
function isSwitched(before: LayerView, after: LayerView): boolean {
  if (before.trainable === after.trainable) return false;
  const keys = Object.keys(after) as (keyof LayerView)[];
  return (
    keys.length === Object.keys(before).length &&
    keys.every((key) => before[key] === after[key] || key === 'trainable' || key === 'trainableParams')
  );
}

/** The view after a change; layers that it does not speak of stay the same objects. */
export function applyChange(before: ModelView, change: ModelChange): ModelView {
  const { changed, order, rest, frozen = [], unfrozen = [] } = change;
  const news = new Map(changed.map((layer) => [layer.id, layer]));
  if (order === undefined) {
    const layers = before.layers.map((layer) => news.get(layer.id) ?? layer);
    for (const place of frozen) layers[place] = switched(layers[place]!, false);
    for (const place of unfrozen) layers[place] = switched(layers[place]!, true);
    return { ...rest, layers };
  }
  const olds = new Map(before.layers.map((layer) => [layer.id, layer]));
  const layers = order.flatMap((id): LayerView[] => {
    const layer = news.get(id) ?? olds.get(id);
    return layer ? [layer] : [];
  });
  return { ...rest, layers };
}

function switched(layer: LayerView, trainable: boolean): LayerView {
  let trainableParams = 0;
  if (trainable) {
    for (const { role, shape } of layer.weights) if (role === 'parameter') trainableParams += sizeOf(shape);
  }
  return { ...layer, trainable, trainableParams };
}
