import { reshape, type Constant } from '../constants';
import type { GraphSoFar, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { flagOf } from '../graphDef';
import { behind, isOp, orders } from './normalization';

/** What scales a sample: the operation, and what it is made of. */
interface Factor {
  readonly node: FlatNode;
  readonly variance: FlatNode;
  readonly epsilon: number;
  readonly gamma?: Constant;
}

/**
 * The sum at the end of a layer normalization that is written out, `x * factor + (beta - mean * factor)` with
 * `factor = rsqrt(variance + epsilon) * gamma`, the mean and the variance those of the last axis: as Keras 3 does and
 * `tf.nn.batch_normalization` after `tf.nn.moments`.
 */
export function writtenOutLayer(node: FlatNode, graph: GraphSoFar): Recognized | undefined {
  for (const [left, right] of orders(node)) {
    const product = behind(left);
    if (!isOp(product, 'Mul')) continue;
    for (const [input, by] of orders(product)) {
      const factor = factorOf(behind(by), graph);
      const offset = factor && offsetOf(behind(right), factor.node, graph);
      const channels = graph.shape(input)?.at(-1);
      if (!input || !offset || typeof channels !== 'number') continue;
      if (!isMean(offset.mean, input, graph) || !isVariance(factor.variance, input, offset.mean, graph))
        continue;
      const vector = (constant: Constant | undefined) => constant && alongLast(constant, channels);
      const [gamma, beta] = [vector(factor.gamma), vector(offset.beta)];
      if ((factor.gamma && !gamma) || (offset.beta && !beta)) continue;
      const config = { epsilon: factor.epsilon, scale: gamma !== undefined, center: beta !== undefined };
      const weights = { ...(gamma && { gamma }), ...(beta && { beta }) };
      return { make: { kind: 'LayerNormalization', config, inputs: [input], weights } };
    }
  }
  return undefined;
}

function alongLast(constant: Constant, channels: number): Constant | undefined {
  const { shape, source } = constant;
  const fits = shape.at(-1) === channels && shape.slice(0, -1).every((size) => size === 1);
  return fits && source ? reshape(constant, [channels]) : undefined;
}

function factorOf(node: FlatNode | undefined, graph: GraphSoFar): Factor | undefined {
  if (isOp(node, 'Rsqrt')) {
    const sum = behind(node.feeds[0]);
    if (!isOp(sum, 'Add', 'AddV2')) return undefined;
    for (const [a, b] of orders(sum)) {
      const [variance, epsilon] = [behind(a), graph.numbers(b)];
      if (isOp(variance, 'Mean') && epsilon?.length === 1) return { node, variance, epsilon: epsilon[0]! };
    }
    return undefined;
  }
  if (!isOp(node, 'Mul')) return undefined;
  for (const [a, b] of orders(node)) {
    const gamma = graph.constant(b);
    const inner = behind(a);
    const factor = gamma && isOp(inner, 'Rsqrt') ? factorOf(inner, graph) : undefined;
    if (factor) return { ...factor, node, ...(gamma && { gamma }) };
  }
  return undefined;
}

/** `beta - mean * factor`, `-mean * factor + beta` or `-mean * factor`. */
function offsetOf(node: FlatNode | undefined, factor: FlatNode, graph: GraphSoFar) {
  if (node?.op === 'Add' || node?.op === 'AddV2') {
    for (const [a, b] of orders(node)) {
      const [beta, mean] = [graph.constant(b), negatedMean(behind(a), factor)];
      if (beta && mean) return { beta, mean };
    }
    return undefined;
  }
  if (node?.op === 'Sub') {
    const [beta, mean] = [graph.constant(node.feeds[0]), timesFactor(behind(node.feeds[1]), factor)];
    return beta && mean ? { beta, mean } : undefined;
  }
  const mean = negatedMean(node, factor);
  return mean && { mean };
}

function timesFactor(node: FlatNode | undefined, factor: FlatNode): FlatNode | undefined {
  if (!isOp(node, 'Mul')) return undefined;
  return behind(orders(node).find(([, by]) => behind(by) === factor)?.[0]);
}

function negatedMean(node: FlatNode | undefined, factor: FlatNode): FlatNode | undefined {
  const negated = timesFactor(node, factor);
  return isOp(negated, 'Neg') ? behind(negated.feeds[0]) : undefined;
}

/** A mean over the last axis, which is kept as one. */
function isMean(node: FlatNode | undefined, of: FlatTensor, graph: GraphSoFar): boolean {
  return isOp(node, 'Mean') && behind(node.feeds[0]) === behind(of) && overLast(node, of, graph);
}

function overLast(node: FlatNode, of: FlatTensor, graph: GraphSoFar): boolean {
  const rank = graph.shape(of)?.length;
  const axes = graph.numbers(node.feeds[1]);
  const isLast = axes?.length === 1 && (axes[0] === -1 || axes[0] === (rank ?? 0) - 1);
  return isLast && flagOf(node, 'keep_dims');
}

/** The mean of the squares of what is left without the mean. */
function isVariance(node: FlatNode, of: FlatTensor, mean: FlatNode | undefined, graph: GraphSoFar): boolean {
  if (!overLast(node, of, graph)) return false;
  const squares = behind(node.feeds[0]);
  const difference = squares?.op === 'Square' ? behind(squares.feeds[0]) : squares;
  // A square of a difference, or both in one; not a difference whose square is not taken.
  if (difference?.op !== (squares?.op === 'Square' ? 'Sub' : 'SquaredDifference')) return false;
  const [a, b] = difference.feeds.map(behind);
  return a === behind(of) && b === mean;
}
