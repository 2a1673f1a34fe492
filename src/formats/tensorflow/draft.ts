import type { LayerConfig, Shape, WeightRef } from '../../core/graph/layerGraph';
import type { Constant } from './constants';
import type { FlatNode, FlatTensor } from './flatGraph';

/** A layer on its way from an operation. */
export interface Draft {
  readonly id: string;
  /** What it is named after. */
  readonly node: FlatNode;
  kind: string;
  config: LayerConfig;
  readonly inputs: readonly DraftTensor[];
  weights: readonly WeightRef[];
  /** Of its first output, where it is known. */
  shape: Shape | undefined;
  opaque?: string;
  /** How many operations read it. */
  uses: number;
}

export interface DraftTensor {
  readonly draft: Draft;
  readonly output: number;
}

/** What a recognizer makes of an operation. */
export type Recognized =
  /** A layer, perhaps with another one before it. */
  | {
      readonly make: LayerPlan;
      readonly before?: Pick<LayerPlan, 'kind' | 'config'>;
    }
  /** The layer that feeds it, changed: a bias added, axes dropped. */
  | { readonly change: Draft; readonly config: LayerConfig; readonly weights?: Weights }
  /** Nothing: what feeds it goes on. */
  | { readonly pass: FlatTensor }
  | { readonly refuse: string };

export interface LayerPlan {
  readonly kind: string;
  readonly config: LayerConfig;
  readonly inputs: readonly FlatTensor[];
  readonly weights?: Weights;
}

export type Weights = Readonly<Record<string, Constant>>;

/** What a recognizer may ask about the graph so far. */
export interface GraphSoFar {
  constant(tensor: FlatTensor | undefined): Constant | undefined;
  numbers(tensor: FlatTensor | undefined): readonly number[] | undefined;
  shape(tensor: FlatTensor | undefined): Shape | undefined;
  /** The layer that gives a tensor, if nothing else reads it. */
  alone(tensor: FlatTensor | undefined): Draft | undefined;
}

export type Recognize = (node: FlatNode, graph: GraphSoFar) => Recognized;
