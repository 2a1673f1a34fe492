import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inferShapes } from '../../../../src/core/graph/infer';
import { onnxFormat } from '../../../../src/formats/onnx/format';
import { openModel } from '../../../../src/formats/registry';
import { openWeights } from '../../../../src/formats/weights';
import { failureOf, fixture, graphText } from '../fixtures';
import { modelBytes, modelFile, type ModelText } from './build';

const conv: ModelText = {
  nodes: [
    {
      op: 'Conv',
      name: '/block/block.0/conv/Conv',
      inputs: ['x', 'w'],
      outputs: ['c'],
      ints: { pads: [1, 1, 1, 1] },
    },
    { op: 'Relu', name: '/block/block.0/act/Relu', inputs: ['c'], outputs: ['r'] },
    { op: 'Mystery', name: '/block/mystery', inputs: ['r', 'w'], outputs: ['m'], domain: 'org.example' },
    { op: 'GlobalAveragePool', inputs: ['m'], outputs: ['p'] },
    { op: 'Flatten', inputs: ['p'], outputs: ['f'] },
    { op: 'Gemm', name: 'head', inputs: ['f', 'k'], outputs: ['y'] },
  ],
  tensors: [
    { name: 'w', dims: [4, 3, 3, 3] },
    { name: 'k', dims: [4, 2] },
  ],
};

describe('the layers of a graph', () => {
  test('names, groups, shapes with channels last; what is not understood is opaque and drawn', async () => {
    const model = await openModel(await modelFile(conv));
    expect(graphText(model)).toBe(`onnx made
x: InputLayer() → (None, 8, 8, 3), 0 params
block.0.conv: Conv2D(x) → (None, 8, 8, 4), 108 params, in block/0
  kernel (3, 3, 3, 4) float32 parameter from ranges
block.0.act: ReLU(block.0.conv) → (None, 8, 8, 4), 0 params, in block/0
block.mystery: org.example.Mystery(block.0.act) → unknown, 108 params, in block, opaque
  w (4, 3, 3, 3) float32 parameter from ranges
p: GlobalAveragePooling2D(block.mystery) → unknown, 0 params
f: Flatten(p) → unknown, 0 params
head: Dense(f) → unknown, 8 params
  kernel (4, 2) float32 parameter from ranges
inputs: x
outputs: head
warning LAYER_KIND_UNKNOWN block.mystery: ONNX org.example.Mystery: its operator is not known; it can be shown and cut away, not trained
`);
  });

  test('a kernel over a flattened image is read in the order of rows, columns, channels', async () => {
    const raw = new Uint8Array(Float32Array.from({ length: 12 }, (_, index) => index).buffer);
    const file = await modelFile({
      inputs: [{ name: 'x', dims: [1, 2, 3, 2] }],
      nodes: [
        { op: 'Flatten', inputs: ['x'], outputs: ['f'] },
        { op: 'Gemm', inputs: ['f', 'k'], outputs: ['y'] },
      ],
      tensors: [{ name: 'k', dims: [12, 1], raw }],
    });
    const { graph } = await openModel(file);
    expect(inferShapes(graph).faults).toEqual([]);
    const reader = openWeights();
    const kernel = await reader.read(graph.layers.at(-1)!.weights[0]!);
    await reader.close();
    // ONNX's index is (channel · 3 + row) · 2 + column.
    expect(Array.from(kernel)).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
  });

  test('content decides: whatever the extension', async () => {
    const file = await modelFile(conv);
    const renamed = path.join(path.dirname(file), 'model.bin');
    await copyFile(file, renamed);
    expect((await openModel(renamed)).format).toBe('onnx');
    expect(await onnxFormat.detect(fixture('keras3/sequential.h5'))).toBe(false);
  });
});

