import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { WeightRef } from '../../src/core/graph/layerGraph';
import { readOnnx } from '../../src/formats/onnx/read';
import { writeOnnx } from '../../src/formats/onnx/write';
import { openModel, writeModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { openEngine } from '../../src/trainer/engines/engine';
import { repository, runPython } from '../support/python';
import { executorOf } from '../support/sampleNet';

const SCRIPT = path.join(repository, 'test/parity/onnx_files.py');
const CACHE = path.join(repository, '.cache/parity/onnx');

/** Less than a model takes, so that its weights go to a file of their own. */
const MANY_BYTES = 1_000_000;

/** An array as the script prints it: float32, base64. */
interface Packed {
  readonly shape: readonly number[];
  readonly data: string;
}

interface Answered {
  readonly name: string;
  readonly path: string;
  readonly input: Packed;
  readonly output: Packed;
}

interface Numbers {
  readonly shape: number[];
  readonly data: Float32Array;
}

function unpack({ shape, data }: Packed): Numbers {
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  return { shape: [...shape], data: new Float32Array(bytes.buffer) };
}

const pack = ({ shape, data }: Numbers): Packed => ({
  shape,
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
});

/** Batch, space, channels, from batch, channels, space. */
function channelsLast({ shape, data }: Numbers): Numbers {
  const [batch = 1, channels = 1, ...space] = shape;
  const area = space.reduce((product, size) => product * size, 1);
  const moved = new Float32Array(data.length);
  for (let image = 0; image < batch; image++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let place = 0; place < area; place++) {
        moved[(image * area + place) * channels + channel] =
          data[(image * channels + channel) * area + place]!;
      }
    }
  }
  return { shape: [batch, ...space, channels], data: moved };
}

/** The largest gap, as a share of the largest number. */
function gapBetween(found: Numbers, expected: Numbers): number {
  expect(found.shape).toEqual(expected.shape);
  const size = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gap = expected.data.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - found.data[index]!)),
    0,
  );
  return gap / size;
}

async function python<T>(...args: string[]): Promise<T> {
  const printed = await runPython(SCRIPT, args);
  return JSON.parse(printed.trim().split('\n').at(-1)!) as T;
}

async function predict(file: string, input: Numbers): Promise<Numbers> {
  const model = await openModel(file);
  expect(model.report).toEqual([]);
  const executor = await executorOf(model.graph);
  try {
    const [output] = await executor.predict([input]);
    return { shape: [...output!.shape], data: Float32Array.from(output!.data) };
  } finally {
    executor.dispose();
  }
}

