import type { Shape, WeightSource } from '../../core/graph/layerGraph';

/** A graph of TensorFlow's operations, as `GraphDef` and the JSON of TensorFlow.js have it alike. */
export interface GraphDef {
  readonly nodes: readonly GraphNode[];
  readonly functions: ReadonlyMap<string, GraphFunction>;
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** `name`, `name:1`, in functions `name:output:1`; `^name` only orders. */
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface GraphFunction {
  readonly name: string;
  /** Names of its arguments. */
  readonly inputs: readonly string[];
  /** What it gives out, in order: tensors of its body. */
  readonly returns: readonly string[];
  readonly nodes: readonly GraphNode[];
}

/** The setting of an operation: one of these, or a list of them. */
export interface Attribute {
  readonly text?: string;
  readonly number?: number;
  readonly flag?: boolean;
  readonly type?: number;
  /** `unranked` where not even the number of axes is known. */
  readonly shape?: Shape | 'unranked';
  readonly tensor?: StoredTensor;
  /** The name of a function. */
  readonly function?: string;
  readonly list?: readonly Attribute[];
}

/** A constant of the graph. */
export interface StoredTensor {
  readonly type: number;
  readonly shape: readonly number[];
  /** Where its numbers are; nothing for texts, and for numbers that no weight can be read from. */
  readonly source?: WeightSource;
  /** Its numbers where they are few; what the file repeats to the end is said once. */
  readonly numbers?: readonly number[];
  readonly texts?: readonly string[];
}

/** What a model takes and gives by name: `{ name: 'serving_default_x:0' }`. */
export interface Signature {
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
}

export interface SignatureTensor {
  readonly key: string;
  /** The tensor of the graph. */
  readonly name: string;
  readonly shape: Shape | undefined;
}

export const textOf = (node: GraphNode, key: string): string | undefined => node.attributes.get(key)?.text;

export const numberOf = (node: GraphNode, key: string): number | undefined =>
  node.attributes.get(key)?.number;

export const flagOf = (node: GraphNode, key: string): boolean => node.attributes.get(key)?.flag ?? false;

/** The numbers of a list, none where it is left out. */
export const numbersOf = (node: GraphNode, key: string): readonly number[] =>
  node.attributes.get(key)?.list?.map((item) => item.number ?? 0) ?? [];

export const textsOf = (node: GraphNode, key: string): readonly string[] =>
  node.attributes.get(key)?.list?.map((item) => item.text ?? '') ?? [];
