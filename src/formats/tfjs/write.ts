import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { sizeOf } from '../../core/graph/layerGraph';
import type { ModelToWrite } from '../format';
import { formatNotes } from '../keras/notes';
import { kerasOrder } from '../keras/kerasOrder';
import { oldWeightName } from '../keras/weightNames';
import { writeModelConfig } from '../keras/writeConfig';
import { replaceWhole } from '../replaceFile';
import { SHARD_BYTES } from './manifest';
import { MODEL_FILE } from './read';
import { t } from '../../l10n/translate';

/** The version of Keras whose keys and weight names we write. */
const KERAS_VERSION = '2.15.0';

/**
 * Writes a folder with a TensorFlow.js layers model: model.json and shards of float32. Weights are asked for and written
 * one at a time.
 * @throws Failure `FORMAT_LAYER` for operations on raw tensors, which TensorFlow.js has no layers for
 */
export async function writeTfjs(model: ModelToWrite, target: string): Promise<void> {
  const config = writeModelConfig(model.graph, 'keras2');
  await replaceWhole(target, async (folder) => {
    await mkdir(folder);
    const layers = kerasOrder(model.graph);
    const entries = layers.flatMap((layer) => layer.weights.map((weight) => ({ layer, weight })));
    const total = entries.reduce((sum, { weight }) => sum + 4 * sizeOf(weight.shape), 0);
    const shards = new ShardWriter(folder, total);
    try {
      for (const { layer, weight } of entries) {
        const values = await model.weights(layer.name, weight);
        if (values.length !== sizeOf(weight.shape)) {
          throw new Failure(
            'work',
            'WEIGHT_SIZE',
            t(
              'layer "{0}", weight "{1}": found {2} numbers, expected {3}',
              layer.name,
              weight.name,
              values.length,
              sizeOf(weight.shape),
            ),
            { layer: layer.name },
          );
        }
        await shards.append(values);
      }
    } finally {
      await shards.close();
    }
    const weights = entries.map(({ layer, weight }) => ({
      name: `${layer.name}/${oldWeightName(layer.kind, weight.name)}`,
      shape: weight.shape,
      dtype: 'float32',
    }));
    const json = {
      format: 'layers-model',
      generatedBy: 'Model Surgery',
      convertedBy: null,
      modelTopology: {
        keras_version: KERAS_VERSION,
        backend: 'tensorflow',
        model_config: config,
      },
      weightsManifest: [{ paths: shards.names, weights }],
      userDefinedMetadata: { modelSurgery: JSON.parse(formatNotes(model.graph, model.labels)) as unknown },
    };
    await writeFile(path.join(folder, MODEL_FILE), JSON.stringify(json));
  });
}

/** Cuts a stream of numbers into shards of 4 MB, named as TensorFlow.js names them. */
class ShardWriter {
  readonly names: readonly string[];
  private index = 0;
  private filled = 0;
  private handle: FileHandle | undefined;

  constructor(
    private readonly folder: string,
    total: number,
  ) {
    const count = Math.ceil(total / SHARD_BYTES);
    this.names = Array.from({ length: count }, (_, index) => `group1-shard${index + 1}of${count}.bin`);
  }

  async append(values: Float32Array): Promise<void> {
    let bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    while (bytes.length > 0) {
      this.handle ??= await open(path.join(this.folder, this.names[this.index]!), 'wx');
      const part = bytes.subarray(0, SHARD_BYTES - this.filled);
      await this.handle.writeFile(part);
      this.filled += part.length;
      bytes = bytes.subarray(part.length);
      if (this.filled === SHARD_BYTES) await this.turnPage();
    }
  }

  async close(): Promise<void> {
    await this.handle?.close();
    this.handle = undefined;
  }

  private async turnPage(): Promise<void> {
    await this.close();
    this.index++;
    this.filled = 0;
  }
}
