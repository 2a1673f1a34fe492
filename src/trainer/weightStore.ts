import * as tf from '@tensorflow/tfjs-core';
import { unknownLayer } from '../core/failure';
import type { Layer, LayerGraph, WeightRef } from '../core/graph/layerGraph';

/** The current value of every weight of a model, by layer name and weight name. */
export class WeightStore {
  private readonly tensors = new Map<string, Map<string, tf.Tensor>>();

  static async read(
    graph: LayerGraph,
    read: (layer: Layer, weight: WeightRef) => Promise<Float32Array>,
  ): Promise<WeightStore> {
    const store = new WeightStore();
    try {
      for (const layer of graph.layers) {
        const own = new Map<string, tf.Tensor>();
        store.tensors.set(layer.name, own);
        for (const weight of layer.weights) {
          own.set(weight.name, tf.tensor(await read(layer, weight), [...weight.shape], 'float32'));
        }
      }
    } catch (error) {
      store.dispose();
      throw error;
    }
    return store;
  }

  /** The store's own tensor, not to be disposed. */
  get(layerName: string, weightName: string): tf.Tensor {
    const own = this.tensors.get(layerName);
    if (!own) throw unknownLayer(layerName, [...this.tensors.keys()]);
    const tensor = own.get(weightName);
    if (tensor) return tensor;
    throw new Error(`layer "${layerName}" has no weight ${weightName}, it has ${[...own.keys()].join(', ')}`);
  }

  /** Takes over the tensor, and frees the one before it. */
  set(layerName: string, weightName: string, value: tf.Tensor): void {
    const before = this.get(layerName, weightName);
    this.tensors.get(layerName)?.set(weightName, tf.keep(value));
    before.dispose();
  }

  /** Every weight as it is now. Free of charge: a step puts new tensors in the place of old ones. */
  snapshot(): WeightSnapshot {
    const tensors = [...this.tensors].flatMap(([layer, own]) =>
      [...own].map(([weight, tensor]) => ({ layer, weight, tensor: tf.keep(tf.clone(tensor)) })),
    );
    return new WeightSnapshot(tensors);
  }

  /** Sets every weight back to what it was; the snapshot may be restored again. */
  restore({ tensors }: WeightSnapshot): void {
    for (const { layer, weight, tensor } of tensors) this.set(layer, weight, tf.clone(tensor));
  }

  dispose(): void {
    for (const own of this.tensors.values()) for (const tensor of own.values()) tensor.dispose();
    this.tensors.clear();
  }
}

/** What every weight of a model was at one moment, on the engine; who takes one disposes of it. */
export class WeightSnapshot {
  constructor(
    readonly tensors: readonly {
      readonly layer: string;
      readonly weight: string;
      readonly tensor: tf.Tensor;
    }[],
  ) {}

  dispose(): void {
    for (const { tensor } of this.tensors) tensor.dispose();
  }
}
