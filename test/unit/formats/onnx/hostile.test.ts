import { expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { readOnnx } from '../../../../src/formats/onnx/read';
import { scanFields, WireSource } from '../../../../src/formats/protobuf/wireSource';
import type { WireRange } from '../../../../src/formats/protobuf/wire';
import { modelBytes, modelFile } from './build';

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
