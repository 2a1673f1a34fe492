import type { WeightRef } from '../graph/layerGraph';
import { rowMajorStrides } from '../graph/strides';

/** What other libraries, and Keras's own layers before 3, called the weights that Keras 3 has these names for. */
export const OLDER_NAMES: Readonly<Record<string, string>> = {
  _kernel: 'kernel',
  weights: 'kernel',
  biases: 'bias',
  _bias: 'bias',
  depthwise_weights: 'kernel',
  depthwise_kernel: 'kernel',
  pointwise_weights: 'pointwise_kernel',
};

/** A view of a stored array: sizes, and numbers between neighbours along each axis. */
interface View {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

type Relay = (stored: View, shape: readonly number[]) => View | undefined;

/** The stored axes in another order: `permute(1, 0)` transposes. */
const permute =
  (...axes: readonly number[]): Relay =>
  (stored) =>
    stored.shape.length === axes.length
      ? { shape: axes.map((axis) => stored.shape[axis]!), strides: axes.map((axis) => stored.strides[axis]!) }
      : undefined;

const asItIs: Relay = (stored) => stored;

/**
 * (in × multiplier, 1, height, width) as (height, width, in, multiplier): a group's outputs stand together, see
 * `groups` of torch.nn.Conv2d.
 */
const depthwise: Relay = ({ shape, strides }, expected) => {
  const [outputs = 0, perGroup] = shape;
  const multiplier = expected[3] ?? 0;
  if (shape.length !== 4 || perGroup !== 1 || multiplier === 0 || outputs % multiplier !== 0)
    return undefined;
  return {
    shape: [shape[2]!, shape[3]!, outputs / multiplier, multiplier],
    strides: [strides[2]!, strides[3]!, strides[0]! * multiplier, strides[0]!],
  };
};

/** torch.nn's name and layout for a weight of Keras's, where the kind leaves no doubt which it is. */
const TORCH: Readonly<Record<string, Readonly<Record<string, readonly [name: string, relay: Relay]>>>> = {
  Dense: { kernel: ['weight', permute(1, 0)], bias: ['bias', asItIs] },
  Conv1D: { kernel: ['weight', permute(2, 1, 0)], bias: ['bias', asItIs] },
  Conv2D: { kernel: ['weight', permute(2, 3, 1, 0)], bias: ['bias', asItIs] },
  Conv3D: { kernel: ['weight', permute(2, 3, 4, 1, 0)], bias: ['bias', asItIs] },
  DepthwiseConv2D: { kernel: ['weight', depthwise], bias: ['bias', asItIs] },
  BatchNormalization: {
    gamma: ['weight', asItIs],
    beta: ['bias', asItIs],
    moving_mean: ['running_mean', asItIs],
    moving_variance: ['running_var', asItIs],
  },
  LayerNormalization: { gamma: ['weight', asItIs], beta: ['bias', asItIs] },
  Embedding: { embeddings: ['weight', asItIs] },
};

/** torch.nn's name for a weight of Keras's; undefined where the kind is none of torch.nn's, or has no such weight. */
export function torchName(kind: string, weight: string): string | undefined {
  return TORCH[kind]?.[weight]?.[0];
}

/** The donor's weight that a weight of a layer of some kind is, if there is one. */
export interface Counterpart {
  /** The donor's own. */
  readonly weight: WeightRef;
  /** Of the numbers as they would be read; the source's, where its layout can be said. */
  readonly shape: readonly number[];
  /** Left out where the layout is another and the source cannot be read in it. */
  readonly source?: WeightRef['source'];
}

/**
 * Finds a weight among a donor layer's: by its name, by an older name for it, by torch.nn's name (whose layout is then
 * certain, so that the source is read transposed), or by its place where the donor only counts (`0`, `1` in Keras 3's
 * `.weights.h5`). A layout is never guessed from shapes.
 *
 * @param wanted a weight of the target, and its place among the target's weights
 */
export function counterpart(
  kind: string,
  wanted: WeightRef,
  place: number,
  weights: readonly WeightRef[],
): Counterpart | undefined {
  const plain =
    weights.find((weight) => weight.name === wanted.name) ??
    weights.find((weight) => OLDER_NAMES[weight.name] === wanted.name) ??
    (weights.every((weight) => /^\d+$/.test(weight.name))
      ? weights.find((weight) => Number(weight.name) === place)
      : undefined);
  const [torchName, relay] = TORCH[kind]?.[wanted.name] ?? [];
  // `bias` is everybody's name; beside a `weight` it is torch.nn's all the same.
  if (plain) return { weight: plain, shape: plain.shape, source: plain.source };
  const weight = torchName === undefined ? undefined : weights.find(({ name }) => name === torchName);
  return weight && relay && relaid(weight, relay, wanted.shape);
}

function relaid(weight: WeightRef, relay: Relay, expected: readonly number[]): Counterpart {
  const { shape, source } = weight;
  if (relay === asItIs) return { weight, shape, source };
  if (source.from !== 'ranges' || source.view) {
    const view = relay({ shape, strides: rowMajorStrides(shape) }, expected);
    return { weight, shape: view?.shape ?? shape };
  }
  const view = relay({ shape, strides: source.strides ?? rowMajorStrides(shape) }, expected);
  return view
    ? { weight, shape: view.shape, source: { ...source, strides: view.strides } }
    : { weight, shape };
}