/** Asked for once, however many tests read the answer. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

beforeAll(async () => {
  await mkdir(CACHE, { recursive: true });
  await openEngine('wasm');
});

describe('models that others exported answer as in onnxruntime', () => {
  let saved: readonly Answered[];
  beforeAll(async () => {
    saved = await python<readonly Answered[]>('export', CACHE);
  });

  // Images of these lie in the file as here.
  const sequences = [
    'sequences',
    'matmul with a transposed constant',
    'matmul from the left',
    'attention by heads, steps first',
    'a learned token and positions',
    'layer normalization by its steps',
    'unit length',
    'choices',
    'functions of one number',
    'powers and quotients',
    'matmul of two tensors',
  ];
  const asTheyAre = new Set(['channels last as TensorFlow exports it', ...sequences]);
  const isSequence = (name: string) => /^(LSTM|GRU|RNN)/.test(name) || asTheyAre.has(name);
  // Reshaped at the end, they come out as ONNX has them.
  const reshaped = new Set(['group normalization as PyTorch writes it']);

  test.each([
    'conv, uneven pads',
    'conv, pads that are not same',
    'conv, same upper',
    'conv, same lower',
    'conv, dilated',
    'conv, groups',
    'conv, depthwise with a multiplier',
    'conv, its bias added after',
    'conv along one axis',
    'transposed conv',
    'max pool of what is below zero',
    'max pool with a ceiling',
    'average pools',
    'flatten, then a dense layer',
    'flatten, normalize, then matmul',
    'flatten at the end',
    'reshape to a vector by a computed shape',
    'channel shuffle',
    'channels last as TensorFlow exports it',
    'squeeze and excite',
    'softmax over channels',
    'softmax of an old version',
    'concat of channels and of rows',
    'arithmetic with constants',
    'arithmetic of tensors',
    'activations',
    'prelu',
    'clip as version 10 writes it',
    'gelu by erf',
    'layer normalization over channels',
    'pad, crop and slice',
    'resize',
    'half precision weights',
    'sequences',
    'conv, dilated and strided',
    'conv of a volume',
    'conv, depthwise along one axis',
    'transposed conv, beyond its kernel',
    'transposed conv, same',
    'transposed conv along one axis',
    'transposed conv of a volume',
    'max pool, dilated',
    'max pool with a ceiling, below zero',
    'average pool with a ceiling',
    'average pool, uneven pads',
    'average pool, its padding counted',
    'gemm with factors',
    'gemm of a transposed matrix',
    'matmul with a transposed constant',
    'matmul from the left',
    'matmul of two tensors',
    'attention by heads, steps first',
    'a learned token and positions',
    'LSTM, every step',
    'LSTM, the last state',
    'LSTM, both ways',
    'GRU resetting after, every step',
    'GRU resetting after, the last state',
    'GRU resetting after, both ways',
    'GRU, every step',
    'GRU, the last state',
    'GRU, both ways',
    'RNN, every step',
    'RNN, the last state',
    'RNN, both ways',
    'LSTM, backwards, all it gives out',
    'LSTM, both ways, its last states',
    'RNN with another activation',
    'instance normalization',
    'group normalization',
    'group normalization as PyTorch writes it',
    'layer normalization over a sample',
    'layer normalization by its steps',
    'unit length',
    'local response',
    'functions of one number',
    'more activations',
    'gelu, exact and not',
    'clip to any limits',
    'powers and quotients',
    'many constants',
    'many channels scaled',
    'sums over axes',
    'choices',
    'split and joined',
    'slices',
    'gathered',
    'depth to space',
    'stretched and tiled',
    'resize to any size',
    'resize to every second',
    'windows of an image',
    'external data',
    'packed floats',
    'resnet18',
    'mobilenet_v2',
    'squeezenet1_1',
    'densenet121',
    'mobilenet_v3_small',
    'efficientnet_b0',
    'convnext_tiny',
    'vgg11_bn',
    'vit_b_16',
    'resnet18 as the new exporter writes it',
    'convnext_tiny as the new exporter writes it',
    'vit_b_16 as the new exporter writes it',
  ])('%s', async (name) => {
    const entry = saved.find((candidate) => candidate.name === name)!;
    const placed = (packed: Packed, asItIs: boolean) => {
      const numbers = unpack(packed);
      return numbers.shape.length < 3 || asItIs ? numbers : channelsLast(numbers);
    };
    const output = await predict(entry.path, placed(entry.input, isSequence(name)));
    const expected = placed(entry.output, isSequence(name) || reshaped.has(name));
    expect(gapBetween(output, expected)).toBeLessThan(1e-5);
  });

  test('every case of the script is one of these', () => {
    expect(saved).toHaveLength(106);
  });
});

describe('files that we write, in onnxruntime', () => {
  const written = once(async () => {
    const models = await python<readonly Answered[]>('keras', CACHE);
    const digits = path.join(repository, 'samples/digits-0-4.h5');
    const image = {
      shape: [2, 28, 28, 1],
      data: Float32Array.from({ length: 1568 }, (_, index) => (index % 17) / 17),
    };
    const sample = {
      name: 'sample',
      path: digits,
      input: pack(image),
      output: pack(await predict(digits, image)),
    };
    const reader = openWeights();
    const entries: Answered[] = [];
    for (const entry of [...models, sample]) {
      const { graph } = await openModel(entry.path);
      const target = path.join(CACHE, `${entry.name}-written.onnx`);
      const model = { graph, weights: (_: string, weight: WeightRef) => reader.read(weight) };
      await writeModel(model, target, 'onnx', { force: true });
      entries.push({ ...entry, path: target });
      if (entry.name !== 'MobileNetV2') continue;
      // As a model is written that is too large for one file.
      const large = path.join(CACHE, 'large', 'model.onnx');
      await rm(path.dirname(large), { recursive: true, force: true });
      await writeOnnx(model, large, MANY_BYTES);
      entries.push({ ...entry, name: 'its weights beside', path: large });
    }
    await reader.close();
    const list = path.join(CACHE, 'written.json');
    await writeFile(list, JSON.stringify(entries));
    const answers = await python<readonly Packed[]>('check', list);
    return new Map(entries.map((entry, index) => [entry.name, { entry, answer: answers[index]! }]));
  });

  test.each([
    'sample',
    'every',
    'signals',
    'volumes',
    'channels_first',
    'images',
    'recurrent_layers',
    'words',
    'VGG16',
    'ResNet50',
    'InceptionV3',
    'MobileNetV2',
    'its weights beside',
  ])('%s answers as Keras does, and opens again here', async (name) => {
    const { entry, answer } = (await written()).get(name)!;
    const expected = unpack(entry.output);
    expect(gapBetween(unpack(answer), expected)).toBeLessThan(1e-5);
    const again = await readOnnx(entry.path);
    expect(again.report).toEqual([]);
    expect(gapBetween(await predict(entry.path, unpack(entry.input)), expected)).toBeLessThan(1e-5);
  });
});
