import type { LayerView } from '../../../src/protocol/editor';

/** Layers by their places in the model, from zero. */
export type Members = readonly number[];

/** A model as the outline walks it: places in place of ids. */
export interface Wiring {
  readonly layers: readonly LayerView[];
  /** By place: the places of the layers it reads, without repeats and without itself. */
  readonly inputs: readonly Members[];
  /** Every place after those it reads, the model's order wherever that allows; a cycle is broken where it is met. */
  readonly order: Members;
}

export function wire(layers: readonly LayerView[]): Wiring {
  const placeOf = new Map(layers.map(({ id }, place) => [id, place]));
  const inputs = layers.map((layer, place) => {
    const read: number[] = [];
    for (const id of layer.inputs) {
      const input = placeOf.get(id);
      if (input !== undefined && input !== place && !read.includes(input)) read.push(input);
    }
    return read;
  });
  return { layers, inputs, order: inOrder(inputs) };
}

/** A layer that reads nothing comes right before its first reader: a late input belongs to where it is read. */
function inOrder(inputs: readonly Members[]): Members {
  const order: number[] = [];
  const seen = new Uint8Array(inputs.length);
  const next = new Uint32Array(inputs.length);
  const visit = (root: number) => {
    const stack = [root];
    seen[root] = 1;
    for (let place = stack.at(-1); place !== undefined; place = stack.at(-1)) {
      const input = inputs[place]![next[place]!++];
      if (input === undefined) order.push(stack.pop()!);
      else if (!seen[input]) {
        seen[input] = 1;
        stack.push(input);
      }
    }
  };
  const isRead = new Uint8Array(inputs.length);
  for (const read of inputs) for (const input of read) isRead[input] = 1;
  inputs.forEach((read, place) => {
    if (!seen[place] && (read.length > 0 || !isRead[place])) visit(place);
  });
  // What only a cycle reads.
  inputs.forEach((_, place) => {
    if (!seen[place]) visit(place);
  });
  return order;
}
