import { shapeOf, type Inference } from '../graph/infer';
import type { LayerGraph } from '../graph/layerGraph';
import { inputsOf } from '../graph/lookup';
import { NO_STAGE, stagesOf } from '../graph/stages';
import type { AdvisedLayer } from './backboneParts';

/** A graph's layers as the advisor looks at them. */
export function advisedLayers(graph: LayerGraph, inference: Inference): readonly AdvisedLayer[] {
  const stages = stagesOf(graph, inference);
  const inputs = new Set(graph.inputs.map(({ layer }) => layer));
  const outputs = new Set(graph.outputs.map(({ layer }) => layer));
  return graph.layers.map((layer) => ({
    id: layer.id,
    name: layer.name,
    kind: layer.kind,
    inputs: inputsOf(layer).map((tensor) => tensor.layer),
    outputShape: shapeOf(inference, { layer: layer.id, call: 0, output: 0 }) ?? null,
    weights: layer.weights,
    stage: stages.get(layer.id) ?? NO_STAGE,
    isInput: inputs.has(layer.id),
    isOutput: outputs.has(layer.id),
  }));
}
