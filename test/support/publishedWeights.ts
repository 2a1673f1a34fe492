import type { Group } from 'h5wasm/node';
import { sizeOf, type LayerGraph } from '../../src/core/graph/layerGraph';
import { kerasOrder } from '../../src/formats/keras/kerasOrder';
import { allowFile, loadH5 } from '../../src/formats/h5/library';

/**
 * A weights-only `.h5` as `keras.applications` publishes them: `layer_names` at the root, each layer's weights in a group
 * of its name. All numbers of the weight `w` of the layer `l`, counted in Keras's order, are `l + w / 16`.
 *
 * @param nameOf what the file calls a layer: names that Keras made up differ from session to session
 */
export async function publishWeights(
  graph: LayerGraph,
  file: string,
  nameOf: (name: string, at: number) => string = (name) => name,
): Promise<void> {
  const library = await loadH5();
  const forbid = allowFile(file);
  const h5 = new library.File(file, 'w');
  const layers = kerasOrder(graph).map((layer, at) => ({ ...layer, name: nameOf(layer.name, at) }));
  h5.create_attribute('backend', 'tensorflow');
  h5.create_attribute(
    'layer_names',
    layers.map(({ name }) => name),
  );
  for (const [at, { name, weights }] of layers.entries()) {
    const group = h5.create_group(name);
    if (weights.length === 0) group.create_attribute('weight_names', new Float64Array(0), [0], '<d');
    else
      group.create_attribute(
        'weight_names',
        weights.map((weight) => `${name}/${weight.name}:0`),
      );
    const inner: Group | undefined = weights.length > 0 ? group.create_group(name) : undefined;
    for (const [place, { name: weight, shape }] of weights.entries()) {
      const data = new Float32Array(sizeOf(shape)).fill(at + place / 16);
      inner?.create_dataset({ name: `${weight}:0`, data, shape: [...shape], dtype: '<f4' });
    }
  }
  h5.close();
  forbid();
}
