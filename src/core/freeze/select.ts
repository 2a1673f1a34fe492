import { unknownLayer } from '../failure';
import type { Layer, LayerGraph, LayerId } from '../graph/layerGraph';
import { inferShapes } from '../graph/infer';
import { ancestorsOf, descendantsOf, layersByName } from '../graph/lookup';
import { NO_STAGE, stagesOf } from '../graph/stages';
import { compileRegex } from './regex';
import type { Match } from './rule';

/**
 * The layers that a rule speaks of, in this graph.
 *
 * @param past the graph's earlier states, oldest first: a layer that was cut away is known from there, so that "freeze
 * up to it" goes on meaning what is left of what it meant
 * @throws Failure when a layer was never there, or the regular expression is none
 */
export function matchedLayers(
  graph: LayerGraph,
  match: Match,
  past: readonly LayerGraph[] = [],
): ReadonlySet<LayerId> {
  const where = (test: (layer: Layer) => boolean) => {
    const matched = new Set<LayerId>();
    for (const layer of graph.layers) if (test(layer)) matched.add(layer.id);
    return matched;
  };
  const pattern = patternOf(match);
  if (pattern) return where(pattern);
  if ('names' in match) {
    const wanted = new Set(match.names.map((name) => find(graph, name, past).layer.id));
    return where((layer) => wanted.has(layer.id));
  }
  if ('stages' in match) {
    const stages = stagesOf(graph, inferShapes(graph));
    return where(({ id }) => {
      const stage = stages.get(id) ?? NO_STAGE;
      return stage !== NO_STAGE && stage < match.stages;
    });
  }
  if ('upTo' in match) {
    const { layer, state } = find(graph, match.upTo, past);
    const before = ancestorsOf(state, [layer.id]);
    return where(({ id }) => before.has(id));
  }
  if ('from' in match) {
    const { layer, state } = find(graph, match.from, past);
    const after = descendantsOf(state, [layer.id]);
    return where(({ id }) => after.has(id));
  }
  return where(() => true);
}

/**
 * What a match that speaks of layers one by one asks of each; undefined for one that goes by where layers stand.
 *
 * @throws Failure when the regular expression is none
 */
export function patternOf(match: Match): ((layer: Layer) => boolean) | undefined {
  if ('regex' in match) {
    const regex = compileRegex(match.regex);
    return ({ name }) => regex.test(name);
  }
  if ('kind' in match) return ({ kind }) => kind === match.kind;
  if ('group' in match) {
    const prefix = `${match.group}/`;
    return ({ group }) => `${group.join('/')}/`.startsWith(prefix);
  }
  return undefined;
}

/** The layer of that name and the newest state of the graph that has it. */
function find(graph: LayerGraph, name: string, past: readonly LayerGraph[]) {
  for (let state: LayerGraph | undefined = graph, at = past.length; state; state = past[--at]) {
    const layer = layersByName(state).get(name);
    if (layer) return { layer, state };
  }
  throw unknownLayer(
    name,
    graph.layers.map((layer) => layer.name),
  );
}
