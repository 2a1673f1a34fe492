import { sizeOf } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import type { Constant } from '../constants';
import { reshape } from '../constants';
import type { GraphSoFar, Recognize, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { numberOf } from '../graphDef';
import { PASSING } from '../passing';
import { dataFormatOf } from './space';

/** What the operation has where its epsilon is left out. */
const DEFAULT_EPSILON = 1e-4;

const fused: Recognize = (node, graph): Recognized => {
  // Left out, it is training.
  if (node.attributes.get('is_training')?.flag !== false) {
    return { refuse: t('it normalizes by its batch, as in training') };
  }
  const [input, ...given] = node.feeds;
  const [gamma, beta, mean, variance] = given.map((tensor) => graph.constant(tensor));
  if (!input || !gamma || !beta || !mean || !variance)
    return { refuse: t('its statistics are computed, not stored') };
  const [scale, center] = [!isFilledWith(1, gamma), !isFilledWith(0, beta)];
  return {
    make: {
      kind: 'BatchNormalization',
      config: {
        axis: dataFormatOf(node) === 'channels_last' ? -1 : 1,
        epsilon: numberOf(node, 'epsilon') ?? DEFAULT_EPSILON,
        ...{ scale, center },
      },
      inputs: [input],
      weights: {
        ...(scale && { gamma }),
        ...(center && { beta }),
        ...{ moving_mean: mean, moving_variance: variance },
      },
    },
  };
};

/** One number written for many: what the operation asks for and the model has not learnt, as TF-Slim's InceptionV3. */
function isFilledWith(value: number, { numbers, shape }: Constant): boolean {
  return sizeOf(shape) > 1 && numbers?.length === 1 && numbers[0] === value;
}

/** The operation behind a tensor, through those that only pass it on. */
export function behind(tensor: FlatTensor | undefined): FlatNode | undefined {
  let node = tensor?.node;
  while (node && PASSING.has(node.op) && node.feeds[0]) node = node.feeds[0].node;
  return node;
}

export const isOp = (node: FlatNode | undefined, ...ops: readonly string[]): node is FlatNode =>
  node !== undefined && ops.includes(node.op);

/** Both orders of what is added or multiplied. */
export const orders = ({
  feeds: [a, b],
}: FlatNode): readonly (readonly [FlatTensor | undefined, FlatTensor | undefined])[] => [
  [a, b],
  [b, a],
];

interface Factor {
  readonly variance: Constant;
  readonly epsilon: number;
  readonly gamma?: Constant;
}

/** `rsqrt(variance + epsilon)`, perhaps times gamma. */
function factorOf(node: FlatNode | undefined, graph: GraphSoFar): Factor | undefined {
  if (isOp(node, 'Rsqrt')) {
    const sum = behind(node.feeds[0]);
    if (!isOp(sum, 'Add', 'AddV2')) return undefined;
    for (const [a, b] of orders(sum)) {
      const variance = graph.constant(a);
      const epsilon = graph.numbers(b);
      if (variance && epsilon?.length === 1 && variance.shape.length > 0)
        return { variance, epsilon: epsilon[0]! };
    }
    return undefined;
  }
  if (!isOp(node, 'Mul')) return undefined;
  for (const [a, b] of orders(node)) {
    const gamma = graph.constant(b);
    const factor = factorOf(behind(a), graph);
    if (gamma && factor && !factor.gamma) return { ...factor, gamma };
  }
  return undefined;
}

/** `beta - mean * factor` or `-mean * factor`. */
function offsetOf(node: FlatNode | undefined, factor: FlatNode, graph: GraphSoFar) {
  const meanIn = (product: FlatNode | undefined): FlatTensor | undefined =>
    isOp(product, 'Mul') ? orders(product).find(([, by]) => behind(by) === factor)?.[0] : undefined;
  if (isOp(node, 'Sub')) {
    const beta = graph.constant(node.feeds[0]);
    const mean = graph.constant(meanIn(behind(node.feeds[1])));
    return beta && mean && { beta, mean };
  }
  const negated = behind(meanIn(node));
  const mean = isOp(negated, 'Neg') ? graph.constant(negated.feeds[0]) : undefined;
  return mean && { mean };
}

/** The axis along which constants of these shapes have numbers of their own. */
function axisOf(constants: readonly Constant[]): number | undefined {
  const size = Math.max(...constants.map(({ shape }) => Math.max(1, ...shape)));
  const axes = constants.map(({ shape }) => {
    const long = shape.flatMap((length, axis) => (length === size ? [axis - shape.length] : []));
    const others = shape.filter((length) => length !== size && length !== 1);
    return size === 1 ? -1 : long.length === 1 && others.length === 0 ? long[0] : undefined;
  });
  return axes.every((axis) => axis === axes[0]) ? axes[0] : undefined;
}

/**
 * The sum at the end of a batch normalization that is written out, `x * factor + (beta - mean * factor)`, as Keras 3 and
 * `tf.nn.batch_normalization` do.
 */
export function writtenOut(node: FlatNode, graph: GraphSoFar): Recognized | undefined {
  for (const [left, right] of orders(node)) {
    const product = behind(left);
    if (!isOp(product, 'Mul')) continue;
    for (const [input, by] of orders(product)) {
      const factorNode = behind(by);
      const factor = factorOf(factorNode, graph);
      const offset = factorNode && factor && offsetOf(behind(right), factorNode, graph);
      if (!input || !offset) continue;
      const constants = [
        factor.variance,
        factor.gamma,
        offset.mean,
        'beta' in offset ? offset.beta : undefined,
      ];
      const axis = axisOf(constants.filter((constant) => constant !== undefined));
      const [variance, gamma, mean, beta] = constants.map((constant) => constant && reshape(constant, [-1]));
      if (axis === undefined || !variance || !mean) continue;
      return {
        make: {
          kind: 'BatchNormalization',
          config: { axis, epsilon: factor.epsilon, scale: gamma !== undefined, center: beta !== undefined },
          inputs: [input],
          weights: {
            ...(gamma && { gamma }),
            ...(beta && { beta }),
            moving_mean: mean,
            moving_variance: variance,
          },
        },
      };
    }
  }
  return undefined;
}

export const normalizations: Readonly<Record<string, Recognize>> = {
  FusedBatchNorm: fused,
  FusedBatchNormV2: fused,
  FusedBatchNormV3: fused,
};
