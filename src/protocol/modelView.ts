import type { Fault } from '../core/failure';
import { shapeOf, type Inference } from '../core/graph/infer';
import {
  parameterCount,
  sizeOf,
  trainableParameterCount,
  type Layer,
  type LayerGraph,
  type LayerId,
  type Shape,
  type TensorRef,
  type WeightRef,
} from '../core/graph/layerGraph';
import { inputsOf } from '../core/graph/lookup';
import { kindNamed } from '../core/layers/catalogue';
import type { Recipe } from '../core/surgery/recipe';
import type { WarmStart } from '../core/surgery/replay';
import type { LayerView, ModelView, WeightView } from './editor';

export interface ModelViewSource {
  /** The base model with the recipe carried out, and what shapes say about it. */
  readonly graph: LayerGraph;
  readonly inference: Inference;
  /** Findings of the file's reader and of the recipe's replay; those of `inference` are added here. */
  readonly faults: readonly Fault[];
  readonly recipe: Recipe;
  /** Labels of the recipe's operations, in order. */
  readonly history: readonly string[];
  /** The layers of the base model; any other was grafted. */
  readonly baseIds: ReadonlySet<LayerId>;
  /** From zero; a layer that is not in it has no spatial resolution. */
  readonly stages: ReadonlyMap<LayerId, number>;
  readonly file: string;
  readonly format: string;
  readonly weightsOnly?: true;
  /** What each warm start took over. */
  readonly warmStarts?: readonly WarmStart[];
}

/**
 * What the editor webview draws: plain JSON, no weight's bytes. In `totals` every number of the model is counted
 * once: `params = trainable + frozen + statistics`.
 */
export function toModelView(source: ModelViewSource): ModelView {
  const { graph, inference } = source;
  const faults = distinct([...source.faults, ...inference.faults]);
  const faultsOf = groupByLayer(faults);
  const ends = { inputs: layerIds(graph.inputs), outputs: layerIds(graph.outputs) };
  const layers = graph.layers.map((layer): LayerView => {
    const inputs = inputsOf(layer);
    return {
      id: layer.id,
      name: layer.name,
      kind: layer.kind,
      family: layer.opaque === undefined ? (kindNamed(layer.kind)?.family ?? 'opaque') : 'opaque',
      config: layer.config,
      inputs: inputs.map((tensor) => tensor.layer),
      inputShapes: inputs.map((tensor) => shapeOf(inference, tensor) ?? null),
      outputShape: firstOutput(inference, layer),
      params: parameterCount(layer),
      trainableParams: trainableParameterCount(layer),
      flops: inference.flops.get(layer.id) ?? 0,
      trainable: layer.trainable,
      weights: layer.weights.map(toWeightView),
      group: layer.group,
      stage: source.stages.get(layer.id) ?? -1,
      grafted: !source.baseIds.has(layer.id),
      isInput: ends.inputs.has(layer.id),
      isOutput: ends.outputs.has(layer.id),
      ...(layer.opaque === undefined ? {} : { opaque: layer.opaque }),
      faults: faultsOf.get(layer.name) ?? [],
    };
  });
  return {
    name: graph.name,
    file: source.file,
    format: source.format,
    layers,
    totals: totalsOf(graph, inference),
    faults,
    recipe: source.recipe,
    history: source.history,
    ...(source.weightsOnly && { weightsOnly: source.weightsOnly }),
    ...(source.warmStarts && source.warmStarts.length > 0 && { warmStarts: source.warmStarts }),
  };
}

function toWeightView(weight: WeightRef): WeightView {
  return {
    name: weight.name,
    shape: weight.shape,
    dtype: weight.dtype,
    role: weight.role,
    fresh: weight.source.from === 'initializer',
  };
}

function totalsOf(graph: LayerGraph, inference: Inference): ModelView['totals'] {
  const weights = graph.layers.flatMap((layer) => layer.weights);
  const params = sum(graph.layers.map(parameterCount));
  const trainable = sum(graph.layers.map(trainableParameterCount));
  const statistics = sum(
    weights.filter((weight) => weight.role === 'statistic').map((weight) => sizeOf(weight.shape)),
  );
  return {
    params,
    trainable,
    frozen: params - trainable - statistics,
    statistics,
    flops: sum(graph.layers.map((layer) => inference.flops.get(layer.id) ?? 0)),
  };
}

function firstOutput(inference: Inference, layer: Layer): Shape | null {
  return shapeOf(inference, { layer: layer.id, call: 0, output: 0 }) ?? null;
}

function layerIds(tensors: readonly TensorRef[]): ReadonlySet<LayerId> {
  return new Set(tensors.map((tensor) => tensor.layer));
}

/** The reader, the replay and the inference may find the same thing; it is said once. */
function distinct(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Map(
    faults.map((fault) => [`${fault.code}\n${fault.layer ?? ''}\n${fault.message}`, fault]),
  );
  return [...seen.values()];
}

function groupByLayer(faults: readonly Fault[]): ReadonlyMap<string, readonly Fault[]> {
  const groups = new Map<string, Fault[]>();
  for (const fault of faults) {
    if (fault.layer === undefined) continue;
    const group = groups.get(fault.layer);
    if (group) group.push(fault);
    else groups.set(fault.layer, [fault]);
  }
  return groups;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
