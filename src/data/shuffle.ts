import type { Random } from './random';

/** A new order of the same indices, each order equally likely (Fisher and Yates). */
export function shuffled(indices: Uint32Array, random: Random): Uint32Array {
  const order = indices.slice();
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
