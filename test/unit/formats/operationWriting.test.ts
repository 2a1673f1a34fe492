import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import type { FormatName } from '../../../src/formats/format';
import { openModel, writeModel } from '../../../src/formats/registry';
import { openEngine } from '../../../src/trainer/engines/engine';
import { executorOf } from '../../support/sampleNet';
import { GraphBuilder } from '../support/graphs';
import { failureOf, fixture, readAllWeights, temporaryFolder, toWrite } from './fixtures';

beforeAll(() => openEngine('wasm'));

const write = async (graph: LayerGraph, format: FormatName): Promise<string> => {
  const target = path.join(await temporaryFolder(), `model.${format}`);
  await writeModel(
    { graph, weights: async (_, { shape }) => new Float32Array(shape[0] ?? 1) },
    target,
    format,
  );
  return target;
};

const refusal = (graph: LayerGraph, format: FormatName) => failureOf(write(graph, format));

async function predict(graph: LayerGraph, shape: readonly number[], data: readonly number[]) {
  const executor = await executorOf(graph);
  try {
    const [output] = await executor.predict([{ shape, data: Float32Array.from(data) }]);
    return [...(output?.data ?? [])];
  } finally {
    executor.dispose();
  }
}

/** An input of three numbers, and what is made of it. */
function graphOf(
  make: (build: GraphBuilder, x: ReturnType<GraphBuilder['input']>) => ReturnType<GraphBuilder['input']>,
) {
  const build = new GraphBuilder();
  return build.outputs(make(build, build.input([null, 3])));
}

const constant = (build: GraphBuilder, value: readonly number[]) =>
  build.add({ kind: 'Constant', name: 'numbers', config: { shape: [1, value.length], value } });

describe('an operation on raw tensors', () => {
  const turned = graphOf((build, x) =>
    build.add({ kind: 'Transpose', name: 'turned', config: { axes: [1, 0] } }, x),
  );

  test('is refused by name for TensorFlow.js, with what to do', async () => {
    expect(await refusal(turned, 'tfjs')).toMatchObject({
      kind: 'input',
      code: 'FORMAT_LAYER',
      layer: 'turned',
      message:
        'layer "turned" (Transpose) cannot be written for TensorFlow.js: found an operation on raw tensors, and its layers are those of Keras 2; expected one that TensorFlow.js has; cut it away, or export to onnx or safetensors',
    });
  });

  test.each(['h5', 'keras'] as const)('that Keras has not is refused by name for .%s', async (format) => {
    const build = new GraphBuilder();
    const image = build.input([null, 4, 4, 1]);
    const config = { height: 2, width: 2 };
    const graph = build.outputs(build.add({ kind: 'ResizeByEdges', name: 'small', config }, image));
    expect(await refusal(graph, format)).toMatchObject({ code: 'FORMAT_LAYER', layer: 'small' });
  });

  test.each(['h5', 'keras', 'safetensors'] as const)('comes back from .%s', async (format) => {
    const { graph, report } = await openModel(await write(turned, format));
    expect(report).toEqual([]);
    expect(graph.layers.map(({ name, kind }) => [name, kind])).toEqual([
      ['input_layer', 'InputLayer'],
      ['turned', 'Transpose'],
    ]);
  });
});

describe('a truth', () => {
  test.each(['h5', 'keras'] as const)('that is added up is a number in .%s', async (format) => {
    const graph = graphOf((build, x) => {
      const above = build.add({ kind: 'Greater', name: 'above' }, x, constant(build, [1, 2, 3]));
      return build.add({ kind: 'Sum', name: 'count', config: { axis: [1] } }, above);
    });
    const { graph: again, report } = await openModel(await write(graph, format));
    expect(report).toEqual([]);
    expect(again.layers.map(({ name }) => name)).toContain('above_truth');
    expect(await predict(again, [2, 3], [2, 3, 1, 0, 2, 4])).toEqual([2, 1]);
  });
});

describe('a constant', () => {
  test('that is an output is refused', async () => {
    const build = new GraphBuilder();
    build.input([null, 3]);
    const graph = build.outputs(constant(build, [1, 2, 3]));
    expect(await refusal(graph, 'keras')).toMatchObject({ code: 'FORMAT_LAYER', layer: 'numbers' });
  });

  test('that a layer takes is refused with the layer', async () => {
    const graph = graphOf((build, x) =>
      build.add({ kind: 'Average', name: 'middle' }, x, constant(build, [1, 2, 3])),
    );
    expect(await refusal(graph, 'h5')).toMatchObject({ code: 'FORMAT_LAYER', layer: 'middle' });
  });

  test('of more numbers than fit into a configuration is refused', async () => {
    const build = new GraphBuilder();
    const x = build.input([null, 2 ** 20 + 1]);
    const config = { shape: [1, 2 ** 20 + 1] };
    const graph = build.outputs(build.add('Add', x, build.add({ kind: 'Constant', name: 'big', config })));
    expect(await refusal(graph, 'keras')).toMatchObject({ code: 'FORMAT_LAYER', layer: 'big' });
  });

  test.each(['h5', 'keras', 'onnx', 'safetensors'] as const)(
    'repeated for each sample answers the same from .%s',
    async (format) => {
      const graph = graphOf((build, x) => {
        const each = build.add(
          { kind: 'Constant', name: 'token', config: { shape: [1, 2], value: [7, 9] } },
          x,
        );
        return build.add({ kind: 'Concatenate', name: 'joined' }, each, x);
      });
      const { graph: again } = await openModel(await write(graph, format));
      expect(await predict(again, [2, 3], [1, 2, 3, 4, 5, 6])).toEqual([7, 9, 1, 2, 3, 7, 9, 4, 5, 6]);
    },
  );
});

test('the weights of layers beside operations are where they were', async () => {
  const model = await openModel(fixture('tensorflow/backbones/saved-model'));
  const kernels = async (file: typeof model) => {
    const all = await readAllWeights(file);
    return [...all].filter(([name]) => /kernel|bias/.test(name)).sort(([a], [b]) => a.localeCompare(b));
  };
  const before = await kernels(model);
  expect(before).toHaveLength(3);
  for (const format of ['h5', 'keras', 'safetensors'] as const) {
    const target = path.join(await temporaryFolder(), `model.${format}`);
    await writeModel(await toWrite(model), target, format);
    expect(await kernels(await openModel(target))).toEqual(before);
  }
});
