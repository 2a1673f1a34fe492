/**
 * The layer graph: a model as layers and the tensors between them, in no file format's terms. Values are immutable;
 * an operation returns a new graph in which every untouched layer is the same object.
 */

/** Stable through edits, renames included. Nothing may be read out of its text. */
export type LayerId = string;

/** Sizes by axis, the batch first; `null` is a size known only when data arrives. */
export type Shape = readonly (number | null)[];

export type DType =
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float64'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint64'
  | 'uint32'
  | 'uint16'
  | 'uint8'
  | 'bool';

/** One output of one call of a layer. */
export interface TensorRef {
  readonly layer: LayerId;
  readonly call: number;
  readonly output: number;
}

/** One use of a layer. A shared layer has several; an `InputLayer` has one, with no inputs. */
export interface Call {
  readonly inputs: readonly TensorRef[];
}

/** A stretch of a file, in bytes. */
export interface FileRange {
  readonly path: string;
  readonly offset: number;
  readonly byteLength: number;
}

/** Affine quantization as TensorFlow.js writes it: `value = stored * scale + min`. */
export interface Quantization {
  readonly dtype: 'uint8' | 'uint16' | 'float16';
  readonly scale: number;
  readonly min: number;
}

/** A Keras initializer: its class name and its configuration, e.g. `{ kind: 'GlorotUniform', config: {} }`. */
export interface Initializer {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * Where a weight's numbers are; they are read only when somebody needs them.
 *
 * `strides`: numbers between neighbours along each axis of the weight's shape, from the first number of the ranges;
 * row-major where left out. So a kernel that a file keeps as (out, in, height, width) is read as (height, width, in,
 * out), and a tensor that is a view of another is read as itself.
 *
 * `view`: the sizes that the strides are for, where the weight's shape joins some of them: a kernel over flattened
 * images that a file keeps by (channel, row, column) is read by (row, column, channel).
 *
 * `byteOrder`: little-endian where left out.
 *
 * `entry`: the HDF5 file is that entry of the archive at `path`.
 *
 * `rearranged`: a file of an older version keeps the numbers in other tensors, of which the weight is made.
 */
export type WeightSource =
  | {
      readonly from: 'ranges';
      readonly ranges: readonly FileRange[];
      readonly quantization?: Quantization;
      readonly strides?: readonly number[];
      readonly byteOrder?: 'big';
      readonly view?: readonly number[];
    }
  | { readonly from: 'dataset'; readonly path: string; readonly entry?: string; readonly dataset: string }
  | { readonly from: 'rearranged'; readonly parts: readonly StoredTensor[]; readonly how: Rearrangement }
  | { readonly from: 'initializer'; readonly initializer: Initializer; readonly seed: number };

/** A tensor as a file keeps it. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly source: WeightSource;
}

/**
 * How a weight's numbers come from others.
 *
 * `axes`: axis `i` of the result is axis `order[i]` of the one part, backwards where `reversed` has `i`; sizes of one
 * may be left out afterwards.
 *
 * `joined`: the parts side by side along the last axis.
 *
 * `gates`: one matrix of `count` blocks of columns, each of which is transposed, or (cuDNN's kernels of inputs) has its
 * rows written as columns.
 *
 * `halvesAdded`: the two halves of the one part, number by number.
 */
export type Rearrangement =
  | { readonly kind: 'axes'; readonly order: readonly number[]; readonly reversed: readonly number[] }
  | { readonly kind: 'joined' }
  | { readonly kind: 'gates'; readonly count: number; readonly each: 'transposed' | 'refilled' }
  | { readonly kind: 'halvesAdded' };

export interface WeightRef {
  /** Keras's name inside the layer: `kernel`, `bias`, `moving_mean`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** A statistic (a moving mean) is never moved by a gradient. */
  readonly role: 'parameter' | 'statistic';
  readonly source: WeightSource;
}

/** Keras's configuration keys (`kernel_size`, `use_bias`) in the kind's normal form; plain JSON. */
export type LayerConfig = Readonly<Record<string, unknown>>;

export interface Layer {
  readonly id: LayerId;
  /** Unique in the graph; what people see and recipes say. */
  readonly name: string;
  /** Keras's class name, the key of the catalogue. */
  readonly kind: string;
  readonly config: LayerConfig;
  readonly calls: readonly Call[];
  readonly weights: readonly WeightRef[];
  readonly trainable: boolean;
  /** Names that nest layers for people; never changes what is computed. */
  readonly group: readonly string[];
  /** Why the catalogue cannot compute this layer. Such a layer can be drawn and cut away, not trained. */
  readonly opaque?: string;
}

export interface LayerGraph {
  readonly name: string;
  /** In topological order of their first calls. */
  readonly layers: readonly Layer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
  /** Came from a Keras `Sequential`, which leaves its input out of what it shows people. */
  readonly sequential?: boolean;
}

/** Key of a tensor for maps. */
export function tensorKey(tensor: TensorRef): string {
  return `${tensor.layer}\u0000${tensor.call}\u0000${tensor.output}`;
}

export function sameTensor(a: TensorRef, b: TensorRef): boolean {
  return a.layer === b.layer && a.call === b.call && a.output === b.output;
}

/** The numbers in a weight or, with sizes unknown taken as one, in a sample of a tensor. */
export function sizeOf(shape: Shape): number {
  return shape.reduce<number>((product, size) => product * (size ?? 1), 1);
}

/** A layer as far as its weights' numbers are counted: a page's view of one is enough. */
export interface Weighed {
  readonly trainable: boolean;
  readonly weights: readonly Pick<WeightRef, 'shape' | 'dtype' | 'role'>[];
}

/** Parameters and statistics alike, as Keras counts them. */
export function parameterCount(layer: Weighed): number {
  return layer.weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
}

export function trainableParameterCount(layer: Weighed): number {
  if (!layer.trainable) return 0;
  return layer.weights.reduce(
    (sum, weight) => sum + (weight.role === 'parameter' ? sizeOf(weight.shape) : 0),
    0,
  );
}
