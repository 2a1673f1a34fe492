import { sizeOf } from '../../../src/core/graph/layerGraph';
import { showBytes } from '../../../src/core/showBytes';
import type { LayerView } from '../../../src/protocol/editor';
import { t } from '../../../src/l10n/translate';

export { showBytes };

/** Tensors are computed with as float32, whatever a file keeps. */
const ACTIVATION_BYTES = 4;

/** What a layer puts out for one sample; null where a size is known only when data arrives. Bytes. */
export function activationBytes({ outputShape }: Pick<LayerView, 'outputShape'>): number | null {
  if (outputShape === null) return null;
  let numbers = 1;
  for (const size of outputShape.slice(1)) {
    if (size === null) return null;
    numbers *= size;
  }
  return numbers * ACTIVATION_BYTES;
}

/** What a layer's weights take as they are kept. Bytes. */
export function weightBytes({ weights }: Pick<LayerView, 'weights'>): number {
  const known = weightsBytes.get(weights);
  if (known !== undefined) return known;
  const bytes = weights.reduce((sum, weight) => sum + sizeOf(weight.shape) * bytesOf(weight.dtype), 0);
  weightsBytes.set(weights, bytes);
  return bytes;
}

/** Equal layers of a large model have one list of weights between them. */
const weightsBytes = new WeakMap<LayerView['weights'], number>();

/** `float32` takes 4; what has no bits in its name, `bool`, takes one. */
function bytesOf(dtype: string): number {
  return Math.max(1, Number(/\d+$/.exec(dtype)?.[0] ?? 8) / 8);
}

export interface Memory {
  /** Of one sample, over all layers: what training keeps for the backward pass at least. Bytes. */
  readonly activations: number;
  /** Layers whose output has a size that is not known; they are not in `activations`. */
  readonly unknown: number;
  readonly weights: number;
}

const memories = new WeakMap<readonly LayerView[], Memory>();

/** Counted once a list of layers. */
export function memoryOf(layers: readonly LayerView[]): Memory {
  const known = memories.get(layers);
  if (known) return known;
  const memory = countMemory(layers);
  memories.set(layers, memory);
  return memory;
}

function countMemory(layers: readonly LayerView[]): Memory {
  let [activations, unknown, weights] = [0, 0, 0];
  for (const layer of layers) {
    const bytes = activationBytes(layer);
    if (bytes === null) unknown++;
    else activations += bytes;
    weights += weightBytes(layer);
  }
  return { activations, unknown, weights };
}

/** Memory of activations in words, with what is left out. */
export function showActivations({ activations, unknown }: Memory): string {
  return unknown === 0 ? showBytes(activations) : t('at least {0}', showBytes(activations));
}
