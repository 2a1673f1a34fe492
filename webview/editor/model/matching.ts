import type { Match } from '../../../src/core/freeze/rule';
import type { ModelIndex } from './modelIndex';
import { downstreamOf, upstreamOf } from './modelIndex';

/**
 * Which layers a freeze rule would speak of, to light them up while it is being written. The host applies the rule
 * itself; a regular expression is searched in the name there too.
 */
export function matchedIds(index: ModelIndex, match: Match): ReadonlySet<string> {
  const { layers } = index.model;
  if ('names' in match) {
    return new Set(match.names.flatMap((name) => index.byName.get(name)?.id ?? []));
  }
  if ('regex' in match) {
    const regex = compileRegex(match.regex);
    if ('problem' in regex) return new Set();
    return new Set(layers.filter(({ name }) => regex.compiled.test(name)).map(({ id }) => id));
  }
  if ('kind' in match) {
    return new Set(layers.filter(({ kind }) => kind === match.kind).map(({ id }) => id));
  }
  if ('group' in match) {
    const prefix = `${match.group}/`;
    return new Set(
      layers.filter(({ group }) => `${group.join('/')}/`.startsWith(prefix)).map(({ id }) => id),
    );
  }
  if ('stages' in match) {
    const inStages = layers.filter(({ stage }) => stage >= 0 && stage < match.stages);
    return new Set(inStages.map(({ id }) => id));
  }
  if ('upTo' in match) {
    const layer = index.byName.get(match.upTo);
    return layer === undefined ? new Set() : upstreamOf(index, [layer.id]);
  }
  if ('from' in match) {
    const layer = index.byName.get(match.from);
    return layer === undefined ? new Set() : new Set([layer.id, ...downstreamOf(index, layer.id)]);
  }
  return new Set(layers.map(({ id }) => id));
}

/** The expression, or what is wrong with it in the engine's words. */
export function compileRegex(source: string): { compiled: RegExp } | { problem: string } {
  try {
    return { compiled: new RegExp(source) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problem: message.replace(/^Invalid regular expression: (\/.*\/\w*: )?/, '') };
  }
}

/** Layers whose name or kind holds the text, in graph order; capitals do not matter. */
export function searchLayers(index: ModelIndex, text: string): readonly string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return index.model.layers
    .filter(({ name, kind }) => name.toLowerCase().includes(wanted) || kind.toLowerCase().includes(wanted))
    .map(({ id }) => id);
}

/** Kinds that have weights, with how many layers each, the most frequent first. */
export function weightedKinds(
  index: ModelIndex,
): readonly { readonly kind: string; readonly layers: number }[] {
  const counts = new Map<string, number>();
  for (const { kind, weights } of index.model.layers) {
    if (weights.length > 0) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, layers]) => ({ kind, layers }))
    .sort((a, b) => b.layers - a.layers || (a.kind < b.kind ? -1 : 1));
}
