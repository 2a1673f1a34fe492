import type { LayerGraph } from '../../core/graph/layerGraph';
import { isJsonRecord } from './json';

/**
 * What a layer graph knows and the configuration of a functional Keras model has no place for, kept beside it in the
 * files we write: groups, whether the model was a Sequential, and class labels.
 */
export interface Notes {
  /** Gives the graph back what it was written with. */
  restore(graph: LayerGraph): LayerGraph;
  /** Ready to be spread into a `ModelFile`. */
  readonly labels: { readonly labels?: readonly string[] };
}

export function formatNotes(graph: LayerGraph, labels: readonly string[] | undefined): string {
  const groups = Object.fromEntries(
    graph.layers.filter((layer) => layer.group.length > 0).map((layer) => [layer.name, layer.group]),
  );
  return JSON.stringify({
    version: 1,
    groups,
    ...(graph.sequential && { sequential: true }),
    ...(labels && { labels }),
  });
}

/** Notes are a courtesy: text that is none, or of a later version, says nothing. */
export function parseNotes(text: string | undefined): Notes {
  const json = text === undefined ? undefined : parse(text);
  if (!isJsonRecord(json) || json.version !== 1) return { restore: (graph) => graph, labels: {} };
  const groups = isJsonRecord(json.groups)
    ? new Map(Object.entries(json.groups))
    : new Map<string, unknown>();
  return {
    restore: (graph) => ({
      ...graph,
      ...(json.sequential === true && { sequential: true }),
      layers: graph.layers.map((layer) => {
        const group = groups.get(layer.name);
        return isTexts(group) ? { ...layer, group } : layer;
      }),
    }),
    labels: isTexts(json.labels) ? { labels: json.labels } : {},
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
