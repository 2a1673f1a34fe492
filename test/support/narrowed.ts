import type { LayerGraph } from '../../src/core/graph/layerGraph';
import { inferShapes } from '../../src/core/graph/infer';
import { kindNamed } from '../../src/core/layers/catalogue';
import type { WeightSpec } from '../../src/core/layers/kind';
import { freshWeight } from '../../src/core/surgery/fresh';
import { inputShapes } from '../../src/core/surgery/materialize';
import { exportModel } from '../../src/formats/exportModel';

/**
 * An architecture with a fraction of the channels: every layer, name and connection is there, and it trains in a test.
 * Its weights start from their initializers.
 */
export function narrowed(graph: LayerGraph, divisor: number): LayerGraph {
  const widths = new Set(['filters', 'units']);
  const narrow = (value: unknown) =>
    typeof value === 'number' ? Math.max(1, Math.round(value / divisor)) : value;
  const layers = graph.layers.map((layer) => {
    const config = Object.entries(layer.config).map(
      ([key, value]) => [key, widths.has(key) ? narrow(value) : value] as const,
    );
    return { ...layer, config: Object.fromEntries(config), weights: [] };
  });
  const inference = inferShapes({ ...graph, layers });
  const weighted = layers.map((layer) => {
    const specs = kindNamed(layer.kind)?.weights(layer.config, inputShapes(inference, layer) ?? []) ?? [];
    return { ...layer, weights: specs.map((spec) => freshWeight(layer, keepingSizes(spec))) };
  });
  return { ...graph, layers: weighted };
}

/** He and others' start, which does not let what deep layers say die away as Keras's own does. */
function keepingSizes(spec: WeightSpec): WeightSpec {
  if (spec.name !== 'kernel') return spec;
  return { ...spec, initializer: { kind: 'HeNormal', config: {} } };
}

/** Writes a graph whose weights start from their initializers, as `zoo get --random` does. */
export async function writeRandom(graph: LayerGraph, target: string): Promise<void> {
  const file = { format: 'h5', path: `random ${graph.name}`, graph, report: [] } as const;
  await exportModel({ file, graph, faults: [] }, target, 'h5');
}
