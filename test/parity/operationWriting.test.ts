import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Layer, LayerGraph, TensorRef } from '../../src/core/graph/layerGraph';
import { kindNamed } from '../../src/core/layers/catalogue';
import { normalizeConfig } from '../../src/core/layers/config';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import type { NumberArray } from '../support/computeLayer';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';
import { temporaryFolder } from '../support/temporary';

interface Case {
  readonly kind: string;
  readonly config: Record<string, unknown>;
  readonly inputs: readonly NumberArray[];
  readonly outputs: readonly NumberArray[];
}

type Answers = Readonly<Record<string, { failed?: string; outputs?: readonly NumberArray[] }>>;

const TENSORFLOW = path.join(repository, 'test/fixtures/tensorflow');
const FORMATS = ['keras', 'h5', 'onnx'] as const;

/** What a format has no operation for. */
const isRefused = (format: (typeof FORMATS)[number], { kind, config }: Case): boolean =>
  format === 'onnx' ? config.mode === 'symmetric' : kind === 'ResizeByEdges';

beforeAll(() => openEngine('wasm'));

const isInput = ({ shape }: NumberArray) => shape.length > 0;

/** One layer, fed by inputs (a lone number is a constant) and giving all that it gives. */
function graphOf({ kind, config, inputs, outputs }: Case): LayerGraph {
  const layer = (name: string, kindName: string, raw: unknown, from: readonly TensorRef[]): Layer => ({
    id: name,
    name,
    kind: kindName,
    config: normalizeConfig(kindNamed(kindName)!, raw),
    calls: [{ inputs: from }],
    weights: [],
    trainable: false,
    group: [],
  });
  const ref = (name: string, output = 0): TensorRef => ({ layer: name, call: 0, output });
  const feeds = inputs.map(({ shape, data }, index) =>
    shape.length > 0
      ? layer(`x${index}`, 'InputLayer', { batch_shape: shape }, [])
      : layer(`x${index}`, 'Constant', { shape, value: data }, []),
  );
  const refs = feeds.map(({ name }) => ref(name));
  return {
    name: 'model',
    layers: [...feeds, layer('one', kind, config, refs)],
    inputs: refs.filter((_, index) => isInput(inputs[index]!)),
    outputs: outputs.map((_, output) => ref('one', output)),
  };
}

function gap(found: readonly NumberArray[] | undefined, expected: readonly NumberArray[]): number {
  if (found?.length !== expected.length) return Infinity;
  return Math.max(
    ...expected.map(({ shape, data }, index) => {
      const other = found[index]!;
      if (other.shape.join() !== shape.join()) return Infinity;
      const scale = Math.max(1, ...data.map(Math.abs));
      return Math.max(0, ...data.map((value, at) => Math.abs(value - other.data[at]!) / scale));
    }),
  );
}

async function predict(file: string, inputs: readonly NumberArray[]): Promise<readonly NumberArray[]> {
  const { graph, report } = await openModel(file);
  expect(report, file).toEqual([]);
  const executor = await executorOf(graph);
  try {
    const fed = inputs.map(({ shape, data }) => ({ shape, data: Float32Array.from(data) }));
    return (await executor.predict(fed)).map(({ shape, data }) => ({ shape, data: [...data] }));
  } finally {
    executor.dispose();
  }
}

test('operations on raw tensors answer the same in Keras, in onnxruntime, and opened again', async () => {
  const folder = await temporaryFolder();
  const reader = openWeights();
  const expected = new Map<string, Case>();
  const failed: string[] = [];
  const write = async (name: string, graph: LayerGraph, one: Case) => {
    for (const format of FORMATS) {
      if (isRefused(format, one)) continue;
      const model = `${name}.${format}`;
      await writeModel(
        { graph, weights: (_, weight) => reader.read(weight) },
        path.join(folder, model),
        format,
      );
      await writeFile(
        path.join(folder, `${model}.json`),
        JSON.stringify({ model, inputs: one.inputs.filter(isInput) }),
      );
      expected.set(model, one);
    }
  };
  const cases = JSON.parse(
    await readFile(path.join(TENSORFLOW, 'operations.json'), 'utf8'),
  ) as readonly Case[];
  for (const [index, one] of cases.entries()) {
    if (one.inputs.length === 0) continue;
    await write(`${index}-${one.kind}`, graphOf(one), one).catch((cause: Error) =>
      failed.push(`${one.kind}: ${cause.message}`),
    );
  }
  const { image, features } = JSON.parse(
    await readFile(path.join(TENSORFLOW, 'backbones/answers.json'), 'utf8'),
  ) as Readonly<Record<'image' | 'features', NumberArray>>;
  const { graph } = await openModel(path.join(TENSORFLOW, 'backbones/saved-model'));
  const end = graph.layers.find(({ name }) => name === 'features')!;
  const backbone = { ...graph, outputs: [{ layer: end.id, call: 0, output: 0 }] };
  await write('backbone', backbone, { kind: 'backbone', config: {}, inputs: [image], outputs: [features] });
  await reader.close();

  const answers = JSON.parse(
    await runPython(path.join(repository, 'test/parity/operationWriting.py'), [folder]),
  ) as Answers;
  for (const [model, { inputs, outputs, config }] of expected) {
    const said = answers[model];
    const what = `${model} ${JSON.stringify(config)}`;
    if (said?.failed !== undefined) failed.push(`${what}: ${said.failed.slice(0, 600)}`);
    else if (!(gap(said?.outputs, outputs) < 1e-4)) failed.push(`${what}: other numbers`);
    if (model.endsWith('.onnx')) continue;
    const again = await predict(path.join(folder, model), inputs.filter(isInput)).catch(
      (cause: Error) => cause,
    );
    if (again instanceof Error) failed.push(`${what}: opened again, ${again.message.slice(0, 600)}`);
    else if (!(gap(again, outputs) < 1e-4)) failed.push(`${what}: other numbers, opened again`);
  }
  expect(failed).toEqual([]);
  expect(expected.size).toBeGreaterThan(3 * 95);
});
