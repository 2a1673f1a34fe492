import type { FlatNode } from '../flatGraph';
import { numbersOf, textOf } from '../graphDef';

export type DataFormat = 'channels_last' | 'channels_first';

export function dataFormatOf(node: FlatNode): DataFormat {
  return textOf(node, 'data_format')?.startsWith('NC') === true ? 'channels_first' : 'channels_last';
}

/** Settings of four numbers, an axis each: those of height and width, if the others are one. */
export function overSpace(node: FlatNode, key: string): readonly [number, number] | undefined {
  const all = numbersOf(node, key);
  if (all.length === 0) return [1, 1];
  const [batch, a, b, c] = all;
  if (all.length !== 4 || batch !== 1) return undefined;
  const [height, width, channels] = dataFormatOf(node) === 'channels_last' ? [a, b, c] : [b, c, a];
  return channels === 1 ? [height!, width!] : undefined;
}
