import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { File, Group } from 'h5wasm/node';
import type { Layer, LayerGraph } from '../../core/graph/layerGraph';
import type { ModelToWrite } from '../format';
import { writeNewFile } from '../h5/newFile';
import { KERAS_VERSION, numbersOf } from '../h5/write';
import { kerasOrder } from '../keras/kerasOrder';
import { lowerOperations } from '../keras/lowerOperations';
import { formatNotes } from '../keras/notes';
import { writeModelConfig } from '../keras/writeConfig';
import { replaceWhole } from '../replaceFile';
import { CONFIG_ENTRY, METADATA_ENTRY, NOTES_KEY, WEIGHTS_ENTRY } from './entries';
import { classCounter } from './variablePaths';
import { variableCopies, variablePathsOf } from './variables';

/**
 * Writes a model as `model.save("model.keras")` of Keras 3 does. Weights are asked for and written one at a time, to an
 * HDF5 file beside the target that then goes into the archive as it is.
 * @throws Failure `FORMAT_LAYER` for operations that Keras has not
 */
export async function writeKerasArchive(given: ModelToWrite, target: string): Promise<void> {
  const model = await lowerOperations(given);
  const config = JSON.stringify(archiveConfig(model.graph));
  await replaceWhole(target, async (temporary) => {
    const weights = path.resolve(`${temporary}.weights`);
    try {
      await writeWeights(model, weights);
      await pack(temporary, weights, config, metadataOf(model));
    } finally {
      await rm(weights, { force: true });
    }
  });
}

/** A model of one input is called with a tensor, not with a list. */
function archiveConfig(graph: LayerGraph): unknown {
  const { class_name, config } = writeModelConfig(graph, 'keras3');
  const bare = <T>(tensors: readonly T[]) => (tensors.length === 1 ? tensors[0] : tensors);
  return {
    module: 'keras.src.models.functional',
    class_name,
    config: {
      ...config,
      input_layers: bare(config.input_layers),
      output_layers: bare(config.output_layers),
    },
    registered_name: class_name,
    compile_config: null,
  };
}

function metadataOf({ graph, labels }: ModelToWrite): string {
  return JSON.stringify({
    keras_version: KERAS_VERSION,
    date_saved: new Date().toISOString().slice(0, 19).replace('T', '@'),
    [NOTES_KEY]: JSON.parse(formatNotes(graph, labels)) as unknown,
  });
}

async function writeWeights(model: ModelToWrite, target: string): Promise<void> {
  await writeNewFile(target, async (file) => {
    const nameGroup = classCounter();
    for (const layer of kerasOrder(model.graph)) {
      await writeLayer(file, `layers/${nameGroup(layer.kind)}`, layer, model);
    }
  });
}

async function writeLayer(file: File, group: string, layer: Layer, model: ModelToWrite): Promise<void> {
  const places = placesOf(layer);
  const copies = copiesOf(layer);
  const stored = layer.weights.flatMap((weight, index) => [
    { weight, place: places[index]! },
    ...copies.filter(({ of }) => of === weight.name).map(({ place }) => ({ weight, place })),
  ]);
  for (const { weight, place } of stored) {
    const segments = `${group}/${place}`.split('/');
    const name = segments.pop()!;
    const folder = makeGroups(file, segments);
    if (folder.attrs.name === undefined) folder.create_attribute('name', layer.name);
    const data = await numbersOf(model, layer, weight);
    folder.create_dataset({ name, data, shape: [...weight.shape], dtype: '<f4' });
  }
}

/** Of an opaque layer, where its weights were; numbers are their names there. */
function placesOf(layer: Layer): readonly string[] {
  const names = layer.weights.map((weight) => weight.name);
  if (layer.opaque === undefined || !names.every((name) => /(^|\/)\d+$/.test(name))) {
    return variablePathsOf(layer.kind, layer.config, names);
  }
  return names.map((name) => name.replace(/(\d+)$/, 'vars/$1'));
}

function copiesOf({ kind, config, weights, opaque }: Layer) {
  return opaque === undefined
    ? variableCopies(
        kind,
        config,
        weights.map((weight) => weight.name),
      )
    : [];
}

function makeGroups(file: File, segments: readonly string[]): Group {
  return segments.reduce<Group>(
    (parent, name) => {
      const present = parent.get(name);
      return present instanceof Object && 'create_group' in present ? present : parent.create_group(name);
    },
    file.get('/') as Group,
  );
}

/** The weights are stored, not deflated: they would hardly shrink, and are read in place. */
async function pack(target: string, weights: string, config: string, metadata: string): Promise<void> {
  const { ZipFile } = (await import('yazl')).default;
  const archive = new ZipFile();
  archive.addBuffer(Buffer.from(metadata), METADATA_ENTRY, { compress: false });
  archive.addBuffer(Buffer.from(config), CONFIG_ENTRY, { compress: false });
  archive.addFile(weights, WEIGHTS_ENTRY, { compress: false });
  archive.end();
  const failed = new Promise<never>((_, reject) => archive.once('error', reject));
  await Promise.race([pipeline(archive.outputStream, createWriteStream(target)), failed]);
}
