import type { Layer, LayerConfig, LayerGraph, Shape, TensorRef } from '../../core/graph/layerGraph';
import { sortLayers } from '../../core/graph/order';
import { configOf, knownKind } from '../../core/surgery/config';
import { freshWeight } from '../../core/surgery/fresh';
import { freeName } from '../../core/surgery/names';
import { kerasOrder } from '../../formats/keras/kerasOrder';

/** A tensor of a graph that is being made. */
export interface Tensor {
  readonly ref: TensorRef;
  readonly shape: Shape;
}

/** A layer's configuration by Keras's keys, and its name; Keras's counting names it where left out. */
export type Named = LayerConfig & { readonly name?: string };

/**
 * Makes a layer graph as Keras's functional interface does: each call adds a layer to what it is given and returns its
 * output. Layers that a nested model holds in Keras are of that model's group.
 * @throws Failure of a configuration, `ShapeMismatch` where a layer cannot take its inputs
 */
export class GraphBuilder {
  private readonly layers: Layer[] = [];
  private readonly names = new Set<string>();
  private readonly inputs: TensorRef[] = [];

  constructor(private readonly name: string) {}

  input(shape: Shape): Tensor {
    const tensor = this.add('InputLayer', [], { batch_shape: [null, ...shape], name: 'input_layer' });
    this.inputs.push(tensor.ref);
    return tensor;
  }

  /** @param place the nested models that hold the layer, and the class that Keras counts it as, where it is another */
  add(
    kindName: string,
    inputs: readonly Tensor[],
    { name: given, ...raw }: Named = {},
    {
      group = [],
      countedAs = kindName,
    }: { readonly group?: readonly string[]; readonly countedAs?: string } = {},
  ): Tensor {
    const name = given ?? freeName(countedAs, this.names);
    const kind = knownKind(kindName, name);
    const config = configOf(kind, raw, name);
    const shapes = inputs.map((tensor) => tensor.shape);
    const path = [...group, name];
    const layer: Layer = {
      // As readers of Keras's files make them of the names, so that neither looks different.
      id: path.join('\u001f'),
      name,
      kind: kind.name,
      config,
      calls: [{ inputs: inputs.map((tensor) => tensor.ref) }],
      weights: [],
      trainable: true,
      group,
    };
    const weights = kind.weights(config, shapes).map((spec) => freshWeight(layer, spec));
    this.layers.push({ ...layer, weights });
    this.names.add(name);
    return { ref: { layer: layer.id, call: 0, output: 0 }, shape: kind.outputs(config, shapes)[0]! };
  }

  conv2d(x: Tensor, filters: number, kernel: number | readonly [number, number], config: Named = {}): Tensor {
    return this.add('Conv2D', [x], { filters, kernel_size: kernel, ...config });
  }

  /** @param kernel rows and columns */
  depthwiseConv2d(x: Tensor, kernel: number, config: Named = {}): Tensor {
    return this.add('DepthwiseConv2D', [x], { kernel_size: kernel, ...config });
  }

  separableConv2d(x: Tensor, filters: number, kernel: number, config: Named = {}): Tensor {
    return this.add('SeparableConv2D', [x], { filters, kernel_size: kernel, ...config });
  }

  batchNorm(x: Tensor, config: Named = {}): Tensor {
    return this.add('BatchNormalization', [x], { axis: 3, ...config });
  }

  activation(x: Tensor, activation: string, name?: string): Tensor {
    return this.add('Activation', [x], { activation, ...named(name) });
  }

  dense(x: Tensor, units: number, config: Named = {}): Tensor {
    return this.add('Dense', [x], { units, ...config });
  }

  maxPool(x: Tensor, size: number, strides: number, config: Named = {}): Tensor {
    return this.add('MaxPooling2D', [x], { pool_size: size, strides, ...config });
  }

  averagePool(x: Tensor, size: number, strides: number, config: Named = {}): Tensor {
    return this.add('AveragePooling2D', [x], { pool_size: size, strides, ...config });
  }

  globalAveragePool(x: Tensor, name?: string): Tensor {
    return this.add('GlobalAveragePooling2D', [x], named(name));
  }

  globalMaxPool(x: Tensor, name?: string): Tensor {
    return this.add('GlobalMaxPooling2D', [x], named(name));
  }

  /** @param padding rows before and after, then columns */
  zeroPad(x: Tensor, padding: readonly (readonly [number, number])[], name?: string): Tensor {
    return this.add('ZeroPadding2D', [x], { padding, ...named(name) });
  }

  sum(inputs: readonly Tensor[], name?: string): Tensor {
    return this.add('Add', inputs, named(name));
  }

  concat(inputs: readonly Tensor[], name?: string): Tensor {
    return this.add('Concatenate', inputs, { axis: 3, ...named(name) });
  }

  /**
   * Zeros before a strided convolution with `valid` padding, so that it sees what TensorFlow's `same` would: half a kernel
   * after, and before as many, less one where the size is even or not known. Source: `correct_pad` of
   * keras/src/applications/imagenet_utils.py.
   */
  correctPad(x: Tensor, kernel: number, name: string): Tensor {
    const half = Math.floor(kernel / 2);
    const before = (size: number | null | undefined) => half - ((size ?? 0) % 2 === 0 ? 1 : 0);
    const [, rows, columns] = x.shape;
    return this.zeroPad(
      x,
      [
        [before(rows), half],
        [before(columns), half],
      ],
      name,
    );
  }

  /** Layers in the order of Keras's `model.layers`, which is that of the weights in its files. */
  finish(output: Tensor): LayerGraph {
    const graph = { name: this.name, layers: this.layers, inputs: this.inputs, outputs: [output.ref] };
    return sortLayers({ ...graph, layers: kerasOrder(graph) });
  }
}

function named(name: string | undefined): Named {
  return name === undefined ? {} : { name };
}
