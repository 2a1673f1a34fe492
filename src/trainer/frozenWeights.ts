import { createHash } from 'node:crypto';
import type { Layer, LayerGraph, WeightRef } from '../core/graph/layerGraph';
import type { Executor } from './executor';

/**
 * Watches that frozen means frozen: the bytes of every weight and statistic of the layers that no phase trains are
 * remembered, as digests, when the weights are read, and compared when the run is over.
 */
export class FrozenWeights {
  private readonly digests = new Map<string, { layer: string; weight: string; digest: string }>();
  private readonly frozen: ReadonlySet<string>;

  /** @param phases the graph of each phase, as frozen there */
  constructor(phases: readonly LayerGraph[]) {
    const trained = new Set(
      phases.flatMap(({ layers }) => layers.filter((layer) => layer.trainable)).map(({ id }) => id),
    );
    const all = phases.flatMap(({ layers }) => layers.map(({ id }) => id));
    this.frozen = new Set(all.filter((id) => !trained.has(id)));
  }

  remember(layer: Layer, weight: WeightRef, values: Float32Array): void {
    if (!this.frozen.has(layer.id)) return;
    this.digests.set(JSON.stringify([layer.id, weight.name]), {
      layer: layer.name,
      weight: weight.name,
      digest: digestOf(values),
    });
  }

  /** `layer/weight` of each that is not what it was, to the byte. */
  async changed(executor: Pick<Executor, 'weight'>): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const { layer, weight, digest } of this.digests.values()) {
      if (digestOf(await executor.weight(layer, weight)) !== digest) changed.push(`${layer}/${weight}`);
    }
    return changed;
  }
}

function digestOf(values: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('base64');
}
