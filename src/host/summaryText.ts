import { printSummary } from '../core/summary/printSummary';
import { printWeights } from '../core/summary/printWeights';
import type { OpenedModel } from './openedModel';

/** What the command line prints of a model: Keras's table, or the weights of a file that has no architecture. */
export function summaryText(
  { base, graph }: Pick<OpenedModel, 'base' | 'graph'>,
  layers?: readonly string[],
): string {
  const only = layers && new Set(layers);
  if (!base.weightsOnly) return printSummary(graph, only && { only });
  return printWeights(only ? { ...graph, layers: graph.layers.filter(({ id }) => only.has(id)) } : graph);
}
