import type { LayerConfig } from '../graph/layerGraph';
import type { LayerKind } from './kind';
import { sampleSize } from './weightSpec';

/** What a kind that keeps the shape and has no weights need not say. */
export function elementwise<C extends LayerConfig>(
  kind: Pick<LayerKind<C>, 'name' | 'family' | 'schema'>,
  flopsPerElement: number,
): LayerKind<C> {
  return {
    ...kind,
    arity: [1, 1],
    weights: () => [],
    outputs: (_config, [input]) => [input],
    flops: (_config, [input]) => flopsPerElement * sampleSize(input),
  };
}
