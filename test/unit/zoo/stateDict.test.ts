import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recogniseBackbone } from '../../../src/core/backbone/recognise';
import { inferShapes } from '../../../src/core/graph/infer';
import { sizeOf, type LayerGraph, type Shape } from '../../../src/core/graph/layerGraph';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import type { ModelFile } from '../../../src/formats/format';
import { weightsOnlyGraph } from '../../../src/formats/weightsOnly';
import { GraphBuilder } from '../../../src/zoo/architectures/builder';
import { recognizeStateDict } from '../../../src/zoo/recognize';
import { zooEntry } from '../../../src/zoo/registry';
import { readByPixel, stateDictOf, withCurrentNames } from '../../../src/zoo/stateDict';

/** A file of such weights, whose numbers nobody reads. */
function stateDictFile(shapes: Iterable<readonly [string, Shape]>): ModelFile {
  const source = { from: 'ranges', ranges: [{ path: 'x.pth', offset: 0, byteLength: 4 }] } as const;
  const weights = [...shapes].map(([name, shape]) => ({
    ...{ path: name, shape: shape as readonly number[], dtype: 'float32', source },
  })) as Parameters<typeof weightsOnlyGraph>[1];
  const graph = weightsOnlyGraph('x', weights, '.');
  return { format: 'pytorch', path: 'x.pth', graph, report: [], weightsOnly: true };
}

const shapesOf = (name: string, classes = 1000) => [...stateDictOf(zooEntry(name).build({ classes }))];

describe('a state dict', () => {
  test.each([
    'torchvision-vgg11_bn',
    'torchvision-resnet34',
    'torchvision-mobilenet_v2',
    'torchvision-densenet121',
  ])('of %s is recognized, whatever its classes and its counts of batches', (name) => {
    const counts = [['bn1.num_batches_tracked', []]] as const;
    const recognized = recognizeStateDict(stateDictFile([...shapesOf(name, 7), ...counts]));
    expect(recognized?.entry.name).toBe(name);
    const last = recognized?.graph.layers.at(-1);
    expect(last?.config).toMatchObject({ units: 7, activation: 'linear' });
    const sources = recognized?.graph.layers.flatMap((layer) =>
      layer.weights.map(({ source }) => source.from),
    );
    expect(new Set(sources)).toEqual(new Set(['ranges']));
  });

  test('with a weight more, one less, or one of another shape is of none', () => {
    const shapes = shapesOf('torchvision-resnet18');
    const [name, shape] = shapes[0]!;
    expect(recognizeStateDict(stateDictFile(shapes))?.entry.name).toBe('torchvision-resnet18');
    expect(recognizeStateDict(stateDictFile([...shapes, ['extra.weight', [3]]]))).toBeUndefined();
    expect(recognizeStateDict(stateDictFile(shapes.slice(1)))).toBeUndefined();
    const wider = [[name, [...shape.slice(0, 3), 9]] as const, ...shapes.slice(1)];
    expect(recognizeStateDict(stateDictFile(wider))).toBeUndefined();
    expect(
      recognizeStateDict({ ...stateDictFile(shapes), weightsOnly: undefined } as ModelFile),
    ).toBeUndefined();
  });

  test("of DenseNet has today's names, where its file has those of before", () => {
    const old = shapesOf('torchvision-densenet121').map(
      ([name, shape]) => [name.replace(/(denselayer\d+\.(?:norm|conv))(\d)/, '$1.$2'), shape] as const,
    );
    const { graph } = stateDictFile(old);
    expect(graph.layers.some(({ name }) => name.endsWith('denselayer1.norm.1'))).toBe(true);
    expect(withCurrentNames(graph).layers.some(({ name }) => name.endsWith('denselayer1.norm1'))).toBe(true);
    expect(recognizeStateDict(stateDictFile(old))?.entry.name).toBe('torchvision-densenet121');
  });
});

describe('a file with a state dict of torchvision', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zoo-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('opens as the model, of which it is said how it was told', async () => {
    const file = path.join(folder, 'mine.safetensors');
    await writeFile(file, safetensors(shapesOf('torchvision-mobilenet_v2', 3)));
    const model = await openModel(file);
    expect(model.weightsOnly).toBeUndefined();
    expect(model.report).toEqual([expect.objectContaining({ code: 'ARCHITECTURE_RECOGNIZED' })]);
    expect(inferShapes(model.graph).faults).toEqual([]);
    expect(model.graph).toMatchObject({ name: 'mine', inputs: [expect.anything()] });
    expect(recogniseBackbone(model.graph)).toMatchObject({ family: 'MobileNetV2', preprocess: 'torch' });
    const weights = openWeights();
    const kernel = model.graph.layers.find(({ name }) => name === 'features.0.0')!.weights[0]!;
    expect([kernel.shape, (await weights.read(kernel)).length]).toEqual([[3, 3, 3, 32], 864]);
    await weights.close();
  });

  test('opens as weights alone where one is missing', async () => {
    const file = path.join(folder, 'other.safetensors');
    await writeFile(file, safetensors(shapesOf('torchvision-mobilenet_v2', 3).slice(2)));
    expect(await openModel(file)).toMatchObject({ weightsOnly: true, report: [{ code: 'WEIGHTS_ONLY' }] });
  });
});

/** All zeros. */
function safetensors(shapes: readonly (readonly [string, Shape])[]): Buffer {
  let end = 0;
  const header: Record<string, unknown> = {};
  for (const [name, shape] of shapes) {
    const start = end;
    end += 4 * sizeOf(shape);
    header[name] = { dtype: 'F32', shape, data_offsets: [start, end] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(end)]);
}

describe('a kernel behind a flattened feature map', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zoo-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('is read pixel by pixel, though it is stored channel by channel', async () => {
    const [rows, columns, channels, units] = [2, 3, 4, 5];
    const inputs = rows * columns * channels;
    const file = path.join(folder, 'kernel.bin');
    // The number says where in the file it is: out, then channel, row, column.
    const stored = Float32Array.from({ length: units * inputs }, (_, index) => index);
    await writeFile(file, Buffer.from(stored.buffer));
    const net = new GraphBuilder('net');
    const flat = net.add('Flatten', [net.input([rows, columns, channels])]);
    const graph = readByPixel(transposed(net.finish(net.dense(flat, units)), file, inputs));
    const kernel = graph.layers.at(-1)!.weights[0]!;
    const weights = openWeights();
    const values = await weights.read(kernel);
    await weights.close();
    const expected: number[] = [];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let channel = 0; channel < channels; channel++)
          for (let unit = 0; unit < units; unit++)
            expected.push(unit * inputs + channel * rows * columns + row * columns + column);
    expect([...values]).toEqual(expected);
  });
});

/** The last layer's kernel as a state dict's, transposed. */
function transposed(graph: LayerGraph, file: string, inputs: number): LayerGraph {
  const last = graph.layers.at(-1)!;
  const [kernel, bias] = last.weights;
  const ranges = [{ path: file, offset: 0, byteLength: 4 * inputs * kernel!.shape[1]! }];
  const source = { from: 'ranges', ranges, strides: [1, inputs] } as const;
  return {
    ...graph,
    layers: [...graph.layers.slice(0, -1), { ...last, weights: [{ ...kernel!, source }, bias!] }],
  };
}
