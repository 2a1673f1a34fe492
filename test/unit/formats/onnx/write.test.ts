import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Layer, LayerGraph } from '../../../../src/core/graph/layerGraph';
import { openModel, writeModel } from '../../../../src/formats/registry';
import { openWeights } from '../../../../src/formats/weights';
import { openEngine } from '../../../../src/trainer/engines/engine';
import { executorOf } from '../../../support/sampleNet';
import { chain } from '../../support/graphs';
import { failureOf, fixture, temporaryFolder, toWrite } from '../fixtures';

const numbersOf = async (layers: readonly Layer[], name: string): Promise<readonly number[]> => {
  const layer = layers.find((candidate) => candidate.name === name)!;
  const reader = openWeights();
  try {
    return Array.from(await reader.read(layer.weights.find((weight) => weight.name === 'kernel')!));
  } finally {
    await reader.close();
  }
};

describe('a model written and opened again', () => {
  test.each(['keras3/sequential.h5', 'keras3/branches.h5'])('%s has its kernels', async (name) => {
    const model = await openModel(fixture(name));
    const target = path.join(await temporaryFolder(), 'model.onnx');
    await writeModel(await toWrite(model), target, 'onnx');
    const again = await openModel(target);
    expect(again.report).toEqual([]);
    for (const layer of model.graph.layers) {
      if (!layer.weights.some((weight) => weight.name === 'kernel')) continue;
      expect(await numbersOf(again.graph.layers, layer.name)).toEqual(
        await numbersOf(model.graph.layers, layer.name),
      );
    }
  });
});

describe('pooling to a size', () => {
  beforeAll(() => openEngine('wasm'));

  const write = async (kind: string, input: readonly (number | null)[], output: readonly number[]) => {
    const graph = chain([null, ...input], { kind, config: { output_size: output } });
    const target = path.join(await temporaryFolder(), 'model.onnx');
    await writeModel({ graph, weights: () => Promise.resolve(new Float32Array()) }, target, 'onnx');
    return { graph, again: (await openModel(target)).graph };
  };

  test.each([
    ['AdaptiveAveragePooling2D', [6, 4, 2], [3, 4]],
    ['AdaptiveMaxPooling2D', [6, 4, 2], [2, 1]],
    ['AdaptiveAveragePooling1D', [6, 2], [3]],
  ])('%s of %j to %j computes the same', async (kind, input, output) => {
    const { graph, again } = await write(kind, input, output);
    const shape = [2, ...input];
    const size = shape.reduce((all, axis) => all * axis, 1);
    const data = Float32Array.from({ length: size }, (_, at) => Math.sin(7 * at));
    const [before, after] = await Promise.all(
      [graph, again].map(async (each) => {
        const executor = await executorOf(each);
        const [found] = await executor.predict([{ shape, data }]);
        executor.dispose();
        return found;
      }),
    );
    expect(after?.shape).toEqual(before?.shape);
    expect(after?.data.length).toBeGreaterThan(0);
    after?.data.forEach((value, at) => expect(value).toBeCloseTo(before?.data[at] ?? NaN, 5));
  });

  test.each([
    [[5, 4, 2], /5×4/],
    [[null, 4, 2], /None×4/],
  ])('%j to 2×2 has windows of several sizes', async (input, said) => {
    const failure = await failureOf(write('AdaptiveAveragePooling2D', input, [2, 2]));
    expect(failure).toMatchObject({ kind: 'input', code: 'ONNX_LAYER' });
    expect(failure.message).toMatch(said);
  });
});

test('a layer that cannot be expressed is named, and nothing is left behind', async () => {
  const model = await openModel(fixture('keras3/sequential.h5'));
  const ready = await toWrite(model);
  const graph: LayerGraph = {
    ...model.graph,
    layers: model.graph.layers.map((layer) =>
      layer.kind === 'Dense' ? { ...layer, config: { ...layer.config, activation: 'no_such' } } : layer,
    ),
  };
  const folder = await temporaryFolder();
  const failure = await failureOf(writeModel({ ...ready, graph }, path.join(folder, 'model.onnx'), 'onnx'));
  expect(failure).toMatchObject({ kind: 'input', code: 'ONNX_LAYER' });
  expect(failure.message).toMatch(/layer "\w+" \(Dense\) cannot be written to ONNX: .*no_such/);
  expect(await readdir(folder)).toEqual([]);
});

test('weights are asked for one at a time, and of the right size', async () => {
  const model = await openModel(fixture('keras3/sequential.h5'));
  const target = path.join(await temporaryFolder(), 'model.onnx');
  const weights = () => Promise.resolve(new Float32Array(1));
  const failure = await failureOf(writeModel({ graph: model.graph, weights }, target, 'onnx'));
  expect(failure).toMatchObject({ kind: 'work', code: 'WEIGHT_SIZE' });
});
