import type { Layer, LayerGraph, TensorRef } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import type { Donors } from './donors';
import { donorGraph, donorPath } from './donors';
import { partOf } from './donorPart';
import { freeId } from './fresh';
import { freeVariant, namesIn } from './names';
import { outputsEndingIn, pruneTo, tensorOf } from './reach';
import type { OperationOf } from './recipe';

/**
 * Hangs a part of another model, with its weights, on a layer: a tail, a branch, a whole backbone. `donorPart.ts` says
 * what the part is. Its ends become the outputs in place of every output that depends on the layer, and layers that
 * reach no output any more go, as with `append`.
 *
 * Grafted layers keep kind, configuration, weights (which go on pointing into the donor's file) and trainable flags.
 * A name that is taken gets Keras's counting behind it (`conv1_1`), and the donor's name is the first of their group,
 * once and counted likewise: names and ids depend on graph and recipe alone. Shapes that disagree at the seam are faults on the
 * donor's layers, whose weights are never started anew by a graft.
 *
 * @throws Failure `LAYER_UNKNOWN`, `LAYER_AMBIGUOUS`, `DONOR_MISSING`, and `GRAFT_…` of `donorPart.ts`
 */
export function graft(graph: LayerGraph, operation: OperationOf<'graft'>, donors: Donors): LayerGraph {
  const after = layerNamed(graph, operation.after);
  const seam = tensorOf(graph, after);
  const donor = donorGraph(donors, operation.donor);
  const part = partOf(donor, donorPath(operation.donor), operation);

  const group = freeVariant(donor.name, new Set(graph.layers.flatMap((layer) => layer.group.slice(0, 1))));
  // A module is in a group of its own name already.
  const ownGroup = part.layers.every(({ layer }) => layer.group[0] === donor.name);
  const names = namesIn(graph);
  const ids = new Set(graph.layers.map((layer) => layer.id));
  const moved = new Map(
    part.layers.map(({ layer, calls }) => {
      const name = freeVariant(layer.name, names);
      names.add(name);
      const id = freeId(name, ids);
      ids.add(id);
      return [layer.id, { layer, name, id, calls: new Map(calls.map((call, index) => [call, index])) }];
    }),
  );
  const here = (tensor: TensorRef): TensorRef => {
    const place = moved.get(tensor.layer);
    const call = place?.calls.get(tensor.call);
    return place && call !== undefined ? { layer: place.id, call, output: tensor.output } : seam;
  };
  const layers = [...moved.values()].map(({ layer, name, id, calls }): Layer => ({
    ...layer,
    ...{ id, name, group: [group, ...(ownGroup ? layer.group.slice(1) : layer.group)] },
    calls: [...calls.keys()].map((call) => ({ inputs: layer.calls[call].inputs.map(here) })),
  }));
  const outputs = outputsEndingIn(graph, after, ...part.ends.map(here));
  return pruneTo({ ...graph, layers: [...graph.layers, ...layers] }, outputs);
}
