import { termsOf } from '../../../core/layers/tensorProducts';
import { t } from '../../../l10n/translate';
import type { GraphSoFar, Recognize, Recognized } from '../draft';
import type { FlatNode } from '../flatGraph';
import { flagOf, textOf } from '../graphDef';

/** Products of matrices of which any may be computed. */
export function matrices(node: FlatNode, graph: GraphSoFar): Recognized {
  const [a, b] = node.feeds;
  const ranks = [graph.shape(a)?.length, graph.shape(b)?.length];
  if (!a || !b || ranks.some((rank) => rank === undefined))
    return { refuse: t('the shapes that it joins are not known') };
  const turns = (...keys: readonly string[]) => keys.some((key) => flagOf(node, key));
  const config = { transpose_a: turns('transpose_a', 'adj_x'), transpose_b: turns('transpose_b', 'adj_y') };
  return { make: { kind: 'Matmul', config, inputs: [a, b] } };
}

const einsum: Recognize = (node, graph) => {
  const [a, b] = node.feeds;
  const written = textOf(node, 'equation') ?? '';
  if (!a || !b || node.feeds.length > 2) return { refuse: t('it takes other than two tensors') };
  const subscripts = written.includes('...')
    ? withoutDots(written, [graph.shape(a)?.length, graph.shape(b)?.length])
    : written;
  const terms = subscripts === undefined ? undefined : termsOf(subscripts);
  if (!terms) return { refuse: t('its equation is {0}', written) };
  const kernel = graph.constant(b);
  const [features, units] = [...terms.b];
  const isDense =
    kernel?.source !== undefined &&
    terms.b.length === 2 &&
    terms.a.length > 1 &&
    terms.a.endsWith(features!) &&
    terms.out === `${terms.a.slice(0, -1)}${units}`;
  if (isDense) {
    const config = { units: kernel.shape[1], use_bias: false };
    return { make: { kind: 'Dense', config, inputs: [a], weights: { kernel } } };
  }
  return { make: { kind: 'Einsum', config: { subscripts }, inputs: [a, b] } };
};

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Letters for the axes that `...` stands for, aligned at the last of them. */
function withoutDots(equation: string, ranks: readonly (number | undefined)[]): string | undefined {
  const [left = '', out = ''] = equation.replaceAll(' ', '').split('->');
  const free = [...LETTERS].filter((letter) => !equation.includes(letter));
  const counts = left.split(',').map((term, index) => {
    const rank = ranks[index];
    return term.includes('...') && rank !== undefined ? rank - (term.length - 3) : 0;
  });
  const most = Math.max(...counts);
  if (counts.some((count) => count < 0) || most > free.length) return undefined;
  const letters = free.slice(0, most).join('');
  const terms = left
    .split(',')
    .map((term, index) => term.replace('...', letters.slice(most - counts[index]!)));
  return `${terms.join(',')}->${out.replace('...', letters)}`;
}

export const products: Readonly<Record<string, Recognize>> = { Einsum: einsum };
