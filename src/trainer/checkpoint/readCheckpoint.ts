import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { access } from 'node:fs/promises';
import { Failure } from '../../core/failure';
import { sizeOf, type Layer, type WeightRef } from '../../core/graph/layerGraph';
import { tensorName } from '../../formats/safetensors/architecture';
import { readHeader, type SafeTensor } from '../../formats/safetensors/header';
import { openWeights } from '../../formats/weights';
import { CHECKPOINT_FILES, listCheckpoints, type FoundCheckpoint } from '../../runs/checkpointFolder';
import type { OptimizerSnapshot } from '../executor';
import { WeightSnapshot } from '../weightStore';
import { t } from '../../l10n/translate';

/** A checkpoint whose files are whole; numbers are read when they are asked for. */
export interface OpenCheckpoint extends FoundCheckpoint {
  /** @throws Failure of kind `input` where the checkpoint is of another model */
  weight(layer: Layer, weight: WeightRef): Promise<Float32Array>;
  /** All weights of some layers as one snapshot, the caller's. */
  weightsOf(layers: readonly Layer[]): Promise<WeightSnapshot>;
  optimizer(): Promise<OptimizerSnapshot>;
  /** The best epoch's weights, where they are others; the caller's. */
  best(): Promise<WeightSnapshot | undefined>;
}

/**
 * The newest checkpoint of a run that is whole, and what was wrong with newer ones.
 * @throws Failure of kind `input` (`NO_CHECKPOINT`) where there is none
 */
export async function newestCheckpoint(
  run: string,
): Promise<{ readonly checkpoint: OpenCheckpoint; readonly passedOver: readonly Failure[] }> {
  const passedOver: Failure[] = [];
  for (const found of await listCheckpoints(run)) {
    try {
      return { checkpoint: await openCheckpoint(found), passedOver };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      passedOver.push(error);
    }
  }
  const [first] = passedOver;
  throw new Failure(
    'input',
    'NO_CHECKPOINT',
    first
      ? t('{0}: found no whole checkpoint to resume from: {1}; start the plan anew', run, first.message)
      : t('{0}: found no whole checkpoint to resume from; start the plan anew', run),
    { path: run },
  );
}

/** @throws Failure of kind `input` where a file is missing or not whole */
export async function openCheckpoint(found: FoundCheckpoint): Promise<OpenCheckpoint> {
  const at = (name: string) => path.join(found.folder, name);
  const weights = await tensorsOf(at(CHECKPOINT_FILES.weights));
  const slots = await tensorsOf(at(CHECKPOINT_FILES.optimizer));
  const hasBest = await access(at(CHECKPOINT_FILES.best)).then(
    () => true,
    () => false,
  );
  const best = hasBest ? await tensorsOf(at(CHECKPOINT_FILES.best)) : undefined;
  const weightOf = async (layer: Layer, weight: WeightRef) => {
    const tensor = weights.get(tensorName(layer.name, weight.name));
    if (tensor && sizeOf(tensor.shape) === sizeOf(weight.shape)) return read(tensor);
    throw new Failure(
      'input',
      'CHECKPOINT_MODEL',
      tensor
        ? t(
            '{0}: found another shape for weight "{1}" of layer "{2}", expected the checkpoint of this model',
            found.folder,
            weight.name,
            layer.name,
          )
        : t(
            '{0}: found no weight "{1}" of layer "{2}", expected the checkpoint of this model',
            found.folder,
            weight.name,
            layer.name,
          ),
      { path: found.folder, layer: layer.name },
    );
  };
  return {
    ...found,
    weight: weightOf,
    async weightsOf(layers) {
      const pairs = layers.flatMap((layer) => layer.weights.map((weight) => ({ layer, weight })));
      const tensors: WeightSnapshot['tensors'][number][] = [];
      for (const { layer, weight } of pairs) {
        const tensor = toTensor(await weightOf(layer, weight), weight.shape);
        tensors.push({ layer: layer.name, weight: weight.name, tensor });
      }
      return new WeightSnapshot(tensors);
    },
    async optimizer() {
      const read = await Promise.all([...slots.values()].map(slotOf));
      return { ...found.state.optimizer, slots: read };
    },
    best: async () => best && new WeightSnapshot(await Promise.all([...best.values()].map(bestOf))),
  };
}

async function slotOf(tensor: SafeTensor): Promise<OptimizerSnapshot['slots'][number]> {
  const [weight, slot] = pairOf(tensor);
  return { weight, slot, shape: tensor.shape, values: await read(tensor) };
}

async function bestOf(tensor: SafeTensor): Promise<WeightSnapshot['tensors'][number]> {
  const [layer, weight] = pairOf(tensor);
  return { layer, weight, tensor: toTensor(await read(tensor), tensor.shape) };
}

const toTensor = (values: Float32Array, shape: readonly number[]) =>
  tf.keep(tf.tensor(values, [...shape], 'float32'));

/** Names of two parts, either of which may hold anything. */
function pairOf({ name }: SafeTensor): readonly [string, string] {
  const pair: unknown = JSON.parse(name);
  if (Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string')
    return [pair[0], pair[1]];
  throw new Failure('input', 'CHECKPOINT_BROKEN', t('found the tensor {0}, expected a pair of names', name));
}

async function tensorsOf(file: string): Promise<ReadonlyMap<string, SafeTensor>> {
  const { tensors } = await readHeader(file);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

async function read({ name, shape, source }: SafeTensor): Promise<Float32Array> {
  const reader = openWeights();
  try {
    return await reader.read({ name, shape, dtype: 'float32', role: 'parameter', source });
  } finally {
    await reader.close();
  }
}
