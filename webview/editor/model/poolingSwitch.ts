import type { OperationOf } from '../../../src/core/surgery/recipe';
import type { LayerView } from '../../../src/protocol/editor';
import type { SurgeryPreview } from '../../../src/protocol/surgerySheets';
import type { ModelIndex } from './modelIndex';

/** The two ways from feature maps to a vector: one number a channel, or every number of every place. */
export type ToVector = 'pool' | 'flatten';

const POOLING = ['GlobalAveragePooling2D', 'GlobalMaxPooling2D'];

/** How a layer makes a vector of feature maps; undefined for one that does something else. */
export function toVector({ kind, config, inputShapes }: LayerView): ToVector | undefined {
  const [maps, ...others] = inputShapes;
  if (maps?.length !== 4 || others.length > 0) return undefined;
  if (kind === 'Flatten') return 'flatten';
  return POOLING.includes(kind) && config.keepdims !== true ? 'pool' : undefined;
}

/** The other way in its place: the same name, the same readers. */
export function otherWay(layer: LayerView): OperationOf<'replace'> | undefined {
  const way = toVector(layer);
  if (way === undefined) return undefined;
  const { data_format } = layer.config;
  return {
    op: 'replace',
    layer: layer.name,
    with: {
      kind: way === 'pool' ? 'Flatten' : 'GlobalAveragePooling2D',
      ...(data_format === 'channels_first' && { config: { data_format } }),
    },
  };
}

/** The first layers with weights on each way from a layer on: their size hangs on it. */
export function headAfter(index: ModelIndex, layer: LayerView): readonly LayerView[] {
  const found = new Map<string, LayerView>();
  const seen = new Set([layer.id]);
  const queue = [...(index.readers.get(layer.id) ?? [])];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    const reader = index.byId.get(id);
    if (!reader || seen.has(id)) continue;
    seen.add(id);
    if (reader.weights.length > 0) found.set(id, reader);
    else queue.push(...(index.readers.get(id) ?? []));
  }
  return [...found.values()];
}

/** What a switch would make of the layers after it. */
export interface Switched {
  /** Of all of them. */
  readonly params: number;
  /** Names of those that would begin anew: their weights do not fit. */
  readonly anew: readonly string[];
}

export function switched(head: readonly LayerView[], { changed }: SurgeryPreview): Switched {
  const after = head.map((layer) => changed.find(({ name }) => name === layer.name) ?? layer);
  return {
    params: after.reduce((sum, { params }) => sum + params, 0),
    anew: after.filter(({ params }, at) => params !== head[at]?.params).map(({ name }) => name),
  };
}
