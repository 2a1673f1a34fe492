import { open } from 'node:fs/promises';
import { Failure } from '../../core/failure';
import { sizeOf, type Layer, type WeightRef } from '../../core/graph/layerGraph';
import type { ModelToWrite } from '../format';
import { kerasOrder } from '../keras/kerasOrder';
import { formatNotes } from '../keras/notes';
import { writeModelConfig } from '../keras/writeConfig';
import { replaceWhole } from '../replaceFile';
import { tensorName } from './architecture';
import { MAX_HEADER_BYTES } from './bounds';
import { LENGTH_BYTES, METADATA } from './header';
import { CONFIG_KEY, NOTES_KEY } from './read';

/** The first tensor begins at a multiple of this, as the library has it. */
const ALIGNMENT = 8;

const SPACE = 0x20;

interface Entry {
  readonly name: string;
  readonly layer: Layer;
  readonly weight: WeightRef;
}

/**
 * Writes float32 tensors named `layer.weight`, with the model's configuration in the metadata, so that the file opens
 * again as the whole model. Weights are asked for and written one at a time. A graph without outputs is written as the
 * weights that it is.
 * @throws Failure `LAYER_NAME` where two tensors would have one name
 */
export async function writeSafetensors(model: ModelToWrite, target: string): Promise<void> {
  const { graph } = model;
  const whole = graph.outputs.length > 0;
  const entries = (whole ? kerasOrder(graph) : graph.layers).flatMap((layer) =>
    layer.weights.map((weight): Entry => ({ name: nameOf(layer, weight, whole), layer, weight })),
  );
  refuseEqualNames(entries);
  const header = formatHeader(entries, {
    format: 'keras',
    ...(whole && {
      [CONFIG_KEY]: JSON.stringify(writeModelConfig(graph, 'own')),
      [NOTES_KEY]: formatNotes(graph, model.labels),
    }),
  });
  await replaceWhole(target, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(header);
      for (const { layer, weight } of entries) {
        const values = await model.weights(layer.name, weight);
        if (values.length !== sizeOf(weight.shape)) throw wrongSize(layer, weight, values.length);
        await file.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      }
    } finally {
      await file.close();
    }
  });
}

/** A weight that stood alone in a file of weights is a layer of its own name. */
function nameOf(layer: Layer, weight: WeightRef, whole: boolean): string {
  return !whole && layer.name === weight.name ? weight.name : tensorName(layer.name, weight.name);
}

function formatHeader(entries: readonly Entry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let end = 0;
  const tensors = entries.map(({ name, weight: { shape } }) => {
    const begin = end;
    end += 4 * sizeOf(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries([[METADATA, metadata], ...tensors])));
  const length = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (length > MAX_HEADER_BYTES) {
    throw new Failure(
      'work',
      'SAFETENSORS_HEADER',
      `the model's configuration: found ${json.length} bytes, expected at most ${MAX_HEADER_BYTES} for safetensors; choose another format`,
    );
  }
  const header = Buffer.alloc(LENGTH_BYTES + length, SPACE);
  header.writeBigUInt64LE(BigInt(length));
  json.copy(header, LENGTH_BYTES);
  return header;
}

function refuseEqualNames(entries: readonly Entry[]): void {
  const taken = new Set<string>([METADATA]);
  for (const { name, layer } of entries) {
    if (taken.has(name)) {
      throw new Failure(
        'input',
        'LAYER_NAME',
        `layer "${layer.name}" cannot be written to safetensors: found the name "${name}" twice, expected names that differ; rename the layer`,
        { layer: layer.name },
      );
    }
    taken.add(name);
  }
}

function wrongSize(layer: Layer, weight: WeightRef, found: number): Failure {
  return new Failure(
    'work',
    'WEIGHT_SIZE',
    `layer "${layer.name}", weight "${weight.name}": found ${found} numbers, expected ${sizeOf(weight.shape)}`,
    { layer: layer.name },
  );
}
