import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { augmentSchema, type Augment } from '../../src/core/plan/trainingData';
import type { LayerGraph } from '../../src/core/graph/layerGraph';
import { AugmentedEpoch } from '../../src/data/augmentedSamples';
import { batches } from '../../src/data/batches';
import { concurrently } from '../../src/data/concurrently';
import type { Dataset } from '../../src/data/dataset';
import { FinishingThreads } from '../../src/data/finishingThreads';
import { PixelCache } from '../../src/data/pixelCache';
import { PixelSamples } from '../../src/data/pixelSamples';
import type { ImageSize } from '../../src/data/pixels';
import { ImageFiles } from '../../src/data/pixelSource';
import { seededRandom } from '../../src/data/random';
import { shuffled } from '../../src/data/shuffle';
import { openEngine } from '../../src/trainer/engines/engine';
import { Executor } from '../../src/trainer/executor';
import { architecture, valuesOf } from '../support/architectures';
import { repository } from '../support/python';
import { executorOf, sampleGraph } from '../support/sampleNet';

export default 'inputPipeline';

const IMAGES = 2000;
/** As a folder of photographs that somebody made smaller. */
const [HEIGHT, WIDTH] = [240, 320];
const CLASSES = 5;
/** What one measurement takes at most; an epoch where it is faster. */
const MOST_STEPS = 24;

/**
 * Share of the time of training steps that is spent waiting for images, 2,000 JPEGs: on the sample net and on a frozen
 * MobileNetV2 with a head, on wasm; kept decoded as the trainer keeps them, decoded anew for each batch, and augmented.
 */
export async function run(): Promise<Record<string, number>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'jpegs-'));
  try {
    const files = await makeImages(folder);
    await openEngine('wasm');
    const augment = augmentSchema.parse({ flip: 'horizontal', rotate: 0.1, zoom: 0.1, contrast: 0.2 });
    const results: Record<string, number> = {};
    for (const { name, size, batchSize, preprocess, open } of nets) {
      const { executor, graph, trained } = await open();
      begin(executor, graph, trained);
      for (const [how, budget, changes] of [
        ['kept decoded', undefined, undefined],
        ['decoded each time', 0, undefined],
        ['decoded each time and augmented', 0, augment],
      ] as const) {
        const dataset = await datasetOf(files, size, preprocess, budget, changes);
        const { share, perSecond } = await measure(executor, dataset, batchSize);
        results[`${name}, ${how}: waiting share`] = share;
        results[`${name}, ${how}: images/s`] = perSecond;
      }
      executor.dispose();
    }
    return results;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const nets = [
  {
    name: 'sample net',
    size: { height: 28, width: 28, channels: 1 },
    batchSize: 32,
    preprocess: 'unit',
    open: async () => {
      const graph = await sampleGraph();
      return { executor: await executorOf(graph), graph, trained: graph.layers.map(({ name }) => name) };
    },
  },
  {
    name: 'MobileNetV2 head',
    size: { height: 224, width: 224, channels: 3 },
    batchSize: 16,
    preprocess: 'tf',
    open: async () => {
      const graph = withInput(architecture('MobileNetV2'), [null, 224, 224, 3]);
      const executor = await Executor.create(graph, (_layer, weight) => Promise.resolve(valuesOf(weight)));
      return { executor, graph, trained: [graph.layers.at(-1)?.name ?? ''] };
    },
  },
] as const satisfies readonly {
  name: string;
  size: ImageSize;
  batchSize: number;
  preprocess: string;
  open: () => Promise<{ executor: Executor; graph: LayerGraph; trained: readonly string[] }>;
}[];

/** No weight of a convolutional net with global pooling depends on the size of its input. */
function withInput(graph: LayerGraph, batchShape: readonly (number | null)[]): LayerGraph {
  return {
    ...graph,
    layers: graph.layers.map((layer) =>
      layer.kind === 'InputLayer'
        ? { ...layer, config: { ...layer.config, batch_shape: batchShape } }
        : layer,
    ),
  };
}

function begin(executor: Executor, graph: LayerGraph, trained: readonly string[]): void {
  executor.beginPhase({
    trainable: new Set(graph.layers.filter(({ name }) => trained.includes(name)).map(({ id }) => id)),
    optimizer: { kind: 'sgd', learningRate: 0.001, momentum: 0, nesterov: false },
    batchNorm: 'train',
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    seed: 1,
  });
}

/** Steps of an epoch in shuffled order, the first not counted: it waits for the pipeline to fill. */
async function measure(executor: Executor, dataset: Dataset, batchSize: number) {
  const all = Uint32Array.from({ length: dataset.samples }, (_, index) => index);
  const order = shuffled(all, seededRandom(1)).subarray(0, (MOST_STEPS + 1) * batchSize);
  let [waited, computed, steps] = [0, 0, 0];
  let asked = performance.now();
  for await (const { data, shape, labels } of batches(dataset, order, batchSize)) {
    const given = performance.now();
    await executor.trainStep([{ data, shape }], labels);
    // As the trainer does between steps: messages and finished images come in.
    await new Promise((resolve) => setImmediate(resolve));
    const done = performance.now();
    if (steps > 0) [waited, computed] = [waited + given - asked, computed + done - given];
    steps++;
    asked = done;
  }
  const total = waited + computed;
  return { share: waited / total, perSecond: ((steps - 1) * batchSize * 1000) / total };
}

async function datasetOf(
  files: readonly string[],
  size: ImageSize,
  preprocess: 'unit' | 'tf',
  budget: number | undefined,
  augment: Augment | undefined,
): Promise<Dataset> {
  const script = path.join(repository, 'dist', 'images.js');
  if (!existsSync(script)) throw new Error(`no ${script}: run "npm run build"`);
  const threads = new FinishingThreads({ size, preprocess, ...(augment && { augment }), seed: 1 }, script);
  const source = new ImageFiles(files, size, new PixelCache(budget));
  const classes = Array.from({ length: CLASSES }, (_, label) => String(label));
  const labels = Int32Array.from(files, (_, index) => index % CLASSES);
  const samples = new PixelSamples({ classes, labels }, size, source, threads);
  await source.decodeAhead();
  return augment ? new AugmentedEpoch(samples, 1) : samples;
}

/** Windows of one picture of waves and noise, by a fixed seed; as JPEGs they are as large as photographs of their size. */
async function makeImages(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const random = seededRandom(5);
  const [height, width] = [3 * HEIGHT, 3 * WIDTH];
  const pixels = Uint8Array.from({ length: height * width * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return 128 + 60 * Math.sin(x / 13 + y / 29 + (at % 3)) + (random() - 0.5) * 40;
  });
  const picture = sharp(pixels, { raw: { height, width, channels: 3 } });
  const files = Array.from({ length: IMAGES }, (_, index) => path.join(folder, `${index}.jpg`));
  const windows = files.map((file) => ({
    file,
    left: Math.floor(random() * 2 * WIDTH),
    top: Math.floor(random() * 2 * HEIGHT),
  }));
  await concurrently(windows, 4, async ({ file, left, top }) => {
    const window = picture.clone().extract({ left, top, width: WIDTH, height: HEIGHT });
    await window.jpeg({ quality: 90 }).toFile(file);
  });
  return files;
}
