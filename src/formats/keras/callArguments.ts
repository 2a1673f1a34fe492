import type { LayerConfig, TensorRef } from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import { callFlags } from '../../core/layers/callFlags';

/**
 * How Keras 3 calls a layer whose tensors are arguments with names: an entry of `inbound_nodes`.
 * @param write a tensor as Keras 3 writes it
 * @returns nothing for a layer that takes one tensor or a plain list of them
 */
export function writeCallArguments(
  kind: string,
  config: LayerConfig,
  inputs: readonly TensorRef[],
  write: (tensor: TensorRef) => unknown,
): { readonly args: readonly unknown[]; readonly kwargs: Readonly<Record<string, unknown>> } | undefined {
  const tensors = inputs.map(write);
  const [first, ...others] = tensors;
  const { family } = kindNamed(kind) ?? {};
  if (family === 'recurrent') {
    return others.length > 0 ? { args: [first], kwargs: { initial_state: others } } : undefined;
  }
  if (family !== 'attention') return undefined;
  const flags = Object.fromEntries(
    Object.keys(callFlags)
      .filter((key) => config[key] === true)
      .map((key) => [key, true]),
  );
  if (kind === 'Attention' || kind === 'AdditiveAttention') return { args: [tensors], kwargs: flags };
  const names = Array.isArray(config.call_inputs) ? config.call_inputs : ['query', 'value', 'key'];
  const named = Object.fromEntries(tensors.map((tensor, index) => [names[index] as string, tensor]));
  return { args: [], kwargs: { ...named, ...flags } };
}
