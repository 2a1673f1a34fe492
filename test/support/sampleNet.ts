import path from 'node:path';
import type { LayerConfig, LayerGraph } from '../../src/core/graph/layerGraph';
import { openModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { Executor } from '../../src/trainer/executor';
import { repository } from './python';

/** The sample net's graph, its layers' configurations rewritten by kind. */
export async function sampleGraph(
  configure: (kind: string, config: LayerConfig) => LayerConfig = (_kind, config) => config,
): Promise<LayerGraph> {
  const { graph } = await openModel(path.join(repository, 'samples/digits-0-4.h5'));
  return {
    ...graph,
    layers: graph.layers.map((layer) => ({ ...layer, config: configure(layer.kind, layer.config) })),
  };
}

export async function executorOf(graph: LayerGraph): Promise<Executor> {
  const reader = openWeights();
  try {
    return await Executor.create(graph, (_layer, weight) => reader.read(weight));
  } finally {
    await reader.close();
  }
}
