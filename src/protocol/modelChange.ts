import type { LayerView, ModelChange, ModelView } from './editor';

/**
 * What `after` says that `before` did not. Layers are compared by identity, so both views are of one `toModelView`,
 * which keeps the objects of layers that nothing happened to.
 */
export function changeOf(before: ModelView, after: ModelView): ModelChange {
  const { layers, ...rest } = after;
  const known = new Set(before.layers);
  const changed = layers.filter((layer) => !known.has(layer));
  const sameOrder =
    layers.length === before.layers.length &&
    layers.every((layer, place) => layer === before.layers[place] || layer.id === before.layers[place]!.id);
  return { changed, rest, ...(!sameOrder && { order: layers.map(({ id }) => id) }) };
}

/** The view after a change; layers that it does not speak of stay the same objects. */
export function applyChange(before: ModelView, { changed, order, rest }: ModelChange): ModelView {
  const news = new Map(changed.map((layer) => [layer.id, layer]));
  if (order === undefined) {
    return { ...rest, layers: before.layers.map((layer) => news.get(layer.id) ?? layer) };
  }
  const olds = new Map(before.layers.map((layer) => [layer.id, layer]));
  const layers = order.flatMap((id): LayerView[] => {
    const layer = news.get(id) ?? olds.get(id);
    return layer ? [layer] : [];
  });
  return { ...rest, layers };
}
