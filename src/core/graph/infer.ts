import type { Fault } from '../failure';
import type { LayerGraph, LayerId, Shape, TensorRef } from './layerGraph';

/** What shapes say about a graph. */
export interface Inference {
  /** Output shapes by layer, call and output; `undefined` where a fault or an opaque layer hides them. */
  readonly shapes: ReadonlyMap<LayerId, readonly (readonly Shape[] | undefined)[]>;
  /** For one sample, by layer, summed over its calls. */
  readonly flops: ReadonlyMap<LayerId, number>;
  /** Every fault, in graph order. */
  readonly faults: readonly Fault[];
}

export function shapeOf(inference: Inference, tensor: TensorRef): Shape | undefined {
  return inference.shapes.get(tensor.layer)?.[tensor.call]?.[tensor.output];
}

/** Output shapes of every call, from the inputs on; faults where a layer cannot take what it is fed. */
export declare function inferShapes(graph: LayerGraph): Inference;
