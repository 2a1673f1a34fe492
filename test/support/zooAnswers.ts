import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { readNpy } from '../../src/data/npy';
import type { ModelFile } from '../../src/formats/format';
import { openWeights } from '../../src/formats/weights';
import { parameterCount } from '../../src/core/graph/layerGraph';
import { Executor } from '../../src/trainer/executor';
import type { ZooEntry, ZooOptions } from '../../src/zoo/architecture';
import { takeWeights } from '../../src/zoo/takeWeights';
import { largestDifference } from './largestDifference';
import { repository } from './python';

export type ImageSize = readonly [height: number, width: number];

/** What a script has the framework write: images, and what it makes of them. */
export interface Told {
  readonly images: string;
  readonly outputs: string;
}

export interface Agreement {
  /** Statistics counted too. */
  readonly parameters: number;
  /** Both as shares of the largest output of the framework. */
  readonly difference: number;
  readonly spread: number;
}

/** A model of the zoo with weights that the framework saved, on the engine that is open, beside the framework. */
export async function agreement(
  entry: ZooEntry,
  options: ZooOptions,
  file: ModelFile,
  { images, outputs }: Told,
): Promise<Agreement> {
  const graph = takeWeights(entry, entry.build(options), file);
  const weights = openWeights();
  const executor = await Executor.create(graph, (_layer, weight) => weights.read(weight));
  await weights.close();
  try {
    const [given, expected] = [await readNpy(images), await readNpy(outputs)];
    const [found] = await executor.predict([{ shape: given.shape, data: Float32Array.from(given.values) }]);
    if (found?.shape.join() !== expected.shape.join())
      throw new Error(`${entry.name}: found outputs of [${found?.shape}], expected [${expected.shape}]`);
    const half = expected.values.length / 2;
    return {
      parameters: graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
      difference: largestDifference(found.data, expected.values),
      spread: largestDifference(expected.values.subarray(half), expected.values.subarray(0, half)),
    };
  } finally {
    executor.dispose();
  }
}

/** Where the scripts write; made where it is not yet. */
export async function zooParityFolder(name: string): Promise<string> {
  const folder = path.join(repository, '.cache/parity', name);
  await mkdir(folder, { recursive: true });
  return folder;
}
