import { beforeAll, describe, expect, it } from 'vitest';
import { initialValues } from '../../../src/core/initializers/initialValues';
import type { LayerGraph, WeightRef } from '../../../src/core/graph/layerGraph';
import { seedOf } from '../../../src/core/surgery/fresh';
import { openEngine } from '../../../src/trainer/engines/engine';
import { engineForward } from '../../../src/trainer/features/forward';
import { foldBatchNormalization, type Computable } from '../../../src/trainer/program/fold';
import { ARCHITECTURES, architecture, valuesOf } from '../../support/architectures';
import { imageBatch } from '../../support/imageBatch';
import { chain, GraphBuilder } from '../support/graphs';

beforeAll(() => openEngine('wasm'));

const normalizations = ({ layers }: LayerGraph) =>
  layers.filter(({ kind }) => kind === 'BatchNormalization').map(({ name }) => name);

/** Numbers in which no part of a normalization is nothing. */
async function made(layer: string, { name, shape }: WeightRef): Promise<Float32Array> {
  const [minval, maxval] = name === 'moving_variance' ? [0.5, 2] : [-1, 1];
  return initialValues(
    { kind: 'RandomUniform', config: { minval, maxval } },
    shape,
    seedOf(`${layer}/${name}`),
  );
}

/** The largest difference of what the two compute, as a share of the largest number. */
async function difference(model: Computable, folded: Computable): Promise<number> {
  const batch = imageBatch(model.graph, 2);
  const [expected, found] = await Promise.all(
    [model, folded].map(async (each) => {
      const forward = await engineForward(each);
      const [output] = await forward.run([batch]);
      await forward.dispose();
      return output!.data;
    }),
  );
  const largest = expected!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    found!.reduce((most, value, index) => Math.max(most, Math.abs(value - expected![index]!)), 0) / largest
  );
}

describe('normalizations folded into real architectures', () => {
  const left: Readonly<Record<string, number>> = {
    // Those that are before a convolution, or behind a concatenation.
    DenseNet121: 62,
    EfficientNetB0: 0,
    InceptionV3: 0,
    MobileNetV2: 0,
    ResNet50: 0,
  };
  it.each(Object.keys(left))('%s computes the same', async (name) => {
    expect(ARCHITECTURES).toContain(name);
    const model = {
      graph: architecture(name),
      weights: async (_: string, weight: WeightRef) => valuesOf(weight),
    };
    const folded = foldBatchNormalization(model);
    expect(normalizations(folded.graph)).toHaveLength(left[name]!);
    expect(await difference(model, folded)).toBeLessThan(1e-5);
  });
});

describe('a normalization', () => {
  const BEFORE: Readonly<Record<string, Record<string, unknown>>> = {
    Conv2D: { filters: 6, kernel_size: 3, groups: 2 },
    DepthwiseConv2D: { kernel_size: 3, depth_multiplier: 2 },
    SeparableConv2D: { filters: 5, kernel_size: 3, use_bias: false },
    Conv2DTranspose: { filters: 5, kernel_size: 3, strides: 2 },
    Dense: { units: 7, use_bias: false },
  };
  it.each(Object.entries(BEFORE))('after %s is folded into it', async (kind, config) => {
    const graph = chain(
      [null, 9, 9, 4],
      { kind, config },
      { kind: 'BatchNormalization', config: { scale: kind !== 'Dense', center: kind !== 'Conv2D' } },
      'ReLU',
    );
    const folded = foldBatchNormalization({ graph, weights: made });
    expect(normalizations(folded.graph)).toEqual([]);
    expect(await difference({ graph, weights: made }, folded)).toBeLessThan(1e-5);
  });

  it('stays where an activation, another reader or another axis is between', () => {
    const build = new GraphBuilder();
    const input = build.input([null, 8, 8, 3]);
    const convolution = { kind: 'Conv2D', config: { filters: 3, kernel_size: 3, padding: 'same' } };
    const active = build.add(
      { ...convolution, config: { ...convolution.config, activation: 'relu' } },
      input,
    );
    const afterActivation = build.add({ kind: 'BatchNormalization', name: 'after activation' }, active);
    const shared = build.add(convolution, afterActivation);
    const beside = build.add({ kind: 'BatchNormalization', name: 'beside' }, shared);
    const other = build.add(convolution, beside);
    const rows = build.add({ kind: 'BatchNormalization', name: 'rows', config: { axis: 1 } }, other);
    const graph = build.outputs(build.add('Add', rows, shared));
    const folded = foldBatchNormalization({ graph, weights: made });
    expect(normalizations(folded.graph)).toEqual(['after activation', 'beside', 'rows']);
  });

  it('is folded where it is what the model puts out', async () => {
    const graph = chain([null, 4], { kind: 'Dense', config: { units: 3 } }, 'BatchNormalization');
    const folded = foldBatchNormalization({ graph, weights: made });
    expect(folded.graph.layers.map(({ kind }) => kind)).toEqual(['InputLayer', 'Dense']);
    expect(await difference({ graph, weights: made }, folded)).toBeLessThan(1e-5);
  });
});
