import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { inferShapes, shapeOf } from '../../src/core/graph/infer';
import type { Layer, LayerGraph, Shape } from '../../src/core/graph/layerGraph';
import { kindNamed } from '../../src/core/layers/catalogue';
import { NO_STAGE, stagesOf } from '../../src/core/graph/stages';
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
    ['vgg16_top', 138_357_544, 138_357_544],
    ['resnet50_top', 25_636_712, 25_583_592],
    ['inception_v3_top', 23_851_784, 23_817_352],
    ['mobilenet_v2_top', 3_538_984, 3_504_872],
  ])('counts the parameters of %s', (name, total, trainable) => {
    const graph = graphs.get(name)!;
    const summary = summarize(graph);
    expect(inferShapes(graph).faults).toEqual([]);
    expect(summary.totalParams).toBe(total);
    expect(summary.trainableParams).toBe(trainable);
    expect(summary.nonTrainableParams).toBe(total - trainable);
  });

  /** The last layer of each stage, and of the head; a strided layer opens a stage. */
  it.each([
    [
      'vgg16_top',
      [
        'block1_conv2',
        'block2_conv2',
        'block3_conv3',
        'block4_conv3',
        'block5_conv3',
        'block5_pool',
        'predictions',
      ],
    ],
    [
      'resnet50_top',
      [
        'conv1_pad',
        'pool1_pad',
        'conv2_block3_out',
        'conv3_block4_out',
        'conv4_block6_out',
        'conv5_block3_out',
        'predictions',
      ],
    ],
    [
      'mobilenet_v2_top',
      ['input_layer', 'block_1_pad', 'block_3_pad', 'block_6_pad', 'block_13_pad', 'out_relu', 'predictions'],
    ],
  ])('divides %s into stages', (name, expected) => {
    const graph = graphs.get(name)!;
    const stages = stagesOf(graph, inferShapes(graph));
    const last = new Map(graph.layers.map((layer) => [stages.get(layer.id), layer.name]));
    expect([0, 1, 2, 3, 4, 5, NO_STAGE].map((stage) => last.get(stage))).toEqual(expected);
  });

  /** 15.3 billion multiply-adds in its convolutions: Simonyan and Zisserman's VGG16 for a 224×224 image. */
  it('counts the operations of VGG16', () => {
    const graph = graphs.get('vgg16')!;
    const { flops } = inferShapes(graph);
    const total = [...flops.values()].reduce((sum, one) => sum + one, 0);
    expect(total / 2).toBeGreaterThan(15_346_630_656);
    expect(total / 2).toBeLessThan(15_346_630_656 * 1.001);
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
