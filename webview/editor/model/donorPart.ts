import type { Shape } from '../../../src/core/graph/layerGraph';
import type { LayerView } from '../../../src/protocol/editor';
import { graftPlace } from '../state/actions';
import { downstreamOf, upstreamOf } from './modelIndex';
import type { ModelIndex } from './modelIndex';

/** A part of a donor by the names of its first and its last layer; null for the donor's input and for its outputs. */
export interface PartChoice {
  readonly from: string | null;
  readonly to: string | null;
}

export const WHOLE: PartChoice = { from: null, to: null };

/**
 * The part of a donor that one most likely wants behind a layer: on an input its whole backbone; else its tail from
 * where it reads what the layer gives. Of several such places the one behind a layer of the same name, else the first.
 * Without any the backbone, whose seam then says what does not fit.
 */
export function bestPart(donor: ModelIndex, after: LayerView): PartChoice {
  const tail = after.isInput ? undefined : tailFor(donor, after);
  if (tail) return { from: tail.name, to: null };
  const end = graftPlace(donor, new Set());
  return { from: null, to: typeof end === 'string' || end.isOutput ? null : end.name };
}

function tailFor(donor: ModelIndex, after: LayerView): LayerView | undefined {
  const fitting = beginnings(donor).filter(({ inputShapes: [shape] }) =>
    sameSample(shape, after.outputShape),
  );
  const sameName = fitting.find(({ inputs: [input] }) => donor.byId.get(input ?? '')?.name === after.name);
  if (sameName) return sameName;
  // Several layers read the one of this name, and a part begins at one: that layer itself.
  const again = donor.byName.get(after.name);
  return again && fitting.includes(again) ? again : fitting[0];
}

/** Whether a part begins with the layer that it hangs on: that one is then passed twice. */
export function repeatsLayer(donor: ModelIndex, { from }: PartChoice, after: LayerView): boolean {
  return from === after.name && donor.byName.get(from)?.kind === after.kind;
}

/** The layers that alone read a tensor which everything after it depends on: a part can begin at them. */
function beginnings({ model, readers }: ModelIndex): readonly LayerView[] {
  const place = new Map(model.layers.map(({ id }, at) => [id, at]));
  const found: LayerView[] = [];
  // Up to where layers before the one that is looked at are read.
  let reach = -1;
  model.layers.forEach((layer, at) => {
    const [reader, ...others] = (readers.get(layer.id) ?? []).map((id) => place.get(id) ?? -1);
    const next = reader === undefined || others.length > 0 ? undefined : model.layers[reader];
    if (next && reach <= at && !layer.isOutput) found.push(next);
    reach = Math.max(reach, reader ?? -1, ...others);
  });
  return found;
}

/** Ids of the layers of a part, as far as the page can tell; the host has the last word. */
export function layersOfPart(donor: ModelIndex, { from, to }: PartChoice): ReadonlySet<string> {
  const first = from === null ? undefined : donor.byName.get(from);
  const last = to === null ? undefined : donor.byName.get(to);
  const ends = last ? [last.id] : donor.model.layers.filter(({ isOutput }) => isOutput).map(({ id }) => id);
  const before = upstreamOf(donor, ends);
  const inside = first ? new Set([first.id, ...downstreamOf(donor, first.id)]) : before;
  return new Set(
    [...before].filter((id) => inside.has(id) && (first !== undefined || !donor.byId.get(id)?.isInput)),
  );
}

/** What a part expects at its beginning; null where that is not known. */
export function shapeEntering(donor: ModelIndex, { from }: PartChoice): Shape | null {
  const first = from === null ? donor.model.layers.find(({ isInput }) => isInput) : donor.byName.get(from);
  if (!first) return null;
  return first.isInput ? first.outputShape : (first.inputShapes[0] ?? null);
}

/** Whether two tensors have the same sizes without the batch; a size that is not known fits any. */
export function sameSample(a: Shape | null | undefined, b: Shape | null | undefined): boolean {
  if (!a || !b || a.length !== b.length) return false;
  return a.every((size, axis) => axis === 0 || size === null || b[axis] === null || size === b[axis]);
}
