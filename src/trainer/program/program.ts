import { Failure } from '../../core/failure';
import { orderCalls, type CallSite } from '../../core/graph/order';
import { tensorKey, type Layer, type LayerConfig, type LayerGraph } from '../../core/graph/layerGraph';
import type { ForwardEntry } from '../layers/forward';
import { forwardOf } from '../layers/registry';

/** One step of a program: a call of a layer, with tensors by key. */
export interface ProgramCall {
  readonly layer: Layer;
  readonly call: number;
  readonly config: LayerConfig;
  readonly entry: ForwardEntry;
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A layer graph made ready to run: its calls in order, those that no output needs left out. */
export interface Program {
  readonly calls: readonly ProgramCall[];
  readonly inputs: readonly ProgramInput[];
  readonly outputs: readonly string[];
}

export interface ProgramInput {
  readonly key: string;
  readonly layer: Layer;
}

/** @throws Failure of kind `input` (`LAYER_CANNOT_TRAIN`) that names a layer which cannot be computed */
export function compile(graph: LayerGraph): Program {
  const { calls: sites, cyclic } = orderCalls(graph);
  if (cyclic.length > 0) throw cannotTrain(cyclic[0], 'feeds itself, expected an order to compute in');
  const inputs = graph.inputs.map((tensor) => {
    const layer = graph.layers.find(({ id }) => id === tensor.layer);
    if (!layer) throw new Error(`input ${tensor.layer} is not a layer of the graph`);
    return { key: tensorKey(tensor), layer };
  });
  const outputs = graph.outputs.map(tensorKey);
  const fed = new Set(inputs.map(({ key }) => key));
  const needed = new Set(outputs);
  const calls: ProgramCall[] = [];
  for (const site of sites.toReversed()) {
    const output = tensorKey({ layer: site.layer.id, call: site.call, output: 0 });
    if (!needed.has(output) || fed.has(output)) continue;
    const call = compileCall(site, output);
    for (const key of call.inputs) needed.add(key);
    calls.push(call);
  }
  return { calls: calls.reverse(), inputs, outputs };
}

function compileCall({ layer, call }: CallSite, output: string): ProgramCall {
  if (layer.opaque !== undefined) throw cannotTrain(layer, `cannot be computed: ${layer.opaque}`);
  if (layer.kind === 'InputLayer') {
    throw cannotTrain(layer, "is not among the graph's inputs, expected every InputLayer to be fed");
  }
  const entry = forwardOf(layer.kind);
  if (!entry) throw cannotTrain(layer, `is of kind ${layer.kind}, which no engine computes`);
  const refusal = entry.refuses(layer.config);
  if (refusal !== undefined) throw cannotTrain(layer, `has ${refusal}`);
  const inputs = layer.calls[call].inputs.map(tensorKey);
  return { layer, call, config: layer.config, entry, inputs, output };
}

export function cannotTrain(layer: Layer, reason: string): Failure {
  const advice = 'cut it away, replace or freeze it';
  const message = `layer "${layer.name}" (${layer.kind}) ${reason}; ${advice}`;
  return new Failure('input', 'LAYER_CANNOT_TRAIN', message, { layer: layer.name });
}

/**
 * The program with the softmax at its end left off, so that its output are logits; nothing where it does not end in
 * one, or where something else reads that tensor.
 */
export function withoutSoftmax(program: Program): Program | undefined {
  const last = program.calls.at(-1);
  const [output] = program.outputs;
  if (!last || program.outputs.length !== 1 || last.output !== output) return undefined;
  const end = withoutSoftmaxCall(last);
  return end && { ...program, calls: [...program.calls.slice(0, -1), end] };
}

function withoutSoftmaxCall(call: ProgramCall): ProgramCall | undefined {
  if (call.config.activation === 'softmax') {
    return { ...call, config: { ...call.config, activation: 'linear' } };
  }
  const identity = forwardOf('Identity');
  if (call.layer.kind !== 'Softmax' || call.config.axis !== -1 || !identity) return undefined;
  return { ...call, config: {}, entry: identity };
}
