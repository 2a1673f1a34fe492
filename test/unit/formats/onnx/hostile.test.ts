import { open } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { readOnnx } from '../../../../src/formats/onnx/read';
import { scanFields, WireSource } from '../../../../src/formats/protobuf/wireSource';
import type { WireRange } from '../../../../src/formats/protobuf/wire';
import { WireWriter } from '../../../../src/formats/protobuf/wireWriter';
import { modelBytes, modelFile, type NodeText } from './build';

const bytes = modelBytes({
  nodes: [
    {
      op: 'Conv',
      name: 'conv',
      inputs: ['x', 'w'],
      outputs: ['c'],
      ints: { pads: [1, 1, 1, 1], strides: [2, 2] },
    },
    { op: 'Relu', name: 'act', inputs: ['c'], outputs: ['r'] },
    { op: 'MaxPool', inputs: ['r'], outputs: ['p'], ints: { kernel_shape: [2, 2] } },
    { op: 'Flatten', inputs: ['p'], outputs: ['f'] },
    { op: 'Gemm', name: 'head', inputs: ['f', 'k'], outputs: ['g'] },
    { op: 'Reshape', inputs: ['g', 's'], outputs: ['y'] },
  ],
  tensors: [
    { name: 'w', dims: [2, 3, 3, 3] },
    { name: 'k', dims: [18, 2] },
    { name: 's', dims: [2], type: 7, raw: new Uint8Array(BigInt64Array.of(-1n, 2n).buffer) },
  ],
});

/** Where each field of a message, and of the messages in it, begins and ends. */
async function boundaries(source: WireSource, range: WireRange, depth: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const field of await scanFields(source, range)) {
    found.push(field.offset, field.offset + field.byteLength);
    const inner = depth > 0 && field.type === 'bytes' ? boundaries(source, field, depth - 1) : [];
    found.push(...(await Promise.resolve(inner).catch(() => [])));
  }
  return found;
}

async function outcome(content: Uint8Array): Promise<unknown> {
  return readOnnx(await modelFile(content)).then(
    () => 'read',
    (cause: unknown) => cause,
  );
}

test('cut off at every boundary of a field', async () => {
  const source = WireSource.of(bytes, 'bytes');
  const places = new Set(await boundaries(source, source.whole, 3));
  expect(places.size).toBeGreaterThan(80);
  for (const place of [0, ...places]) {
    if (place === bytes.length) continue;
    const failure = await outcome(bytes.slice(0, place));
    expect(failure, `cut at ${place}`).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ kind: 'input' });
  }
});

/** Numbers from 0 to 1 by a linear congruence: the same ones every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

test('five hundred mutations are read or refused, quickly', async () => {
  const random = seeded(11);
  const began = performance.now();
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const mutated = bytes.slice();
    for (let change = 0; change <= random() * 4; change++) {
      mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256);
    }
    const result = await outcome(mutated);
    if (result === 'read') continue;
    refused++;
    expect(result, `round ${round}`).toBeInstanceOf(Failure);
    expect(result).toMatchObject({ kind: 'input' });
  }
  expect(refused).toBeGreaterThan(100);
  expect(performance.now() - began).toBeLessThan(30_000);
});

test('a gigabyte of weights is not read', async () => {
  const size = 2 ** 30;
  const head = new WireWriter()
    .packedInts(1, [size / 4])
    .int(2, 1)
    .text(8, 'big')
    .openField(9, size);
  const node = new WireWriter().text(1, 'x').text(2, 'y').text(4, 'Relu');
  const input = new WireWriter()
    .text(1, 'x')
    .message(
      2,
      new WireWriter().message(1, new WireWriter().message(2, new WireWriter().message(1, new WireWriter()))),
    );
  const graph = new WireWriter()
    .message(1, node)
    .message(11, input)
    .message(12, new WireWriter().text(1, 'y'));
  const tensor = new WireWriter().openField(5, head.byteLength + size).concat(head);
  const model = new WireWriter().int(1, 8).message(8, new WireWriter().int(2, 17));
  model
    .openField(7, graph.byteLength + tensor.byteLength + size)
    .concat(graph)
    .concat(tensor);
  const file = await modelFile(model.finish());
  const handle = await open(file, 'r+');
  await handle.truncate(model.byteLength + size);
  await handle.close();
  const began = performance.now();
  const before = process.memoryUsage().rss;
  const { graph: read } = await readOnnx(file);
  expect(read.layers.map(({ kind }) => kind)).toEqual(['InputLayer', 'ReLU']);
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  expect(performance.now() - began).toBeLessThan(2000);
});

/** What grows faster than the file that asks for it. */
test.each<[string, (count: number) => readonly NodeText[]]>([
  [
    'tensors joined to themselves',
    (count) =>
      Array.from({ length: count }, (_, index) => {
        const from = index === 0 ? 's' : `j${index - 1}`;
        return { op: 'Concat', inputs: [from, from], outputs: [`j${index}`] };
      }),
  ],
  [
    'nodes that share a name',
    (count) =>
      Array.from({ length: count }, (_, index) => ({
        op: 'Relu',
        name: 'same',
        inputs: [index === 0 ? 'x' : `r${index - 1}`],
        outputs: [`r${index}`],
      })),
  ],
  ['a name of many steps', () => [{ op: 'Relu', name: 'a/'.repeat(200_000), inputs: ['x'], outputs: ['r'] }]],
  [
    'constants of many numbers',
    (count) =>
      Array.from({ length: count }, (_, index) => ({
        op: 'Add',
        inputs: ['x', 'c'],
        outputs: [`a${index}`],
      })),
  ],
])('%s', async (_what, nodesOf) => {
  const file = await modelFile(
    modelBytes({
      inputs: [{ name: 'x', dims: [1, 3, 128, 128] }],
      nodes: [...nodesOf(4000), { op: 'Relu', inputs: ['x'], outputs: ['y'] }],
      tensors: [
        { name: 's', dims: [2], type: 7, raw: new Uint8Array(16) },
        { name: 'c', dims: [1, 3, 128, 128] },
      ],
    }),
  );
  const began = performance.now();
  const model = await readOnnx(file);
  expect(model.graph.outputs).toHaveLength(1);
  expect(performance.now() - began).toBeLessThan(10_000);
});
