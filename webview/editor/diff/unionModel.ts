import type { LayerView, ModelView } from '../../../src/protocol/editor';

export type Lines = ReadonlyMap<string, 'added' | 'removed'>;

/** Before and after in one model, to be laid out once. */
export interface UnionModel {
  readonly model: ModelView;
  /** By `source\ntarget`, ids of layers: lines that only one of the two has. */
  readonly lines: Lines;
}

export const lineKey = (source: string, target: string) => `${source}\n${target}`;

/**
 * The model after surgery with the layers that were removed put back behind those that they came after, and the lines
 * that they had. What is in both is as it is now.
 */
export function unionModel(base: ModelView, after: ModelView): UnionModel {
  const now = new Map(after.layers.map((layer) => [layer.id, layer]));
  const removed = base.layers.filter(({ id }) => !now.has(id));
  const olds = linesOf(base.layers);
  const news = linesOf(after.layers);
  const lines = new Map<string, 'added' | 'removed'>();
  for (const line of news) if (!olds.has(line)) lines.set(line, 'added');
  for (const line of olds) if (!news.has(line)) lines.set(line, 'removed');

  /** Removed layers by the layer before them, which may be removed itself; '' for those before all others. */
  const behind = new Map<string, LayerView>();
  let last = '';
  const gone = new Set(removed);
  for (const layer of base.layers) {
    if (gone.has(layer)) behind.set(last, layer);
    last = layer.id;
  }
  const layers: LayerView[] = [];
  const putBack = (id: string) => {
    for (let next = behind.get(id); next; next = behind.get(next.id)) layers.push(next);
  };
  putBack('');
  const basis = new Map(base.layers.map((layer) => [layer.id, layer]));
  for (const layer of after.layers) {
    layers.push(withOldInputs(layer, basis.get(layer.id)));
    putBack(layer.id);
  }
  return { model: { ...after, layers }, lines };
}

function linesOf(layers: readonly LayerView[]): ReadonlySet<string> {
  return new Set(layers.flatMap(({ id, inputs }) => inputs.map((input) => lineKey(input, id))));
}

/** The one made last: an unchanged layer keeps its card. */
const widened = new WeakMap<LayerView, { readonly old: LayerView; readonly view: LayerView }>();

/** A layer that reads what it reads now and what it read before. */
function withOldInputs(layer: LayerView, old: LayerView | undefined): LayerView {
  const more = old?.inputs.filter((id) => !layer.inputs.includes(id)) ?? [];
  if (!old || more.length === 0) return layer;
  const known = widened.get(layer);
  if (known?.old === old) return known.view;
  const view = { ...layer, inputs: [...layer.inputs, ...more] };
  widened.set(layer, { old, view });
  return view;
}
