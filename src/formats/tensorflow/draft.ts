import type { LayerConfig, Shape, WeightRef } from '../../core/graph/layerGraph';
import type { Constant } from './constants';
import type { FlatNode, FlatTensor } from './flatGraph';
import type { SmallValue } from './smallValues';

/** A layer on its way from an operation. */
export interface Draft {
  readonly id: string;
  /** What it is named after. */
  readonly node: FlatNode;
  kind: string;
  config: LayerConfig;
  readonly inputs: readonly DraftTensor[];
  weights: readonly WeightRef[];
  /** Of its outputs, where they are known. */
  shapes: readonly Shape[] | undefined;
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
  /** A layer, perhaps with others before it. */
  | { readonly make: LayerPlan }
  /** The layer that feeds it, changed: a bias added, axes dropped. */
  | { readonly change: Draft; readonly config: LayerConfig; readonly weights?: Weights }
  /** Nothing: what feeds it goes on. */
  | { readonly pass: FlatTensor }
  | { readonly refuse: string };

export interface LayerPlan {
  readonly kind: string;
  readonly config: LayerConfig;
  readonly inputs: readonly PlanInput[];
  readonly weights?: Weights;
  /** What it is called after the operation where it comes before the layer that has its name. */
  readonly as?: string;
}

/** A tensor of the graph, or the first output of a layer that is made for it. */
export type PlanInput = FlatTensor | LayerPlan;

export type Weights = Readonly<Record<string, Constant>>;

/** What a recognizer may ask about the graph so far. */
export interface GraphSoFar {
  constant(tensor: FlatTensor | undefined): Constant | undefined;
  numbers(tensor: FlatTensor | undefined): readonly number[] | undefined;
  /** Few numbers that the graph works out; sizes that only data tells are `null`. */
  value(tensor: FlatTensor | undefined): SmallValue | undefined;
  shape(tensor: FlatTensor | undefined): Shape | undefined;
  /** The layer that gives a tensor, if nothing else reads it. */
  alone(tensor: FlatTensor | undefined): Draft | undefined;
}

export type Recognize = (node: FlatNode, graph: GraphSoFar) => Recognized;
