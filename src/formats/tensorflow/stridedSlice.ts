import type { Stretch } from '../../core/layers/tensorShaping';
import type { FlatNode, FlatTensor } from './flatGraph';
import { numberOf } from './graphDef';

/** What a `StridedSlice` takes, axis by axis, and where it adds axes of one to what is left. */
export interface StridedKey {
  readonly key: readonly (number | Stretch)[];
  readonly added: readonly number[];
}

/**
 * The masks of a `StridedSlice` written out (tensorflow/core/util/strided_slice_op.cc): which places begin and end at
 * the border, where an ellipsis stands for the axes between, where axes are added and dropped.
 */
export function stretchesOf(
  node: FlatNode,
  rank: number,
  value: (feed: FlatTensor | undefined) => { readonly numbers: readonly (number | null)[] } | undefined,
): StridedKey | undefined {
  const [begin, end, strides] = node.feeds.slice(1, 4).map((feed) => value(feed)?.numbers);
  if (!begin || !end || !strides || begin.length !== end.length || strides.length !== begin.length)
    return undefined;
  const has = (mask: string, bit: number) =>
    bit < MASK_BITS && (((numberOf(node, mask) ?? 0) >> bit) & 1) === 1;
  const given = begin.map((_, bit) => bit);
  const adding = given.filter((bit) => has('new_axis_mask', bit) && !has('ellipsis_mask', bit));
  const ellipsis = given.find((bit) => has('ellipsis_mask', bit));
  const named = given.length - adding.length - (ellipsis === undefined ? 0 : 1);
  const between = rank - named;
  if (between < 0) return undefined;
  const key: (number | Stretch)[] = [];
  const added: number[] = [];
  let left = 0;
  for (const bit of given) {
    if (bit === ellipsis) {
      for (let axis = 0; axis < between; axis++) key.push(WHOLE);
      left += between;
    } else if (has('new_axis_mask', bit)) {
      added.push(left++);
    } else if (has('shrink_axis_mask', bit)) {
      const place = begin[bit];
      if (typeof place !== 'number') return undefined;
      key.push(place);
    } else {
      const [start, stop, step] = [
        has('begin_mask', bit) ? null : begin[bit]!,
        has('end_mask', bit) ? null : end[bit]!,
        strides[bit]!,
      ];
      const unknown =
        (start === null && !has('begin_mask', bit)) || (stop === null && !has('end_mask', bit)) || !step;
      if (unknown) return undefined;
      key.push({ start, stop, step });
      left++;
    }
  }
  return { key, added };
}

const WHOLE: Stretch = { start: null, stop: null, step: null };

/** Masks are 32 bits. */
const MASK_BITS = 31;
