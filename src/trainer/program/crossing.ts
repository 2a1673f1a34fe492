import { inferShapes, shapeOf } from '../../core/graph/infer';
import { sizeOf, tensorKey, type LayerGraph, type TensorRef } from '../../core/graph/layerGraph';
import type { Tensorlike } from '../batch';
import type { CutProgram } from './prefix';
import { keysReadBy, type Program, type ProgramCall } from './program';

/** A program cut where what is computed once a sample ends. */
export interface Crossing {
  /** What is kept of each sample, by the keys that the rest reads. */
  readonly tensors: readonly { readonly key: string; readonly ref: TensorRef }[];
  /** Layers that run once a sample. */
  readonly before: readonly ProgramCall[];
  /** Calls of the prefix that run in every step all the same: what no input feeds, and what is after the crossing. */
  readonly rest: readonly ProgramCall[];
  /** All calls of the program but those before the crossing. */
  readonly after: readonly ProgramCall[];
}

/** A batch as it crosses: what the rest reads, in the crossing's order. */
export interface CrossingBatch {
  readonly crossing: Crossing;
  readonly tensors: readonly Tensorlike[];
}

/**
 * Of the work of a prefix, what may be done anew in every step for the sake of keeping less: a pooling, a flattening;
 * not a convolution.
 */
const WORK_LEFT = 0.02;

/**
 * Where to cut a prefix so that least is kept of each sample; nothing where no cut keeps samples apart, or nothing with
 * weights comes before one.
 *
 * @param program whose outputs count as read
 * @param cut of that program
 */
export function chooseCrossing(graph: LayerGraph, program: Program, cut: CutProgram): Crossing | undefined {
  const inference = inferShapes(graph);
  const refs = refsOf(graph, cut.prefix);
  const fed = new Set(program.inputs.map(({ key }) => key));
  const varying = cut.prefix.filter((call) => {
    const isFed = keysReadBy(call).some((key) => fed.has(key));
    if (isFed) keysMadeBy(call).forEach((key) => fed.add(key));
    return isFed;
  });
  const constants = cut.prefix.filter((call) => !varying.includes(call));
  const workOf = ({ layer }: ProgramCall) => (inference.flops.get(layer.id) ?? 0) / layer.calls.length;
  const allowed = WORK_LEFT * varying.reduce((sum, call) => sum + workOf(call), 0);

  const readLater = new Set([...program.outputs, ...[...cut.tail, ...constants].flatMap(keysReadBy)]);
  let best: { readonly end: number; readonly keys: readonly string[]; readonly size: number } | undefined;
  let workAfter = 0;
  for (let end = varying.length; end > 0 && workAfter <= allowed; end--) {
    const made = new Set([
      ...program.inputs.map(({ key }) => key),
      ...varying.slice(0, end).flatMap(keysMadeBy),
    ]);
    const keys = [...readLater].filter((key) => made.has(key));
    const size = sizeOfSample(keys, refs, (ref) => shapeOf(inference, ref));
    const hasWeights = varying.slice(0, end).some(({ layer }) => layer.weights.length > 0);
    if (size !== undefined && hasWeights && size < (best?.size ?? Infinity)) best = { end, keys, size };
    const last = varying[end - 1];
    keysReadBy(last).forEach((key) => readLater.add(key));
    workAfter += workOf(last);
  }
  if (!best) return undefined;
  const before = varying.slice(0, best.end);
  return {
    tensors: best.keys.map((key) => ({ key, ref: refs.get(key)! })),
    before,
    rest: cut.prefix.filter((call) => !before.includes(call)),
    after: program.calls.filter((call) => !before.includes(call)),
  };
}

const keysMadeBy = ({ outputs, mask }: ProgramCall): readonly string[] =>
  mask ? [...outputs, mask.key] : outputs;

/** Masks have none: they go with their tensors, and are not kept. */
function refsOf(graph: LayerGraph, calls: readonly ProgramCall[]): ReadonlyMap<string, TensorRef> {
  const made = calls.flatMap(({ layer, call, outputs }) =>
    outputs.map((key, output) => [key, { layer: layer.id, call, output }] as const),
  );
  return new Map([...graph.inputs.map((ref) => [tensorKey(ref), ref] as const), ...made]);
}

/** Numbers a sample; nothing where a tensor is none or does not hold one row a sample. */
function sizeOfSample(
  keys: readonly string[],
  refs: ReadonlyMap<string, TensorRef>,
  shape: (ref: TensorRef) => readonly (number | null)[] | undefined,
): number | undefined {
  let total = 0;
  for (const key of keys) {
    const ref = refs.get(key);
    const found = ref && shape(ref);
    if (!found || found[0] !== null) return undefined;
    total += sizeOf(found);
  }
  return total;
}

/** The graph that computes, from the same inputs, what crosses. */
export function prefixGraph(graph: LayerGraph, { tensors, before, rest }: Crossing): LayerGraph {
  const called = new Set([...before, ...rest].map(({ layer }) => layer.id));
  const isInput = new Set(graph.inputs.map(({ layer }) => layer));
  const layers = graph.layers.filter(({ id }) => called.has(id) || isInput.has(id));
  return { name: graph.name, layers, inputs: graph.inputs, outputs: tensors.map(({ ref }) => ref) };
}
