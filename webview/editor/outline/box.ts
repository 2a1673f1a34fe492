import type { Box, BoxRole, Item } from './outline';

/** A box around items. */
export function box(of: {
  readonly id: string;
  readonly role: BoxRole;
  readonly title: string;
  readonly note?: string;
  readonly count?: number;
  readonly items: readonly Item[];
}): Box {
  const layers = layersIn(of.items);
  return { count: 1, note: '', ...of, layers };
}

export function layersIn(items: readonly Item[]): readonly string[] {
  const layers: string[] = [];
  for (const item of items) {
    if (typeof item === 'string') layers.push(item);
    else for (const id of item.layers) layers.push(id);
  }
  return layers;
}

/** A box in a box with nothing beside it says nothing: what it holds stands in its place. */
export function withoutLoneBox(items: readonly Item[]): readonly Item[] {
  const [only] = items;
  return items.length === 1 && only !== undefined && typeof only !== 'string'
    ? withoutLoneBox(only.items)
    : items;
}

/** How many blocks people would count: a repeat's each, any other box once. */
export function countBlocks(items: readonly Item[]): number {
  return items.reduce((sum, item) => sum + (typeof item === 'string' ? 0 : item.count), 0);
}
