import type { Layer, LayerId, TensorRef } from '../../core/graph/layerGraph';
import { tensorKey } from '../../core/graph/layerGraph';
import { kindNamed } from '../../core/layers/catalogue';
import { maskResult } from '../../core/layers/maskFlow';
import { orderCalls } from '../../core/graph/order';
import { t } from '../../l10n/translate';
import { OPERATION_KEY } from './operations';

/** A layer as read, and of which inputs the last tensors of each of its calls are the masks. */
export interface MaskedLayer {
  readonly layer: Layer;
  readonly maskOf: readonly (readonly number[])[];
}

/**
 * Takes out masks that Keras 3 writes into a functional model as operations of their own, `NotEqual` beside an
 * `Embedding`, and as arguments of the layers that heed them. A layer graph needs no such thing: masks follow from the
 * layers. One that does not is somebody's own, and makes the layer that takes it opaque.
 */
export function dissolveMasks(
  masked: readonly MaskedLayer[],
  outputs: readonly TensorRef[],
): readonly Layer[] {
  const layers = masked.map(({ layer }) => layer);
  if (masked.every(({ maskOf }) => maskOf.every((list) => list.length === 0))) return layers;
  const byId = new Map(layers.map((layer) => [layer.id, layer]));
  const plain = masked.map(({ layer, maskOf }) => ({
    ...layer,
    calls: layer.calls.map((call, at) => ({
      ...call,
      inputs: call.inputs.slice(0, call.inputs.length - (maskOf[at]?.length ?? 0)),
    })),
  }));
  const following = followMasks(plain, outputs);
  const settled = masked.map(({ layer, maskOf }, index): Layer => {
    const stripped = plain[index]!;
    if (maskOf.every((list) => list.length === 0)) return layer;
    const agrees = layer.calls.every((call, at) => {
      const masks = call.inputs.slice(stripped.calls[at]!.inputs.length);
      // With states to begin with, a mask reaches a recurrent layer as an argument alone.
      const takesStates =
        kindNamed(layer.kind)?.family === 'recurrent' && stripped.calls[at]!.inputs.length > 1;
      if (takesStates && masks.length > 0) return false;
      return masks.every((mask, which) => {
        const input = stripped.calls[at]!.inputs[maskOf[at]![which]!];
        const own = input && following.get(tensorKey(input));
        return own !== undefined && own === describe(mask, byId);
      });
    });
    if (agrees) return stripped;
    return {
      ...layer,
      opaque: layer.opaque ?? t('it is called with a mask that does not come from its inputs'),
    };
  });
  return withoutUnread(settled, outputs);
}

/** What the mask of each tensor is computed from, in words that `describe` uses for operations too. */
function followMasks(layers: readonly Layer[], outputs: readonly TensorRef[]): ReadonlyMap<string, string> {
  const masks = new Map<string, string>();
  const { calls } = orderCalls({ name: '', layers, inputs: [], outputs });
  for (const { layer, call } of calls) {
    const { inputs } = layer.calls[call]!;
    const found = inputs.map((input) => masks.get(tensorKey(input)));
    const result =
      layer.opaque === undefined
        ? maskResult(
            layer.kind,
            layer.config,
            found.map((mask) => mask !== undefined),
          )
        : undefined;
    const mask = typeof result === 'number' ? found[result] : result && madeBy(layer, inputs, found);
    if (mask !== undefined) masks.set(tensorKey({ layer: layer.id, call, output: 0 }), mask);
  }
  return masks;
}

function madeBy(
  { kind, config }: Layer,
  [first]: readonly TensorRef[],
  masks: readonly (string | undefined)[],
): string | undefined {
  if (!first) return undefined;
  if (kind === 'Embedding') return `${tensorKey(first)} is not 0`;
  if (kind === 'Masking') return `any of ${tensorKey(first)} is not ${String(config.mask_value)}`;
  // Concatenate makes its of more operations than are worth knowing again.
  return kind === 'Concatenate' ? undefined : masks.reduce((a, b) => `(${a} or ${b})`);
}

function describe(
  { layer, call }: TensorRef,
  byId: ReadonlyMap<LayerId, Layer>,
  depth = 0,
): string | undefined {
  const operation = byId.get(layer);
  const inputs = operation?.calls[call]?.inputs ?? [];
  const [first, second] = inputs;
  // As long as a chain of merges; no operation of a mask is deeper.
  if (!operation || !first || depth > 64) return undefined;
  const inner = (input: TensorRef) => describe(input, byId, depth + 1);
  switch (operation.kind) {
    case 'NotEqual': {
      const number = second && byId.get(second.layer);
      const numbers = number?.kind === 'Constant' ? number.config.value : undefined;
      return Array.isArray(numbers) && numbers.length === 1
        ? `${tensorKey(first)} is not ${String(numbers[0])}`
        : undefined;
    }
    case 'Any': {
      const described = inner(first);
      return described === undefined ? undefined : `any of ${described}`;
    }
    case 'LogicalOr':
      return second && `(${inner(first)} or ${inner(second)})`;
    case 'ConvertToTensor':
      return inner(first);
    default:
      return undefined;
  }
}

/** Whether a layer was an operation of `keras.ops`, one that is computed or not. */
const isOperation = ({ kind, config }: Layer) =>
  kindNamed(kind)?.family === 'operation' || OPERATION_KEY in config;

/** Without operations that nothing reads any more. */
function withoutUnread(layers: readonly Layer[], outputs: readonly TensorRef[]): readonly Layer[] {
  let kept = layers;
  for (;;) {
    const read = new Set(
      [...outputs, ...kept.flatMap((layer) => layer.calls.flatMap((call) => call.inputs))].map(
        (tensor) => tensor.layer,
      ),
    );
    const next = kept.filter((layer) => read.has(layer.id) || !isOperation(layer));
    if (next.length === kept.length) return kept;
    kept = next;
  }
}
