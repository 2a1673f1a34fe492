import { toldInLines, type Fault } from '../failure';
import { kindNamed } from '../layers/catalogue';
import { ShapeMismatch, type LayerKind } from '../layers/kind';
import type { Layer, LayerGraph, LayerId, Shape, TensorRef } from './layerGraph';
import { orderCalls } from './order';
import { weightFaults } from './weightFaults';
import { t, tn } from '../../l10n/translate';

/** What shapes say about a graph. */
export interface Inference {
  /** Output shapes by layer, call and output; `undefined` where a fault or an opaque layer hides them. */
  readonly shapes: ReadonlyMap<LayerId, readonly (readonly Shape[] | undefined)[]>;
  /** For one sample, by layer, summed over its calls. */
  readonly flops: ReadonlyMap<LayerId, number>;
  /** Every fault, in graph order. */
  readonly faults: readonly Fault[];
}

export function shapeOf(inference: Inference, tensor: TensorRef): Shape | undefined {
  return inference.shapes.get(tensor.layer)?.[tensor.call]?.[tensor.output];
}

/**
 * Output shapes of every call, from the inputs on; faults where a layer cannot take what it is fed, or its weights
 * are not those that its inputs call for. One fault hides every shape after it and causes no others: what is fed by
 * an unknown shape is unknown too. Configurations are taken to be in their kinds' normal forms.
 */
export function inferShapes(graph: LayerGraph): Inference {
  const known = inferences.get(graph);
  if (known) return known;
  const inference = infer(graph);
  inferences.set(graph, inference);
  return inference;
}

/** Graphs never change, so each is inferred once. */
const inferences = new WeakMap<LayerGraph, Inference>();

function infer(graph: LayerGraph): Inference {
  const shapes = new Map<LayerId, (readonly Shape[] | undefined)[]>();
  const flops = new Map<LayerId, number>();
  const faults = new Map<LayerId, Fault[]>();
  for (const layer of graph.layers) shapes.set(layer.id, new Array(layer.calls.length).fill(undefined));

  for (const { layer, call } of orderCalls(graph).calls) {
    const kind = layer.opaque === undefined ? kindNamed(layer.kind) : undefined;
    if (!kind) continue;
    const inputs = layer.calls[call].inputs.map(
      (tensor) => shapes.get(tensor.layer)?.[tensor.call]?.[tensor.output],
    );
    const found = inferCall(layer, kind, inputs);
    if (found.faults.length > 0)
      faults.set(layer.id, withoutRepeats(faults.get(layer.id) ?? [], found.faults));
    if (!found.outputs) continue;
    shapes.get(layer.id)![call] = found.outputs;
    flops.set(layer.id, (flops.get(layer.id) ?? 0) + found.flops);
  }
  return {
    shapes,
    flops,
    faults: graph.layers.flatMap((layer) => (faults.get(layer.id) ?? []).map(toldInLines)),
  };
}

interface InferredCall {
  readonly outputs?: readonly Shape[];
  readonly flops: number;
  readonly faults: readonly Fault[];
}

function inferCall(layer: Layer, kind: LayerKind, inputs: readonly (Shape | undefined)[]): InferredCall {
  const arity = arityFault(layer, kind, inputs.length);
  if (arity) return { flops: 0, faults: [arity] };
  const known = inputs.filter((shape) => shape !== undefined);
  if (known.length < inputs.length) return { flops: 0, faults: [] };
  const outputs = attempt(() => kind.outputs(layer.config, known));
  if (outputs instanceof ShapeMismatch) return { flops: 0, faults: [mismatch(layer, outputs)] };
  const specs = attempt(() => kind.weights(layer.config, known));
  const faults = specs instanceof ShapeMismatch ? [mismatch(layer, specs)] : weightFaults(layer, specs);
  return { outputs, flops: kind.flops(layer.config, known, outputs), faults };
}

/** The calls of a shared layer find the same fault in the weights they share. */
function withoutRepeats(faults: readonly Fault[], more: readonly Fault[]): Fault[] {
  const said = new Set(faults.map((fault) => fault.message));
  return [...faults, ...more.filter((fault) => !said.has(fault.message))];
}

function attempt<T>(compute: () => T): T | ShapeMismatch {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ShapeMismatch) return error;
    throw error;
  }
}

function arityFault(layer: Layer, kind: LayerKind, found: number): Fault | undefined {
  const [least, most] = kind.arity;
  if (found >= least && found <= most) return undefined;
  const expected =
    least === most ? `${least}` : most === Infinity ? t('at least {0}', least) : t('{0} to {1}', least, most);
  const tensors = tn(found, '{0} input tensor', '{0} input tensors');
  return fault('ARITY', layer, tensors, expected);
}

function fault(code: string, layer: Layer, found: string, expected: string): Fault {
  const message = t('"{0}" ({1}): found {2}, expected {3}', layer.name, layer.kind, found, expected);
  return { severity: 'error', code, layer: layer.name, message, found, expected };
}

function mismatch(layer: Layer, { found, expected }: ShapeMismatch): Fault {
  return fault('SHAPE_MISMATCH', layer, found, expected);
}
