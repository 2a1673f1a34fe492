import { Failure } from '../../core/failure';
import { orderCalls, type CallSite } from '../../core/graph/order';
import {
  tensorKey,
  type Layer,
  type LayerConfig,
  type LayerGraph,
  type TensorRef,
} from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import type { ForwardEntry } from '../layers/forward';
import type { Masking } from '../layers/masking';
import { forwardOf } from '../layers/registry';
import { spreadMasks } from './masks';
import { t } from '../../l10n/translate';

/** One step of a program: a call of a layer, with tensors by key. */
export interface ProgramCall {
  readonly layer: Layer;
  readonly call: number;
  readonly config: LayerConfig;
  readonly entry: ForwardEntry;
  readonly inputs: readonly string[];
  /** By index, as far as anything reads them. */
  readonly outputs: readonly string[];
  /** Keys of the masks of its inputs, by input, where it heeds them. */
  readonly masks?: readonly (string | undefined)[];
  /** A mask that it makes beside its outputs. */
  readonly mask?: { readonly key: string; readonly make: NonNullable<Masking['make']> };
}

/** Everything that a call reads. */
export function keysReadBy({ inputs, masks = [] }: ProgramCall): readonly string[] {
  return [...inputs, ...masks.filter((key) => key !== undefined)];
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
  if (cyclic.length > 0) throw cannotTrain(cyclic[0], t('feeds itself, expected an order to compute in'));
  const inputs = graph.inputs.map((tensor) => {
    const layer = graph.layers.find(({ id }) => id === tensor.layer);
    if (!layer) throw new Error(`input ${tensor.layer} is not a layer of the graph`);
    return { key: tensorKey(tensor), layer };
  });
  const outputs = graph.outputs.map(tensorKey);
  const fed = new Set(inputs.map(({ key }) => key));
  const needed = new Map<string, number>();
  const need = (tensor: TensorRef) => {
    if (fed.has(tensorKey(tensor))) return;
    const site = siteKey(tensor);
    needed.set(site, Math.max(needed.get(site) ?? 0, tensor.output + 1));
  };
  graph.outputs.forEach(need);
  const calls: ProgramCall[] = [];
  for (const site of sites.toReversed()) {
    const outputs = needed.get(siteKey({ layer: site.layer.id, call: site.call }));
    if (outputs === undefined) continue;
    calls.push(compileCall(site, outputs));
    site.layer.calls[site.call].inputs.forEach(need);
  }
  return { calls: spreadMasks(calls.reverse()), inputs, outputs };
}

const siteKey = ({ layer, call }: Omit<TensorRef, 'output'>): string => `${layer}\u0000${call}`;

/** @param count how many of its outputs are of interest, the first so many */
function compileCall({ layer, call }: CallSite, count: number): ProgramCall {
  if (layer.opaque !== undefined) throw cannotTrain(layer, t('cannot be computed: {0}', layer.opaque));
  if (layer.kind === 'InputLayer') {
    throw cannotTrain(layer, t("is not among the graph's inputs, expected every InputLayer to be fed"));
  }
  const entry = forwardOf(layer.kind);
  if (!entry) throw cannotTrain(layer, t('is of kind {0}, which no engine computes', layer.kind));
  const refusal = entry.refuses(layer.config);
  if (refusal !== undefined) throw cannotTrain(layer, t('has {0}', refusal));
  const inputs = layer.calls[call].inputs.map(tensorKey);
  const outputs = Array.from({ length: count }, (_, output) => tensorKey({ layer: layer.id, call, output }));
  return { layer, call, config: layer.config, entry, inputs, outputs };
}

export function cannotTrain(layer: Layer, reason: string): Failure {
  const message = t(
    'layer "{0}" ({1}) {2}; cut it away, replace or freeze it',
    layer.name,
    layer.kind,
    reason,
  );
  return new Failure('input', 'LAYER_CANNOT_TRAIN', message, { layer: layer.name });
}

/**
 * The program with the softmax, or the sigmoid, at its end left off, so that its output are logits; nothing where it does
 * not end in one, or where something else reads that tensor.
 */
export function withoutActivation(program: Program, activation: 'softmax' | 'sigmoid'): Program | undefined {
  const last = program.calls.at(-1);
  const [output] = program.outputs;
  if (!last || program.outputs.length !== 1 || last.outputs[0] !== output) return undefined;
  const end = callWithout(last, activation);
  return end && { ...program, calls: [...program.calls.slice(0, -1), end] };
}

function callWithout(call: ProgramCall, activation: 'softmax' | 'sigmoid'): ProgramCall | undefined {
  // A recurrent layer's is inside its steps.
  const isLast = kindNamed(call.layer.kind)?.family !== 'recurrent';
  if (isLast && call.config.activation === activation) {
    return { ...call, config: { ...call.config, activation: 'linear' } };
  }
  const identity = forwardOf('Identity');
  const isSoftmax = activation === 'softmax' && call.layer.kind === 'Softmax' && call.config.axis === -1;
  return isSoftmax && identity ? { ...call, config: {}, entry: identity } : undefined;
}
