import { inferShapes, shapeOf } from '../core/graph/infer';
import type { Layer, LayerGraph, Shape, WeightRef } from '../core/graph/layerGraph';
import { layersById } from '../core/graph/lookup';
import { rowMajorStrides } from '../core/graph/strides';
import { torchName } from '../core/surgery/foreignWeights';

/**
 * The names and shapes of the state dict that torchvision saves of a model whose layers are named by their modules, in
 * PyTorch's layouts. What only counts batches is left out.
 */
export function stateDictOf(graph: LayerGraph): ReadonlyMap<string, Shape> {
  return new Map(
    graph.layers.flatMap((layer) =>
      layer.weights.map((weight) => {
        const name = torchName(layer.kind, weight.name) ?? weight.name;
        return [`${layer.name}.${name}`, torchShape(layer, weight)] as const;
      }),
    ),
  );
}

function torchShape({ kind }: Layer, { name, shape }: WeightRef): Shape {
  if (name !== 'kernel') return shape;
  const [first, second, third, fourth] = shape as readonly [number, number, number, number];
  switch (kind) {
    case 'Dense':
      return [second, first];
    case 'DepthwiseConv2D':
      return [third * fourth, 1, first, second];
    default:
      return [fourth, third, first, second];
  }
}

/**
 * A state dict's layers by today's names: what DenseNet's files were saved with has a dot that its modules have not
 * (`denselayer1.norm.1`). Source: `_load_state_dict` of torchvision/models/densenet.py.
 */
export function withCurrentNames(stored: LayerGraph): LayerGraph {
  const layers = stored.layers.map((layer) => {
    const name = layer.name.replace(/(\.denselayer\d+\.(?:norm|conv))\.(\d)$/, '$1$2');
    return name === layer.name ? layer : { ...layer, name, group: name.split('.').slice(0, -1) };
  });
  return { ...stored, layers };
}

/**
 * Kernels of Dense layers behind a flattened feature map, read in the order that the map is flattened in here: PyTorch
 * flattens channel by channel, Keras pixel by pixel. Their sources are those of a state dict, transposed.
 */
export function readByPixel(graph: LayerGraph): LayerGraph {
  const byId = layersById(graph);
  const inference = inferShapes(graph);
  const layers = graph.layers.map((layer) => {
    const [input] = layer.calls[0]?.inputs ?? [];
    const before = input && byId.get(input.layer);
    if (layer.kind !== 'Dense' || before?.kind !== 'Flatten') return layer;
    const [map] = before.calls[0]!.inputs;
    const sizes = (map && shapeOf(inference, map)?.slice(1)) ?? [];
    const known = sizes.filter((size) => size !== null);
    if (sizes.length !== 3 || known.length !== 3) return layer;
    return { ...layer, weights: layer.weights.map((weight) => pixelByPixel(weight, known)) };
  });
  return { ...graph, layers };
}

function pixelByPixel(weight: WeightRef, [rows, columns, channels]: readonly number[]): WeightRef {
  const { name, shape, source } = weight;
  if (name !== 'kernel' || source.from !== 'ranges' || source.view) return weight;
  const [input, output] = source.strides ?? rowMajorStrides(shape);
  const strides = [columns! * input!, input!, rows! * columns! * input!, output!];
  const view = [rows!, columns!, channels!, shape[1]!];
  return { ...weight, source: { ...source, view, strides } };
}
