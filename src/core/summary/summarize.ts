import { inferShapes, shapeOf, type Inference } from '../graph/infer';
import { parameterCount, trainableParameterCount } from '../graph/layerGraph';
import type { Layer, LayerGraph, Shape, TensorRef } from '../graph/layerGraph';
import { layersById } from '../graph/lookup';
import { totalsOf } from './totals';

export interface LayerSummary {
  readonly name: string;
  readonly kind: string;
  /** Of the first call's first output; null where no shape is known. */
  readonly outputShape: Shape | null;
  readonly params: number;
  readonly trainableParams: number;
  readonly trainable: boolean;
  /** Names of the layers it reads, over all its calls; a layer read twice is there twice. */
  readonly inbound: readonly string[];
  readonly group: readonly string[];
}

export interface EndSummary {
  /** The layer's name. */
  readonly name: string;
  readonly shape: Shape | null;
}

/** What `summary --json` says of a graph; the format and the report are the file's. */
export interface ModelSummary {
  readonly name: string;
  readonly layers: readonly LayerSummary[];
  readonly totalParams: number;
  readonly trainableParams: number;
  readonly nonTrainableParams: number;
  readonly inputs: readonly EndSummary[];
  readonly outputs: readonly EndSummary[];
}

/** @param inference of the same graph, where the caller has it already */
export function summarize(graph: LayerGraph, inference: Inference = inferShapes(graph)): ModelSummary {
  const byId = layersById(graph);
  const nameOf = ({ layer }: TensorRef) => byId.get(layer)?.name ?? layer;
  const shapeAt = (tensor: TensorRef) => shapeOf(inference, tensor) ?? null;
  const summarizeLayer = (layer: Layer): LayerSummary => ({
    name: layer.name,
    kind: layer.kind,
    outputShape: shapeAt({ layer: layer.id, call: 0, output: 0 }),
    params: parameterCount(layer),
    trainableParams: trainableParameterCount(layer),
    trainable: layer.trainable,
    inbound: layer.calls.flatMap((call) => call.inputs.map(nameOf)),
    group: layer.group,
  });
  const summarizeEnd = (tensor: TensorRef): EndSummary => ({ name: nameOf(tensor), shape: shapeAt(tensor) });
  const totals = totalsOf(graph);
  return {
    name: graph.name,
    layers: graph.layers.map(summarizeLayer),
    totalParams: totals.all.params,
    trainableParams: totals.trainable.params,
    nonTrainableParams: totals.nonTrainable.params,
    inputs: graph.inputs.map(summarizeEnd),
    outputs: graph.outputs.map(summarizeEnd),
  };
}
