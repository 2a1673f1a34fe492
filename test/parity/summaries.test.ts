import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inferShapes, shapeOf } from '../../src/core/graph/infer';
import type { Layer, LayerGraph, Shape } from '../../src/core/graph/layerGraph';
import { kindNamed } from '../../src/core/layers/catalogue';
import { printSummary } from '../../src/core/summary/printSummary';
import { summarize } from '../../src/core/summary/summarize';
import { readKerasGraph } from '../../src/formats/keras/readGraph';
import { repository, runPython } from '../support/python';

const SCRIPT = 'test/golden/keras-summaries.py';

describe('summaries of models that real Keras describes', () => {
  let graphs: ReadonlyMap<string, LayerGraph>;

  beforeAll(async () => {
    const described: unknown = JSON.parse(await runPython(SCRIPT, ['--json']));
    if (typeof described !== 'object' || described === null) throw new Error('no models');
    graphs = new Map(
      Object.entries(described).map(([name, json]) => [name, withWeights(readKerasGraph(json).graph)]),
    );
  });

  it.each(['small', 'branched', 'vgg16', 'resnet50', 'inception_v3', 'mobilenet_v2'])(
    'prints %s as Keras does',
    (name) => {
      const graph = { ...graphs.get(name)!, sequential: name === 'small' };
      expect(inferShapes(graph).faults).toEqual([]);
      expect(`${printSummary(graph)}\n`).toBe(golden(name));
    },
  );

  it('prints a narrow table as Keras does', () => {
    expect(`${printSummary(graphs.get('branched')!, { lineLength: 61 })}\n`).toBe(golden('branched-61'));
  });

  it.each([
    ['vgg16', 14_714_688, 14_714_688],
    ['resnet50', 23_587_712, 23_534_592],
    ['inception_v3', 21_802_784, 21_768_352],
    ['mobilenet_v2', 2_257_984, 2_223_872],
  ])('counts the parameters of %s', (name, total, trainable) => {
    const summary = summarize(graphs.get(name)!);
    expect(summary.totalParams).toBe(total);
    expect(summary.trainableParams).toBe(trainable);
    expect(summary.nonTrainableParams).toBe(total - trainable);
  });
});

function golden(name: string): string {
  return readFileSync(path.join(repository, 'test/golden/summaries', `${name}.txt`), 'utf8');
}

/** A configuration names no weights: gives each layer those that the catalogue works out. */
function withWeights(graph: LayerGraph): LayerGraph {
  const inference = inferShapes(graph);
  const fill = (layer: Layer): Layer => {
    const inputs = layer.calls[0].inputs.map((tensor) => shapeOf(inference, tensor));
    const specs = kindNamed(layer.kind)!.weights(layer.config, inputs as Shape[]);
    const weights = specs.map(({ initializer, ...spec }) => ({
      ...spec,
      dtype: 'float32' as const,
      source: { from: 'initializer' as const, initializer, seed: 0 },
    }));
    return { ...layer, weights };
  };
  return { ...graph, layers: graph.layers.map(fill) };
}
