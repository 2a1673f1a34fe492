import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeOnnx } from '../../../../src/formats/onnx/write';
import { openModel } from '../../../../src/formats/registry';
import { openWeights } from '../../../../src/formats/weights';
import { repository } from '../../../support/python';
import { failureOf, temporaryFolder, toWrite } from '../fixtures';
import { modelFile, type NodeText, type TensorText } from './build';

const int64s = (...values: readonly number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(values, BigInt).buffer);

const sizes = (name: string, ...values: readonly number[]): TensorText => ({
  name,
  dims: [values.length],
  type: 7,
  raw: int64s(...values),
});

const IMAGE = [1, 3, 8, 8];
const STEPS = [7, 2, 5];

interface Refused {
  readonly what: string;
  readonly node: Omit<NodeText, 'outputs'>;
  readonly tensors?: readonly TensorText[];
  readonly dims?: readonly number[];
  readonly reason: RegExp;
}

const gates = (...dims: readonly number[]): readonly TensorText[] => [
  { name: 'w', dims },
  { name: 'r', dims: [1, 12, 3] },
];

/** What no layer does is drawn as it is, with the reason; nothing is guessed. */
const REFUSED: readonly Refused[] = [
  {
    what: 'a quantized model',
    node: { op: 'DequantizeLinear', inputs: ['x', 'w'] },
    tensors: [{ name: 'w', dims: [1] }],
    reason: /quantized/,
  },
  {
    what: 'a split of the batch',
    node: { op: 'Split', inputs: ['x', 's'] },
    tensors: [sizes('s', 1)],
    reason: /along the batch/,
  },
  {
    what: 'places of the batch',
    node: { op: 'Gather', inputs: ['x', 's'] },
    tensors: [sizes('s', 0)],
    reason: /along the batch/,
  },
  {
    what: 'a slice by a step of none',
    node: { op: 'Slice', inputs: ['x', 'a', 'b', 'c', 'd'] },
    tensors: [sizes('a', 0), sizes('b', 4), sizes('c', 2), sizes('d', 0)],
    reason: /step is 0/,
  },
  {
    what: 'a window over four axes',
    node: { op: 'MaxPool', inputs: ['x'], ints: { kernel_shape: [1, 1, 1, 1] } },
    reason: /slides over 4 axes/,
  },
  {
    what: 'a window with a thousand gaps',
    node: { op: 'MaxPool', inputs: ['x'], ints: { kernel_shape: [1000, 1], dilations: [2, 1] } },
    reason: /dilated window has 1000 places/,
  },
  {
    what: 'tiles of the batch',
    node: { op: 'Tile', inputs: ['x', 's'] },
    tensors: [sizes('s', 2, 1, 1, 1)],
    reason: /repeats the batch/,
  },
  {
    what: 'gates of another number than the operator has',
    node: { op: 'LSTM', inputs: ['x', 'w', 'r'] },
    tensors: gates(1, 9, 5),
    dims: STEPS,
    reason: /number of rows of W is 9, only 12/,
  },
  {
    what: 'more directions than are said',
    node: { op: 'LSTM', inputs: ['x', 'w', 'r'] },
    tensors: gates(2, 12, 5),
    dims: STEPS,
    reason: /number of directions of W is 2/,
  },
  {
    what: 'steps where the batch should be',
    node: { op: 'LSTM', inputs: ['x', 'w', 'r'] },
    tensors: gates(1, 12, 5),
    dims: STEPS,
    reason: /batch is not where/,
  },
  {
    what: 'a product with another matrix for each sample',
    node: { op: 'MatMul', inputs: ['x', 'w'] },
    tensors: [{ name: 'w', dims: [2, 3, 8, 8] }],
    reason: /not one sample/,
  },
  {
    what: 'numbers that differ from sample to sample',
    node: { op: 'Greater', inputs: ['x', 'w'] },
    tensors: [{ name: 'w', dims: [2, 3, 8, 8] }],
    reason: /not one sample/,
  },
  {
    what: 'batches joined',
    node: { op: 'Concat', inputs: ['x', 'x'] },
    reason: /joins batches/,
  },
];

describe('operators that no layer computes as they are', () => {
  test.each(REFUSED)('$what', async ({ node, tensors = [], dims = IMAGE, reason }) => {
    const after: Readonly<Record<string, number>> = ['Concat', 'Gather', 'Split'].includes(node.op)
      ? { axis: 0 }
      : {};
    const file = await modelFile({
      inputs: [{ name: 'x', dims }],
      tensors,
      nodes: [{ ...node, outputs: ['y'], numbers: after }],
    });
    const { graph, report } = await openModel(file);
    expect(report.map(({ code }) => code)).toEqual(['LAYER_KIND_UNKNOWN']);
    expect(report[0]!.message).toMatch(reason);
    // As if it had never been tried: no layer of what was begun is left.
    expect(graph.layers).toHaveLength(2);
  });
});

describe('weights beside the model', () => {
  test('a small limit puts them there; the model opens with the same numbers', async () => {
    const model = await openModel(path.join(repository, 'samples/digits-0-4.h5'));
    const folder = await temporaryFolder();
    const ready = await toWrite(model);
    await writeOnnx(ready, path.join(folder, 'model.onnx'), 1000);
    expect((await readdir(folder)).sort()).toEqual(['model.onnx', 'model.onnx.data']);
    const again = await openModel(path.join(folder, 'model.onnx'));
    expect(again.report).toEqual([]);
    const ranges = again.graph.layers
      .flatMap(({ weights }) => weights)
      .flatMap(({ source }) => (source.from === 'ranges' ? source.ranges : []));
    expect(ranges.some((range) => range.path.endsWith('model.onnx.data'))).toBe(true);
    const reader = openWeights();
    for (const layer of model.graph.layers) {
      const kernel = layer.weights.find(({ name }) => name === 'kernel');
      if (!kernel) continue;
      const same = again.graph.layers.find(({ name }) => name === layer.name)!.weights[0]!;
      expect(await reader.read(same)).toEqual(await reader.read(kernel));
    }
    await reader.close();
  });

  test("somebody else's file is not written over", async () => {
    const model = await openModel(path.join(repository, 'samples/digits-0-4.h5'));
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'model.onnx.data'), 'mine');
    const failure = await failureOf(writeOnnx(await toWrite(model), path.join(folder, 'model.onnx'), 1000));
    expect(failure).toMatchObject({ kind: 'usage', code: 'FILE_EXISTS' });
    expect(await readdir(folder)).toEqual(['model.onnx.data']);
  });
});
