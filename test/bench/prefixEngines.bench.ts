import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { sizeOf, type LayerGraph, type WeightRef } from '../../src/core/graph/layerGraph';
import { openEngine } from '../../src/trainer/engines/engine';
import { engineForward, type Forward } from '../../src/trainer/features/forward';
import { onnxForward } from '../../src/trainer/features/onnxForward';
import { foldBatchNormalization, type Computable } from '../../src/trainer/program/fold';
import { architecture, valuesOf } from '../support/architectures';
import { median } from './median';

export default 'prefixEngines';

const SIZE = 224;
const BATCH = 16;
const REPEATS = 5;

/**
 * Images a second of MobileNetV2's layers up to the pooling: on WebAssembly, with its normalizations and without, on one
 * thread and in as many workers as there are cores, and by ONNX Runtime on its threads.
 */
export async function run(): Promise<Record<string, number>> {
  await openEngine('wasm');
  const plain = prefix();
  const folded = foldBatchNormalization(plain);
  const inWorkers = await rateInWorkers(availableParallelism());
  const onnx = await rate(await onnxForward(folded));
  return {
    'wasm images/s': await rate(await engineForward(plain)),
    'wasm folded images/s': await rate(await engineForward(folded)),
    'wasm folded in workers images/s': inWorkers,
    'ONNX Runtime images/s': onnx,
    'ONNX Runtime ÷ wasm in workers': onnx / inWorkers,
  };
}

function prefix(): Computable {
  const { layers, ...graph } = architecture('MobileNetV2');
  const pooling = layers.find(({ kind }) => kind === 'GlobalAveragePooling2D');
  if (!pooling) throw new Error('MobileNetV2 has no pooling');
  const sized: LayerGraph = {
    ...graph,
    layers: layers.map((layer) =>
      layer.kind === 'InputLayer'
        ? { ...layer, config: { ...layer.config, batch_shape: [null, SIZE, SIZE, 3] } }
        : layer,
    ),
    outputs: [{ layer: pooling.id, call: 0, output: 0 }],
  };
  return { graph: sized, weights: async (_: string, weight: WeightRef) => valuesOf(weight) };
}

/** By the median run, after one to warm up. */
async function rate(forward: Forward): Promise<number> {
  const shape = [BATCH, SIZE, SIZE, 3];
  const data = Float32Array.from(
    { length: sizeOf(shape) },
    (_, index) => ((index * 7919) % 2003) / 1001.5 - 1,
  );
  const times: number[] = [];
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const began = performance.now();
    await forward.run([{ data, shape }]);
    times.push(performance.now() - began);
  }
  await forward.dispose();
  const [, ...warm] = times;
  return (BATCH * 1000) / median(warm);
}

/** The sum over workers that compute side by side. */
async function rateInWorkers(count: number): Promise<number> {
  const rates = Array.from(
    { length: count },
    () =>
      new Promise<number>((resolve, reject) => {
        const worker = new Worker(fileURLToPath(import.meta.url));
        worker.once('message', (found: number) => {
          resolve(found);
          void worker.terminate();
        });
        worker.once('error', reject);
      }),
  );
  return (await Promise.all(rates)).reduce((sum, one) => sum + one);
}

if (!isMainThread) {
  await openEngine('wasm');
  parentPort?.postMessage(await rate(await engineForward(foldBatchNormalization(prefix()))));
}
