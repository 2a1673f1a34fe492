import { dataSamples } from './data';
import { documentSamples } from './documents';
import { modelSamples } from './models';
import type { Sample } from './sample';

/** What is fuzzed: every format of models and of data that is read, and what the product writes itself. */
export const FUZZED = [
  ...([
    'h5',
    'keras',
    'tfjs',
    'tfjs-graph',
    'savedmodel',
    'frozen-graph',
    'checkpoint',
    'metagraph',
  ] as const),
  ...(['pytorch', 'safetensors', 'onnx', 'npy', 'npz', 'idx', 'cifar', 'table', 'image'] as const),
  ...(['recipe', 'plan', 'run'] as const),
] as const;

export type FuzzedName = (typeof FUZZED)[number];

/** @param root the folder `test/fixtures` */
export async function corpusIn(root: string): Promise<Readonly<Record<FuzzedName, readonly Sample[]>>> {
  return { ...modelSamples(root), ...(await dataSamples(root)), ...documentSamples(root) };
}
