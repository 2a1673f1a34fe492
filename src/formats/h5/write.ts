import type { File, Group } from 'h5wasm/node';
import { Failure } from '../../core/failure';
import { sizeOf, type Layer, type WeightRef } from '../../core/graph/layerGraph';
import type { ModelToWrite } from '../format';
import { kerasOrder } from '../keras/kerasOrder';
import { lowerOperations } from '../keras/lowerOperations';
import { formatNotes } from '../keras/notes';
import { writeModelConfig } from '../keras/writeConfig';
import { replaceWhole } from '../replaceFile';
import { untimed } from './library';
import { writeNewFile } from './newFile';
import { NOTES_ATTRIBUTE, WEIGHTS_GROUP } from './read';
import { t } from '../../l10n/translate';

/** The dialect and the order of weights that we write. */
export const KERAS_VERSION = '3.15.1';

/** HDF5's limit on an attribute, less its header; a longer list of names is cut, as Keras does. */
const ATTRIBUTE_BYTES = 64_512;

/** A reference to a text of any length, as HDF5 keeps each in a list. */
const REFERENCE_BYTES = 16;

/**
 * Writes a whole model as `.h5`, as `model.save` of Keras does. Weights are asked for and written one at a time.
 * @throws Failure `LAYER_NAME` for names that HDF5 and Keras cannot hold, `FORMAT_LAYER` for such operations
 */
export async function writeH5(given: ModelToWrite, target: string): Promise<void> {
  const model = await lowerOperations(given);
  const layers = kerasOrder(model.graph);
  layers.forEach(refuseUnwritableName);
  await replaceWhole(target, (temporary) =>
    writeNewFile(temporary, async (file) => {
      const groups = untimed(() => writeStructure(file, model, layers));
      for (const [layer, group] of groups) await writeWeights(group, layer, model);
    }),
  );
}

/** All but the weights. @returns the group of each layer that has some, for them */
function writeStructure(file: File, model: ModelToWrite, layers: readonly Layer[]): Map<Layer, Group> {
  const config = JSON.stringify(writeModelConfig(model.graph, 'keras3'));
  const origin = { keras_version: KERAS_VERSION, backend: 'tensorflow' };
  const attributes = {
    ...origin,
    model_config: config,
    [NOTES_ATTRIBUTE]: formatNotes(model.graph, model.labels),
  };
  for (const [name, text] of Object.entries(attributes)) file.create_attribute(name, text);

  const root = file.create_group(WEIGHTS_GROUP);
  for (const [name, text] of Object.entries(origin)) root.create_attribute(name, text);
  writeTexts(
    root,
    'layer_names',
    layers.map((layer) => layer.name),
  );
  const inner = new Map<Layer, Group>();
  for (const layer of layers) {
    const group = root.create_group(layer.name);
    writeTexts(
      group,
      'weight_names',
      inKerasOrder(layer).map((weight) => `${layer.name}/${weight.name}`),
    );
    if (layer.weights.length > 0) inner.set(layer, group.create_group(layer.name));
  }
  writeTexts(root.create_group('top_level_model_weights'), 'weight_names', []);
  return inner;
}

async function writeWeights(group: Group, layer: Layer, model: ModelToWrite): Promise<void> {
  for (const weight of inKerasOrder(layer)) {
    const data = await numbersOf(model, layer, weight);
    const places = weight.name.split('/');
    const name = places.pop()!;
    untimed(() => {
      const part = places.reduce<Group>(childGroup, group);
      part.create_dataset({ name, data, shape: [...weight.shape], dtype: '<f4' });
    });
  }
}

/** The group of that name in another, made where there is none. */
function childGroup(parent: Group, name: string): Group {
  const present = parent.get(name);
  return present instanceof Object && 'create_group' in present ? present : parent.create_group(name);
}

/** @throws Failure `WEIGHT_SIZE` where there are more or fewer than the weight's shape has */
export async function numbersOf(model: ModelToWrite, layer: Layer, weight: WeightRef): Promise<Float32Array> {
  const data = await model.weights(layer.name, weight);
  const expected = sizeOf(weight.shape);
  if (data.length === expected) return data;
  const found = t(
    'layer "{0}", weight "{1}": found {2} numbers, expected {3}',
    layer.name,
    weight.name,
    data.length,
    expected,
  );
  throw new Failure('work', 'WEIGHT_SIZE', found, { layer: layer.name });
}

/** What trains comes first: Keras reads a layer's weights by their place. */
function inKerasOrder(layer: Layer) {
  const trains = (role: string) => (layer.trainable && role === 'parameter' ? 0 : 1);
  return [...layer.weights].sort((a, b) => trains(a.role) - trains(b.role));
}

function writeTexts(group: Group, name: string, texts: readonly string[]): void {
  if (texts.length === 0) {
    // As NumPy, and so Keras, writes an empty list.
    group.create_attribute(name, new Float64Array(0), [0], '<d');
    return;
  }
  const longest = Math.max(REFERENCE_BYTES, ...texts.map((text) => Buffer.byteLength(text)));
  const perChunk = Math.max(1, Math.floor(ATTRIBUTE_BYTES / longest));
  if (texts.length <= perChunk) {
    group.create_attribute(name, [...texts]);
    return;
  }
  for (let chunk = 0; chunk * perChunk < texts.length; chunk++) {
    group.create_attribute(`${name}${chunk}`, texts.slice(chunk * perChunk, (chunk + 1) * perChunk));
  }
}

function refuseUnwritableName({ name }: Layer): void {
  if (name !== '' && name !== '.' && !name.includes('/') && !name.includes('\0')) return;
  throw new Failure(
    'input',
    'LAYER_NAME',
    t(
      'layer "{0}" cannot be written to .h5: found a name that is empty, "." or has a "/", expected one without; rename the layer',
      name,
    ),
    { layer: name },
  );
}
