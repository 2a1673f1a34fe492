import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parameterCount, sizeOf } from '../../src/core/graph/layerGraph';
import { seedOf } from '../../src/core/surgery/fresh';
import { openWeights } from '../../src/formats/weights';
import { weightsOnlyGraph, type NamedWeight } from '../../src/formats/weightsOnly';
import { openEngine } from '../../src/trainer/engines/engine';
import { Executor } from '../../src/trainer/executor';
import type { ZooOptions } from '../../src/zoo/architecture';
import { zooEntries, zooEntry } from '../../src/zoo/registry';
import { stateDictOf } from '../../src/zoo/stateDict';
import { takeWeights } from '../../src/zoo/takeWeights';
import { largestDifference } from '../support/largestDifference';
import { repository } from '../support/python';

/** What torchvision says, by zoo_torchvision.py. */
interface Golden {
  readonly parameters: number;
  /** SHA-256 of its names and shapes, sorted. */
  readonly stateDict: string;
  readonly url: string;
  readonly top1: number;
  readonly size: number;
  /** By the size of the image. */
  readonly outputs?: Readonly<Record<string, readonly number[]>>;
}

const golden = JSON.parse(
  await readFile(path.join(repository, 'test/golden/zoo-torchvision.json'), 'utf8'),
) as Readonly<Record<string, Golden>>;

const TOLERANCE = 1e-4;
const CLASSES = 5;

const entries = zooEntries().filter(({ source }) => source === 'torchvision');

describe("torchvision's models", () => {
  let folder: string;
  const writtenFor = new Map<string, readonly NamedWeight[]>();
  beforeAll(async () => {
    await openEngine('wasm');
    folder = await mkdtemp(path.join(tmpdir(), 'zoo-torchvision-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('are those of the golden file', () => {
    expect(entries.map(({ name }) => name.replace('torchvision-', ''))).toEqual(Object.keys(golden));
  });

  test.each(entries.map((entry) => [entry.name, entry] as const))('%s has its state dict', (name, entry) => {
    const graph = entry.build();
    const { url, top1, size, ...said } = golden[name.replace('torchvision-', '')]!;
    const names = [...stateDictOf(graph)].map(([path, shape]) => `${path} [${shape.join(', ')}]`).sort();
    const stateDict = createHash('sha256').update(names.join('\n')).digest('hex');
    const parameters = graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0);
    expect({ parameters, stateDict }).toEqual({ parameters: said.parameters, stateDict: said.stateDict });
    expect([entry.weights.top?.url, entry.publishedTop1, entry.input.size]).toEqual([
      url,
      top1,
      [size, size],
    ]);
  });

  test.each(
    Object.entries(golden).flatMap(([model, { outputs = {} }]) =>
      Object.entries(outputs).map(([size, output]) => [model, Number(size), output] as const),
    ),
  )('%s says at %i pixels what torchvision says', async (model, size, expected) => {
    const entry = zooEntry(`torchvision-${model}`);
    const hasTop = !model.startsWith('vgg');
    const options: ZooOptions = hasTop
      ? { classes: CLASSES, classifierActivation: null, inputSize: [size, size] }
      : { includeTop: false, pooling: 'avg', inputSize: [size, size] };
    const built = entry.build(options);
    const file = path.join(folder, `${model}.bin`);
    const written = writtenFor.get(model) ?? (await writeStateDict(file, stateDictOf(built)));
    writtenFor.set(model, written);
    const stored = weightsOnlyGraph(model, written, '.');
    const donor = { format: 'pytorch', path: file, graph: stored, report: [], weightsOnly: true } as const;
    const weights = openWeights();
    const graph = takeWeights(entry, built, donor);
    const executor = await Executor.create(graph, (_layer, weight) => weights.read(weight));
    await weights.close();
    try {
      const data = Float32Array.from(numbers(`image-${size}`, size * size * 3));
      const [output] = await executor.predict([{ shape: [1, size, size, 3], data }]);
      expect(output?.shape).toEqual([1, hasTop ? CLASSES : 512]);
      expect(largestDifference(output?.data ?? [], expected)).toBeLessThan(TOLERANCE);
    } finally {
      executor.dispose();
    }
  });
});

/** Writes made-up weights one after the other, in PyTorch's layouts, and says where each is. */
async function writeStateDict(
  file: string,
  shapes: ReturnType<typeof stateDictOf>,
): Promise<readonly NamedWeight[]> {
  const written: NamedWeight[] = [];
  const handle = await open(file, 'w');
  let offset = 0;
  for (const [name, shape] of shapes) {
    const data = Float32Array.from(numbers(name, sizeOf(shape)), scaleOf(name, shape as readonly number[]));
    await handle.write(new Uint8Array(data.buffer));
    const ranges = [{ path: file, offset, byteLength: data.byteLength }];
    const source = { from: 'ranges', ranges } as const;
    written.push({ path: name, shape: shape as readonly number[], dtype: 'float32', source });
    offset += data.byteLength;
  }
  await handle.close();
  return written;
}

/** As `value` of zoo_torchvision.py. */
function scaleOf(name: string, shape: readonly number[]): (u: number) => number {
  if (shape.length > 1) {
    const bound = Math.sqrt(6 / sizeOf(shape.slice(1)));
    return (u) => (2 * u - 1) * bound;
  }
  if (name.endsWith('running_var')) return (u) => u + 0.5;
  return name.endsWith('weight') ? (u) => 0.4 + 0.6 * u : (u) => (2 * u - 1) * 0.1;
}

/** As `numbers` of zoo_torchvision.py. */
function numbers(name: string, count: number): Float64Array {
  const seed = seedOf(name);
  return Float64Array.from({ length: count }, (_, index) => {
    let x = (seed + Math.imul(index, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  });
}
