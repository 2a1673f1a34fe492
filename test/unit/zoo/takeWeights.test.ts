import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../../src/core/graph/layerGraph';
import { kerasOrder } from '../../../src/formats/keras/kerasOrder';
import { openModel } from '../../../src/formats/registry';
import { openWeights } from '../../../src/formats/weights';
import { zooEntry } from '../../../src/zoo/registry';
import { takeWeights } from '../../../src/zoo/takeWeights';
import { publishWeights } from '../../support/publishedWeights';
import { temporaryFolder } from '../../support/temporary';

const options = { includeTop: false, inputSize: [96, 96] } as const;

async function published(graph: LayerGraph, nameOf?: (name: string, at: number) => string) {
  const file = path.join(await temporaryFolder(), 'weights.h5');
  await publishWeights(graph, file, nameOf);
  return file;
}

/** The layers of Keras's order whose weights are not those that the file has at their place. */
async function misplaced(graph: LayerGraph): Promise<readonly string[]> {
  const reader = openWeights();
  const wrong: string[] = [];
  for (const [at, layer] of kerasOrder(graph).entries()) {
    for (const [place, weight] of layer.weights.entries()) {
      const values = await reader.read(weight);
      if (values[0] !== at + place / 16 || values.at(-1) !== values[0]) wrong.push(layer.name);
    }
  }
  await reader.close();
  return wrong;
}

describe('published weights', () => {
  it.each([
    ['as the layers are called', (name: string) => name],
    ['under other names', (_: string, at: number) => `conv2d_${at + 95}`],
  ])('go to their layers by their order, %s', async (_what, nameOf) => {
    const entry = zooEntry('MobileNetV2');
    const graph = entry.build(options);
    const file = await published(graph, nameOf);
    const taken = takeWeights(entry, graph, await openModel(file));
    expect(await misplaced(taken)).toEqual([]);
    expect(taken.layers.map(({ name }) => name)).toEqual(graph.layers.map(({ name }) => name));
  });

  it('of another model are refused, with the first that does not fit', async () => {
    const entry = zooEntry('MobileNetV2');
    const graph = entry.build(options);
    const [more, other] = [entry.build({ classes: 3 }), zooEntry('MobileNet').build(options)];
    const take = async (given: LayerGraph) =>
      takeWeights(entry, graph, await openModel(await published(given)));
    await expect(take(more)).rejects.toMatchObject({
      code: 'ZOO_WEIGHTS',
      message: expect.stringMatching(/not the published weights of MobileNetV2: found 105 layers .* 104$/),
    });
    await expect(take(other)).rejects.toMatchObject({ code: 'ZOO_WEIGHTS' });
    const wider = zooEntry('MobileNetV2').build(options);
    const changed: LayerGraph = {
      ...wider,
      layers: wider.layers.map((layer) =>
        layer.name === 'Conv_1'
          ? { ...layer, weights: layer.weights.map((weight) => ({ ...weight, shape: [1, 1, 320, 4] })) }
          : layer,
      ),
    };
    await expect(take(changed)).rejects.toMatchObject({
      message: expect.stringContaining('"Conv_1" has weights of [1, 1, 320, 4], expected [1, 1, 320, 1280]'),
    });
  });
});
