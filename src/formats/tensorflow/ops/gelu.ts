import type { GraphSoFar, Recognized } from '../draft';
import type { FlatNode, FlatTensor } from '../flatGraph';
import { behind, isOp, orders } from './normalization';

/** `x · ½ · (1 + erf(x / √2))`, however its factors are ordered: the activation gelu. */
export function gaussianError(node: FlatNode, graph: GraphSoFar): Recognized | undefined {
  const factors = factorsOf(node, 0);
  if (factors.length !== 3) return undefined;
  const half = factors.findIndex((factor) => isNear(graph.numbers(factor), 0.5));
  const [a, b] = factors.filter((_, index) => index !== half);
  if (half < 0 || !a || !b) return undefined;
  for (const [x, share] of [
    [a, b],
    [b, a],
  ] as const) {
    const of = behind(x);
    if (of && isShareBelow(behind(share), of, graph)) {
      return { make: { kind: 'Activation', config: { activation: 'gelu' }, inputs: [x] } };
    }
  }
  return undefined;
}

/** Products in products that are looked into. */
const MAX_DEPTH = 1;

function factorsOf(node: FlatNode, depth: number): readonly FlatTensor[] {
  return node.feeds.flatMap((feed) => {
    const inner = behind(feed);
    return isOp(inner, 'Mul') && depth < MAX_DEPTH ? factorsOf(inner, depth + 1) : [feed];
  });
}

/** `1 + erf(x / √2)`, or `erfc(-x / √2)`. */
function isShareBelow(node: FlatNode | undefined, x: FlatNode, graph: GraphSoFar): boolean {
  if (isOp(node, 'Erfc')) {
    const scaled = behind(node.feeds[0]);
    return (
      isOp(scaled, 'Mul') &&
      orders(scaled).some(([a, b]) => {
        const negated = behind(a);
        const isNegative = isOp(negated, 'Neg') && behind(negated.feeds[0]) === x;
        return (
          (isNegative && isNear(graph.numbers(b), Math.SQRT1_2)) ||
          (negated === x && isNear(graph.numbers(b), -Math.SQRT1_2))
        );
      })
    );
  }
  if (!isOp(node, 'Add', 'AddV2')) return false;
  return orders(node).some(([one, other]) => {
    const error = behind(other);
    const scaled = isOp(error, 'Erf') ? behind(error.feeds[0]) : undefined;
    if (!isNear(graph.numbers(one), 1) || !scaled) return false;
    if (isOp(scaled, 'RealDiv', 'Div')) {
      return behind(scaled.feeds[0]) === x && isNear(graph.numbers(scaled.feeds[1]), Math.SQRT2);
    }
    return (
      isOp(scaled, 'Mul') &&
      orders(scaled).some(([a, b]) => behind(a) === x && isNear(graph.numbers(b), Math.SQRT1_2))
    );
  });
}

/** The same number, written in single precision. */
const isNear = (numbers: readonly number[] | undefined, wanted: number): boolean =>
  numbers?.length === 1 && Math.abs(numbers[0]! - wanted) < 1e-6;
