import { createHash } from 'node:crypto';
import type { LayerGraph } from '../../core/graph/layerGraph';
import { layersById } from '../../core/graph/lookup';
import type { Computable } from '../program/fold';

/** Another one where features would be other numbers, or lie otherwise, than the version before would have kept. */
const VERSION = 1;

/**
 * The name of what a prefix makes of a dataset: by its layers, the bytes of its weights, the data with how it is decoded
 * and preprocessed, and what computes.
 *
 * @param model the prefix; its outputs are what is kept
 * @param data how samples come to be: the plan's data, and what they are drawn with
 * @param fingerprint of the dataset's files
 * @param by what computes, with its version
 */
export async function featureKey(
  model: Computable,
  data: object,
  fingerprint: string,
  by: string,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([VERSION, describe(model.graph), data, fingerprint, by]));
  for (const layer of model.graph.layers) {
    for (const weight of layer.weights) {
      const values = await model.weights(layer.name, weight);
      hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  }
  return hash.digest('hex');
}

/** Layers go by their places: ids and names mean nothing to numbers. */
function describe(graph: LayerGraph) {
  const places = new Map(graph.layers.map(({ id }, place) => [id, place]));
  const byId = layersById(graph);
  const place = ({ layer, call, output }: { layer: string; call: number; output: number }) =>
    byId.has(layer) ? [places.get(layer), call, output] : null;
  return {
    layers: graph.layers.map(({ kind, config, calls, weights }) => ({
      kind,
      config,
      calls: calls.map(({ inputs }) => inputs.map(place)),
      weights: weights.map(({ name, shape }) => [name, shape]),
    })),
    inputs: graph.inputs.map(place),
    outputs: graph.outputs.map(place),
  };
}
