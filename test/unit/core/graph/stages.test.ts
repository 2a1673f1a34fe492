import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../../../src/core/graph/infer';
import type { LayerConfig, LayerGraph, Shape } from '../../../../src/core/graph/layerGraph';
import { NO_STAGE, stagesOf } from '../../../../src/core/graph/stages';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';
import { chain, GraphBuilder, type LayerSketch } from '../../support/graphs';

const layer = (kind: string, name: string, config: LayerConfig = {}): LayerSketch => ({
  kind,
  name,
  config: normalizeConfig(kindNamed(kind)!, config),
});
const conv = (name: string, config: LayerConfig = {}) =>
  layer('Conv2D', name, { filters: 4, kernel_size: 3, padding: 'same', ...config });

function stages(graph: LayerGraph): Record<string, number> {
  const found = stagesOf(graph, inferShapes(graph));
  return Object.fromEntries(graph.layers.map(({ id, name }) => [name, found.get(id)!]));
}

const classifier = (input: Shape) =>
  chain(
    input,
    conv('block1_conv'),
    layer('MaxPooling2D', 'block1_pool'),
    layer('ZeroPadding2D', 'block2_pad'),
    conv('block2_conv', { padding: 'valid' }),
    conv('block3_conv', { strides: 2 }),
    layer('GlobalAveragePooling2D', 'pooled'),
    layer('Dense', 'predictions', { units: 3 }),
  );

describe('stagesOf', () => {
  const expected = {
    input_layer: 0,
    block1_conv: 0,
    block1_pool: 1,
    block2_pad: 1,
    block2_conv: 1,
    block3_conv: 2,
    pooled: NO_STAGE,
    predictions: NO_STAGE,
  };

  it('counts resolutions from the input on, and leaves the head out', () => {
    expect(stages(classifier([null, 32, 32, 3]))).toEqual(expected);
  });

  it('is the same for an input of unknown size', () => {
    expect(stages(classifier([null, null, null, 3]))).toEqual(expected);
  });

  it('joins branches in the later stage', () => {
    const build = new GraphBuilder();
    const x = build.input([null, 32, 32, 3]);
    const main = build.add(conv('second', { strides: 2 }), build.add(conv('first'), x));
    const shortcut = build.add(conv('shortcut', { kernel_size: 1, strides: 2 }), x);
    const graph = build.outputs(build.add(layer('Add', 'sum'), main, shortcut));
    expect(stages(graph)).toMatchObject({ first: 0, second: 1, shortcut: 1, sum: 1 });
  });

  it('puts a decoder after its encoder', () => {
    const build = new GraphBuilder();
    const wide = build.add(conv('down1'), build.input([null, 32, 32, 3]));
    const deep = build.add(layer('MaxPooling2D', 'pool'), wide);
    const up = build.add(layer('UpSampling2D', 'up'), deep);
    const graph = build.outputs(build.add(layer('Concatenate', 'skip'), wide, up));
    expect(stages(graph)).toMatchObject({ down1: 0, pool: 1, up: 2, skip: 2 });
  });

  it('leaves squeeze and excite in the stage it works for', () => {
    const build = new GraphBuilder();
    const x = build.add(conv('conv', { strides: 2 }), build.input([null, 32, 32, 3]));
    const squeezed = build.add(layer('GlobalAveragePooling2D', 'squeeze'), x);
    const excited = build.add(layer('Dense', 'excite', { units: 4 }), squeezed);
    const scale = build.add(layer('Reshape', 'reshape', { target_shape: [1, 1, 4] }), excited);
    const scaled = build.add(layer('Multiply', 'scale'), x, scale);
    const graph = build.outputs(build.add(layer('GlobalMaxPooling2D', 'pooled'), scaled));
    expect(stages(graph)).toEqual({
      input_layer: 0,
      conv: 1,
      squeeze: 1,
      excite: 1,
      reshape: 1,
      scale: 1,
      pooled: NO_STAGE,
    });
  });

  it('passes through layers that nobody knows', () => {
    const graph = chain(
      [null, 32, 32, 3],
      layer('MaxPooling2D', 'pool'),
      { kind: 'Lambda', name: 'odd', opaque: 'unknown' },
      layer('MaxPooling2D', 'again'),
    );
    expect(stages(graph)).toMatchObject({ pool: 1, odd: 1, again: 2 });
  });

  it('has none in a network of vectors', () => {
    expect(stages(chain([null, 4], layer('ReLU', 'relu')))).toEqual({
      input_layer: NO_STAGE,
      relu: NO_STAGE,
    });
  });
});
