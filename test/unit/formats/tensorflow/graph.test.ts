import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { openModel } from '../../../../src/formats/registry';
import { openEngine } from '../../../../src/trainer/engines/engine';
import { executorOf } from '../../../support/sampleNet';
import { failureOf, fixture, graphText, readJson, temporaryFolder } from '../fixtures';

interface Answers {
  readonly x: readonly number[];
  readonly savedModel: readonly number[];
  readonly graphModel: readonly number[];
}

const answers = () => readJson<Answers>('tensorflow/graphs.json');

async function predict(graph: LayerGraph, x: readonly number[]): Promise<readonly number[]> {
  const executor = await executorOf(graph);
  try {
    const [output] = await executor.predict([{ shape: [2, 6, 6, 2], data: Float32Array.from(x) }]);
    return [...(output?.data ?? [])];
  } finally {
    executor.dispose();
  }
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const gaps = found.map((value, index) => Math.abs(value - expected[index]!));
  expect(Math.max(...gaps)).toBeLessThan(1e-5);
}

beforeAll(() => openEngine('wasm'));

describe('a SavedModel', () => {
  test('is drawn as what it serves, operation by operation', async () => {
    const model = await openModel(fixture('tensorflow/saved-model'));
    expect(model).toMatchObject({
      format: 'savedmodel',
      path: fixture('tensorflow/saved-model/saved_model.pb'),
    });
    expect(graphText(model)).toMatchInlineSnapshot(`
      "savedmodel saved-model
      serving_default_image: InputLayer() → (None, 6, 6, 2), 0 params, frozen
      stem_mul: DepthwiseConv2D(serving_default_image) → (None, 6, 6, 2), 2 params, in stem, frozen
        kernel (1, 1, 2, 1) float32 parameter from ranges
      stem_Conv2D: Conv2D(stem_mul) → (None, 3, 3, 4), 72 params, in stem, frozen
        kernel (3, 3, 2, 4) float32 parameter from ranges
      stem_FusedBatchNormV3: BatchNormalization(stem_Conv2D) → (None, 3, 3, 4), 16 params, in stem, frozen
        gamma (4,) float32 parameter from ranges
        beta (4,) float32 parameter from ranges
        moving_mean (4,) float32 statistic from ranges
        moving_variance (4,) float32 statistic from ranges
      stem_Relu6: ReLU(stem_FusedBatchNormV3) → (None, 3, 3, 4), 0 params, in stem, frozen
      Mean: GlobalAveragePooling2D(stem_Relu6) → (None, 4), 0 params, frozen
      matmul: Dense(Mean) → (None, 3), 12 params, frozen
        kernel (4, 3) float32 parameter from ranges
      Softmax: Softmax(matmul) → (None, 3), 0 params, frozen
      Cumsum: Cumsum(Mean) → unknown, 1 params, frozen, opaque
        input_1 () int32 parameter from initializer
      inputs: serving_default_image
      outputs: Softmax, Cumsum
      warning LAYER_KIND_UNKNOWN Cumsum: the operation Cumsum: no layer kind computes it; it can be shown and cut away, not trained
      "
    `);
  });

  test('computes what TensorFlow does where its operations are known', async () => {
    const { graph } = await openModel(fixture('tensorflow/saved-model/saved_model.pb'));
    const { x, savedModel } = await answers();
    expectClose(await predict({ ...graph, outputs: graph.outputs.slice(0, 1) }, x), savedModel);
  });

  test('of Keras 2 is the model that Keras says it was', async () => {
    const model = await openModel(fixture('tensorflow/keras2'));
    expect(graphText(model)).toMatchInlineSnapshot(`
      "savedmodel sequential, sequential
      input_1: InputLayer() → (None, 6, 6, 1), 0 params
      flatten: Flatten(input_1) → (None, 36), 0 params
      dense: Dense(flatten) → (None, 3), 111 params
        kernel (36, 3) float32 parameter from ranges
        bias (3,) float32 parameter from ranges
      inputs: input_1
      outputs: dense
      "
    `);
    expect(await openModel(fixture('tensorflow/keras2/keras_metadata.pb'))).toEqual(model);
    const folder = await temporaryFolder();
    await cp(fixture('tensorflow/keras2'), folder, { recursive: true });
    await rm(path.join(folder, 'keras_metadata.pb'));
    const served = await openModel(folder);
    expect(served.report).toEqual([]);
    const image = Float32Array.from({ length: 72 }, (_, index) => Math.sin(index));
    const input = { shape: [2, 6, 6, 1], data: image };
    const outputs: (readonly number[])[] = [];
    for (const { graph } of [model, served]) {
      const executor = await executorOf(graph);
      outputs.push([...((await executor.predict([input]))[0]?.data ?? [])]);
      executor.dispose();
    }
    expectClose(outputs[0]!, outputs[1]!);
  });

  test('with a description that is none is drawn as what it serves', async () => {
    const folder = await temporaryFolder();
    await cp(fixture('tensorflow/keras2'), folder, { recursive: true });
    await writeFile(path.join(folder, 'keras_metadata.pb'), 'no message');
    const { graph, report } = await openModel(folder);
    expect(graph.layers.map(({ kind }) => kind)).toEqual(['InputLayer', 'Flatten', 'Dense', 'ReLU']);
    expect(report.map(({ code }) => code)).toEqual(['KERAS_METADATA_UNUSED']);
  });

  test('without its variables is drawn without numbers', async () => {
    const folder = await temporaryFolder();
    await cp(fixture('tensorflow/saved-model'), folder, { recursive: true });
    await rm(path.join(folder, 'variables'), { recursive: true });
    const { graph, report } = await openModel(folder);
    expect(graph.layers.some(({ kind }) => kind === 'VarHandleOp')).toBe(true);
    expect(report.some(({ code }) => code === 'LAYER_KIND_UNKNOWN')).toBe(true);
  });
});

