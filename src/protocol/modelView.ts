import { recogniseBackbone } from '../core/backbone/recognise';
import { toldInLines, type Fault } from '../core/failure';
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
  const findings = findingsOf(source);
  const backbone = recogniseBackbone(graph);
  const layers = graph.layers.map((layer) => viewOf(layer, findings, faultsOf.get(layer.name) ?? NO_FAULTS));
  return {
    name: graph.name,
    file: source.file,
    format: source.format,
    layers,
    totals: totalsOf(graph, layers),
    faults,
    recipe: source.recipe,
    history: source.history,
    ...(backbone && { backbone }),
    ...(source.weightsOnly && { weightsOnly: source.weightsOnly }),
    ...(source.warmStarts && source.warmStarts.length > 0 && { warmStarts: source.warmStarts }),
  };
}

const NO_FAULTS: readonly Fault[] = [];

/** What a layer's view says that is not in the layer. */
type Found = Pick<
  LayerView,
  'inputShapes' | 'outputShape' | 'flops' | 'stage' | 'grafted' | 'isInput' | 'isOutput'
>;

/** All that `Found` is made of, faults aside. */
interface Findings {
  readonly inference: Inference;
  readonly stages: ReadonlyMap<LayerId, number>;
  readonly baseIds: ReadonlySet<LayerId>;
  readonly inputs: ReadonlySet<LayerId>;
  readonly outputs: ReadonlySet<LayerId>;
  readonly ends: Pick<LayerGraph, 'inputs' | 'outputs'>;
}

const lastFindings = new WeakMap<Inference, Findings>();

/** The same object while it is made of the same things: then nothing is looked up again for any layer. */
function findingsOf({ graph, inference, stages, baseIds }: ModelViewSource): Findings {
  const last = lastFindings.get(inference);
  if (
    last?.stages === stages &&
    last.baseIds === baseIds &&
    last.ends.inputs === graph.inputs &&
    last.ends.outputs === graph.outputs
  ) {
    return last;
  }
  const findings: Findings = {
    inference,
    stages,
    baseIds,
    inputs: layerIds(graph.inputs),
    outputs: layerIds(graph.outputs),
    ends: { inputs: graph.inputs, outputs: graph.outputs },
  };
  lastFindings.set(inference, findings);
  return findings;
}

function find(layer: Layer, { inference, stages, baseIds, inputs, outputs }: Findings): Found {
  return {
    inputShapes: inputsOf(layer).map((tensor) => shapeOf(inference, tensor) ?? null),
    outputShape: firstOutput(inference, layer),
    flops: inference.flops.get(layer.id) ?? 0,
    stage: stages.get(layer.id) ?? -1,
    grafted: !baseIds.has(layer.id),
    isInput: inputs.has(layer.id),
    isOutput: outputs.has(layer.id),
  };
}

interface LastView {
  readonly layer: Layer;
  readonly findings: Findings;
  readonly view: LayerView;
}

/** The last view of each layer. By its calls: a layer that is frozen or renamed is another object around the same calls. */
const lastViews = new WeakMap<Layer['calls'], LastView>();

/**
 * The view made last, where it would be the same: what has not changed is neither sent nor drawn again. Where it
 * differs, its parts are those of the view made last as far as they are of the same parts of the layer.
 */
function viewOf(layer: Layer, findings: Findings, faults: readonly Fault[]): LayerView {
  const last = lastViews.get(layer.calls);
  const found = last?.findings === findings ? last.view : find(layer, findings);
  const sameFound = last && isSameFound(last.view, found);
  const sameFaults = last && isSameFaults(last.view.faults, faults);
  const view =
    sameFound && sameFaults && isSameLayer(last.layer, layer)
      ? last.view
      : newView(layer, sameFound ? last.view : found, sameFaults ? last.view.faults : faults, last);
  if (last?.view !== view || last.findings !== findings)
    lastViews.set(layer.calls, { layer, findings, view });
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
    a === b ||
    (a.flops === b.flops &&
      a.stage === b.stage &&
      a.grafted === b.grafted &&
      a.isInput === b.isInput &&
      a.isOutput === b.isOutput &&
      isSameShape(a.outputShape, b.outputShape) &&
      a.inputShapes.length === b.inputShapes.length &&
      a.inputShapes.every((shape, place) => isSameShape(shape, b.inputShapes[place] ?? null)))
  );
}

function isSameFaults(a: readonly Fault[], b: readonly Fault[]): boolean {
  return (
    a.length === b.length &&
    a.every((fault, place) => {
      const other = b[place]!;
      return fault === other || JSON.stringify(fault) === JSON.stringify(other);
    })
  );
}

function isSameShape(a: Shape | null, b: Shape | null): boolean {
  if (a === b || a === null || b === null) return a === b;
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

function newView(
  layer: Layer,
  found: Found,
  faults: readonly Fault[],
  last: LastView | undefined,
): LayerView {
  const sameWeights = last?.layer.weights === layer.weights;
  return {
    id: layer.id,
    name: layer.name,
    kind: layer.kind,
    family: layer.opaque === undefined ? (kindNamed(layer.kind)?.family ?? 'opaque') : 'opaque',
    config: layer.config,
    inputs: last?.view.inputs ?? inputsOf(layer).map((tensor) => tensor.layer),
    params: sameWeights ? last.view.params : parameterCount(layer),
    trainableParams: trainableParameterCount(layer),
    trainable: layer.trainable,
    weights: sameWeights ? last.view.weights : layer.weights.map(toWeightView),
    group: layer.group,
    ...(layer.opaque === undefined ? {} : { opaque: layer.opaque }),
    inputShapes: found.inputShapes,
    outputShape: found.outputShape,
    flops: found.flops,
    stage: found.stage,
    grafted: found.grafted,
    isInput: found.isInput,
    isOutput: found.isOutput,
    faults,
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

function totalsOf({ layers }: LayerGraph, views: readonly LayerView[]): ModelView['totals'] {
  let [params, trainable, statistics, flops] = [0, 0, 0, 0];
  for (const view of views) {
    params += view.params;
    trainable += view.trainableParams;
    flops += view.flops;
  }
  for (const { weights } of layers) {
    for (const { role, shape } of weights) if (role === 'statistic') statistics += sizeOf(shape);
  }
  return { params, trainable, frozen: params - trainable - statistics, statistics, flops };
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
    faults.map((fault) => [`${fault.code}\n${fault.layer ?? ''}\n${fault.message}`, toldInLines(fault)]),
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
