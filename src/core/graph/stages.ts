import { kindNamed } from '../layers/catalogue';
import { shapeOf, type Inference } from './infer';
import type { Layer, LayerGraph, LayerId } from './layerGraph';
import { NO_STAGE } from './noStage';
import { orderCalls } from './order';

export { NO_STAGE };

/**
 * The stage of every layer. A stage is a run of layers at one spatial resolution, counted along the way from the
 * inputs, whose resolution is stage 0: a layer is in the latest stage that feeds it, and one that strides (a pooling,
 * a strided convolution, an upsampling) opens the next with its own output. So VGG16's five pools end stages 0 to 4,
 * and a decoder that comes back to a resolution is in a later stage than the encoder that left it.
 *
 * It goes by strides, not by sizes: padding and unpadded convolutions change a size by a rim and open no stage, and
 * a model of unknown input size has the same stages. Layers without spatial axes are at `NO_STAGE`, except those that
 * a spatial layer reads again (squeeze and excite), which belong to the stage they are computed in. Where shapes are
 * unknown, a layer is taken to be as spatial as what feeds it.
 */
export function stagesOf(graph: LayerGraph, inference: Inference): ReadonlyMap<LayerId, number> {
  const known = lastStages.get(inference);
  if (known && hasSameStages(known.layers, graph.layers)) return known.stages;
  const stages = findStages(graph, inference);
  lastStages.set(inference, { layers: graph.layers, stages });
  return stages;
}

/** By what shapes say, which freezing leaves the same object: it changes no stage. */
const lastStages = new WeakMap<
  Inference,
  { readonly layers: readonly Layer[]; readonly stages: ReadonlyMap<LayerId, number> }
>();

function hasSameStages(before: readonly Layer[], after: readonly Layer[]): boolean {
  if (before === after) return true;
  return (
    before.length === after.length &&
    before.every((a, place) => {
      const b = after[place];
      return (
        a === b ||
        (a.id === b.id &&
          a.calls === b.calls &&
          a.config === b.config &&
          a.kind === b.kind &&
          a.opaque === b.opaque)
      );
    })
  );
}

function findStages(graph: LayerGraph, inference: Inference): ReadonlyMap<LayerId, number> {
  const reached = new Map<LayerId, number>();
  const spatial = new Set<LayerId>();
  const { calls } = orderCalls(graph);

  for (const { layer, call } of calls) {
    const inputs = layer.calls[call].inputs.map((tensor) => tensor.layer);
    const latest = inputs.reduce((stage, id) => Math.max(stage, reached.get(id) ?? 0), 0);
    const stage = latest + (stridesOf(layer) === 1 ? 0 : 1);
    reached.set(layer.id, Math.max(stage, reached.get(layer.id) ?? 0));

    const shape = shapeOf(inference, { layer: layer.id, call, output: 0 });
    if (shape ? shape.length > 2 : inputs.some((id) => spatial.has(id))) spatial.add(layer.id);
  }

  for (const { layer, call } of calls.toReversed()) {
    if (!spatial.has(layer.id)) continue;
    for (const input of layer.calls[call].inputs) spatial.add(input.layer);
  }
  return new Map(
    graph.layers.map((layer) => [layer.id, spatial.has(layer.id) ? (reached.get(layer.id) ?? 0) : NO_STAGE]),
  );
}

function stridesOf(layer: Layer): number {
  const kind = layer.opaque === undefined ? kindNamed(layer.kind) : undefined;
  return kind?.stride?.(layer.config) ?? 1;
}