describe('a graph model of TensorFlow.js', () => {
  test('computes what TensorFlow does with its quantized numbers', async () => {
    const model = await openModel(fixture('tensorflow/graph-model'));
    expect(model.format).toBe('tfjs-graph');
    expect(model.report).toEqual([]);
    const { x, graphModel } = await answers();
    expectClose(await predict(model.graph, x), graphModel);
  });

  interface Json {
    modelTopology: {
      node: { name: string; op: string; input?: string[]; attr?: Record<string, unknown> }[];
      library?: unknown;
    };
    signature?: unknown;
  }

  /** The model with its description rewritten. */
  async function rewritten(edit: (json: Json) => void): Promise<string> {
    const folder = await temporaryFolder();
    await cp(fixture('tensorflow/graph-model'), folder, { recursive: true });
    const file = path.join(folder, 'model.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as Json;
    edit(json);
    await writeFile(file, JSON.stringify(json));
    return file;
  }
  const nodeOf = ({ modelTopology }: Json, op: string) => modelTopology.node.find((node) => node.op === op)!;

  test('without a signature gives what nothing reads', async () => {
    const model = await openModel(await rewritten((json) => delete json.signature));
    const { x, graphModel } = await answers();
    expectClose(await predict(model.graph, x), graphModel);
  });

  test.each<[string, string, (json: Json) => void]>([
    [
      'an operation that feeds itself',
      'GRAPH_CYCLE',
      (json) => (nodeOf(json, 'Mean').input![0] = nodeOf(json, 'Mean').name),
    ],
    ['an input that nothing makes', 'GRAPH_DANGLING', (json) => (nodeOf(json, 'Mean').input![0] = 'nobody')],
    ['an operation twice', 'GRAPH_NAMES', ({ modelTopology: { node } }) => node.push(node[0]!)],
    [
      'a node that is none',
      'MODEL_CONFIG',
      ({ modelTopology: { node } }) => node.push(JSON.parse('7') as never),
    ],
    [
      'functions that call each other in circles',
      'GRAPH_CYCLE',
      (json) => {
        const call = (name: string) => ({
          signature: { name, inputArg: [{ name: 'x' }], outputArg: [{ name: 'y' }] },
          nodeDef: [],
          ret: { y: 'x' },
        });
        const mean = nodeOf(json, 'Mean');
        const node = (name: string, input: string) => ({
          name,
          op: 'PartitionedCall',
          input: [input],
          attr: { f: { func: { name: 'f' } } },
        });
        json.modelTopology.library = { function: [call('f')] };
        json.modelTopology.node.push(node('a', 'b'), node('b', 'a'));
        mean.input![0] = 'a';
      },
    ],
  ])('%s', async (_, code, edit) => {
    expect(await failureOf(openModel(await rewritten(edit)))).toMatchObject({ kind: 'input', code });
  });

  test('an operation that no kind computes keeps its place, its settings and its constants', async () => {
    const { graph, report } = await openModel(
      await rewritten((json) => (nodeOf(json, 'Mean').op = 'Median')),
    );
    const layer = graph.layers.find(({ kind }) => kind === 'Median');
    expect(layer).toMatchObject({ opaque: 'no layer kind computes it', config: { keep_dims: false } });
    expect(layer?.weights.map(({ name }) => name)).toEqual(['input_1']);
    expect(report).toContainEqual(
      expect.objectContaining({ code: 'LAYER_KIND_UNKNOWN', layer: layer?.name }),
    );
  });
});

describe('a frozen graph', () => {
  test('by any name is known by its content, and computes what TensorFlow does', async () => {
    const file = path.join(await temporaryFolder(), 'saved_model.pb');
    await cp(fixture('tensorflow/frozen.pb'), file);
    const model = await openModel(file);
    expect(model).toMatchObject({ format: 'frozen-graph', path: file, report: [] });
    expect(model.graph.inputs).toHaveLength(1);
    const { x, savedModel } = await answers();
    expectClose(await predict(model.graph, x), savedModel);
  });

  test('of which a node is cut short is refused with the place', async () => {
    const file = path.join(await temporaryFolder(), 'frozen.pb');
    await writeFile(file, (await readFile(fixture('tensorflow/frozen.pb'))).subarray(0, 1500));
    expect(await failureOf(openModel(file))).toMatchObject({ kind: 'input', code: 'PROTO_CORRUPT' });
  });
});

describe('a graph of TensorFlow 1', () => {
  test('is drawn without what only trains and saves it', async () => {
    const { format, graph, report } = await openModel(fixture('tensorflow/name-based.meta'));
    expect(format).toBe('metagraph');
    expect(graph.layers.map(({ kind }) => kind)).toEqual([
      'Constant',
      'Sum',
      'Constant',
      'Sum',
      'Add',
      'Constant',
      'Sum',
      'Add',
    ]);
    expect(report.map(({ code }) => code)).toContain('GRAPH_OUTPUTS_GUESSED');
  });
});

describe('damage', () => {
  const FILES: readonly (readonly [file: string, copied: string])[] = [
    ['saved_model.pb', 'saved-model'],
    ['variables/variables.index', 'saved-model'],
    ['name-based.meta', ''],
    ['name-based.index', ''],
    ['object-based.index', ''],
    ['frozen.pb', ''],
  ];

  test.each(FILES)(
    '%s: 100 times, every one ends in a model or in one failure',
    { timeout: 60_000 },
    async (name, from) => {
      const folder = await temporaryFolder();
      await cp(fixture(`tensorflow/${from}`), folder, { recursive: true });
      const file = path.join(folder, name);
      const good = await readFile(file);
      let state = 7;
      const random = (below: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      };
      for (let round = 0; round < 100; round++) {
        const bad = Uint8Array.from(good.subarray(0, round % 4 === 0 ? random(good.length) : good.length));
        for (let change = 0; change <= random(4) && bad.length > 0; change++)
          bad[random(bad.length)] = random(256);
        await writeFile(file, bad);
        const started = performance.now();
        const outcome: unknown = await openModel(file).catch((cause: unknown) => cause);
        if (outcome instanceof Error) {
          expect(outcome, `round ${round}: ${String(outcome.stack)}`).toBeInstanceOf(Failure);
          expect((outcome as Failure).kind).toBe('input');
        }
        expect(performance.now() - started).toBeLessThan(5000);
      }
    },
  );

  test.each([0, 1, 100, 5000, 20000])('a saved_model.pb cut to %i bytes', async (length) => {
    const file = path.join(await temporaryFolder(), 'saved_model.pb');
    await writeFile(
      file,
      (await readFile(fixture('tensorflow/saved-model/saved_model.pb'))).subarray(0, length),
    );
    const failure = await failureOf(openModel(file));
    expect(failure.kind).toBe('input');
    expect(['NOT_A_MODEL', 'PROTO_CORRUPT']).toContain(failure.code);
  });
});
