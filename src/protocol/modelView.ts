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
 * once: `params = trainable + frozen + statistics`. Views of layers that nothing happened to are the same objects as in
 * the view made before.
 */
export function toModelView(source: ModelViewSource): ModelView {
  const { graph, inference } = source;
  const faults = distinct([...source.faults, ...inference.faults]);
  const faultsOf = groupByLayer(faults);
  const ends = { inputs: layerIds(graph.inputs), outputs: layerIds(graph.outputs) };
  const layers = graph.layers.map((layer) =>
    sameWhereEqual(layer, {
      inputShapes: inputsOf(layer).map((tensor) => shapeOf(inference, tensor) ?? null),
      outputShape: firstOutput(inference, layer),
      flops: inference.flops.get(layer.id) ?? 0,
      stage: source.stages.get(layer.id) ?? -1,
      grafted: !source.baseIds.has(layer.id),
      isInput: ends.inputs.has(layer.id),
      isOutput: ends.outputs.has(layer.id),
      faults: faultsOf.get(layer.name) ?? [],
    }),
  );
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

/** What a layer's view says that is not in the layer. */
type Found = Pick<
  LayerView,
  'inputShapes' | 'outputShape' | 'flops' | 'stage' | 'grafted' | 'isInput' | 'isOutput' | 'faults'
>;

/**
 * The last view of each layer. By its calls: a layer that is frozen or renamed is another object around the same
 * calls, and every replay makes a new one of each layer that a rule freezes.
 */
const lastViews = new WeakMap<
  Layer['calls'],
  { readonly layer: Layer; readonly found: Found; view: LayerView }
>();

/** The view made last, where it would be the same: what has not changed is neither sent nor drawn again. */
function sameWhereEqual(layer: Layer, found: Found): LayerView {
  const last = lastViews.get(layer.calls);
  if (last && isSameLayer(last.layer, layer) && isSameFound(last.found, found)) return last.view;
  const view = viewOf(layer, found);
  lastViews.set(layer.calls, { layer, found, view });
  return view;
}

function isSameLayer(a: Layer, b: Layer): boolean {
  return (
    a === b ||
    (a.id === b.id &&
      a.name === b.name &&
      a.kind === b.kind &&
      a.config === b.config &&
      a.weights === b.weights &&
      a.trainable === b.trainable &&
      a.group === b.group &&
      a.opaque === b.opaque)
  );
}

function isSameFound(a: Found, b: Found): boolean {
  return (
    a.flops === b.flops &&
    a.stage === b.stage &&
    a.grafted === b.grafted &&
    a.isInput === b.isInput &&
    a.isOutput === b.isOutput &&
    isSameShape(a.outputShape, b.outputShape) &&
    a.inputShapes.length === b.inputShapes.length &&
    a.inputShapes.every((shape, place) => isSameShape(shape, b.inputShapes[place] ?? null)) &&
    a.faults.length === b.faults.length &&
    a.faults.every((fault, place) => {
      const other = b.faults[place]!;
      return fault === other || JSON.stringify(fault) === JSON.stringify(other);
    })
  );
}

function isSameShape(a: Shape | null, b: Shape | null): boolean {
  if (a === b || a === null || b === null) return a === b;
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function viewOf(layer: Layer, found: Found): LayerView {
  return {
    id: layer.id,
    name: layer.name,
    kind: layer.kind,
    family: layer.opaque === undefined ? (kindNamed(layer.kind)?.family ?? 'opaque') : 'opaque',
    config: layer.config,
    inputs: inputsOf(layer).map((tensor) => tensor.layer),
    params: parameterCount(layer),
    trainableParams: trainableParameterCount(layer),
    trainable: layer.trainable,
    weights: layer.weights.map(toWeightView),
    group: layer.group,
    ...(layer.opaque === undefined ? {} : { opaque: layer.opaque }),
    ...found,
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