describe('models that are wrong', () => {
  const relu = { op: 'Relu', inputs: ['x'], outputs: ['y'] };
  const cases: readonly (readonly [string, ModelText, string, string])[] = [
    ['no operator set', { nodes: [relu], opset: null }, 'ONNX_OPSET', 'opset_import'],
    ['an old operator set', { nodes: [relu], opset: 6 }, 'ONNX_OPSET', 'version 6'],
    ['no format version', { nodes: [relu], irVersion: null }, 'ONNX_MODEL', 'ir_version'],
    ['no input', { nodes: [{ ...relu, inputs: [] }], inputs: [] }, 'ONNX_MODEL', 'no input'],
    ['no output', { nodes: [relu], outputs: [] }, 'ONNX_MODEL', 'no output'],
    ['a node without an operator', { nodes: [{ ...relu, op: '' }] }, 'ONNX_MODEL', 'op_type'],
    ['an input that nobody makes', { nodes: [{ ...relu, inputs: ['z'] }] }, 'ONNX_DANGLING', '"z"'],
    ['an output that nobody makes', { nodes: [relu], outputs: ['z'] }, 'ONNX_DANGLING', '"z"'],
    ['one tensor made twice', { nodes: [relu, relu] }, 'ONNX_DUPLICATE', '"y"'],
    [
      'two initializers of one name',
      {
        nodes: [relu],
        tensors: [
          { name: 'w', dims: [1] },
          { name: 'w', dims: [1] },
        ],
      },
      'ONNX_DUPLICATE',
      '"w"',
    ],
    [
      'a circle',
      {
        nodes: [
          { op: 'Add', inputs: ['x', 'b'], outputs: ['a'] },
          { op: 'Relu', inputs: ['a'], outputs: ['b'] },
          { op: 'Relu', inputs: ['b'], outputs: ['y'] },
        ],
      },
      'GRAPH_CYCLE',
      'in a circle',
    ],
    [
      'fewer bytes than sizes',
      { nodes: [relu], tensors: [{ name: 'w', dims: [5], raw: new Uint8Array(16) }] },
      'ONNX_TENSOR',
      '16 bytes, expected 20',
    ],
    [
      'absurd sizes',
      { nodes: [relu], tensors: [{ name: 'w', dims: [2 ** 40, 2 ** 40], raw: new Uint8Array(0) }] },
      'ONNX_TENSOR',
      'expected sizes',
    ],
    [
      'sizes below zero',
      { nodes: [relu], tensors: [{ name: 'w', dims: [-1, -4], raw: new Uint8Array(16) }] },
      'ONNX_TENSOR',
      '[-1, -4]',
    ],
    [
      'too many axes',
      { nodes: [relu], tensors: [{ name: 'w', dims: new Array<number>(5000).fill(1) }] },
      'ONNX_TENSOR',
      '5000 axes',
    ],
    ...['../secret.bin', '/etc/passwd', 'a/../../b', '', '.'].map(
      (location) =>
        [
          `external data at "${location}"`,
          { nodes: [relu], tensors: [{ name: 'w', dims: [1], external: { location } }] },
          'ONNX_EXTERNAL',
          "inside the model's folder",
        ] as const,
    ),
    [
      'external data past the end of its file',
      {
        nodes: [relu],
        tensors: [{ name: 'w', dims: [1], external: { location: 'model.onnx', offset: '999999' } }],
      },
      'ONNX_EXTERNAL',
      'bytes 999999 to 1000003',
    ],
  ];

  test.each(cases)('%s', async (_what, model, code, message) => {
    const failure = await failureOf(openModel(await modelFile(model)));
    expect(failure).toMatchObject({ kind: 'input', code });
    expect(failure.message).toContain(message);
  });

  test('another kind of file by that name', async () => {
    const failure = await failureOf(openModel(await modelFile(Buffer.from('not a model at all'))));
    expect(failure).toMatchObject({ kind: 'input', code: 'NOT_A_MODEL' });
  });

  test('names that are not UTF-8', async () => {
    const bytes = Buffer.from(modelBytes(conv));
    const at = bytes.indexOf('mystery');
    bytes[at] = 0xff;
    expect(await failureOf(openModel(await modelFile(bytes)))).toMatchObject({
      kind: 'input',
      code: 'PROTO_TEXT',
    });
  });
});

test('an initializer that a foreign node needs is refused for that node alone', async () => {
  const model = await openModel(
    await modelFile({
      nodes: [{ op: 'Conv', name: 'conv', inputs: ['x', 'w'], outputs: ['y'] }],
      tensors: [{ name: 'w', dims: [4, 3, 3, 3], type: 8 }],
    }),
  );
  expect(model.graph.layers.map((layer) => layer.opaque ?? layer.kind)).toEqual([
    'InputLayer',
    'ONNX Conv: tensor "w" is of text, which is not supported',
  ]);
});
