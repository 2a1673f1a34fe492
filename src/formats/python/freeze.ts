import type { FreezeRule, Match } from '../../core/freeze/rule';
import { matchedLayers } from '../../core/freeze/select';
import type { Layer, LayerGraph } from '../../core/graph/layerGraph';
import { ancestorsOf } from '../../core/graph/lookup';
import { comment, list, text } from './literal';
import { isPythons, rawText } from './regex';

/**
 * Freeze rules as loops over `model`, in order, so that the last match wins. A rule becomes a condition where Python
 * means by it what we mean; else, and where it speaks of layers that are gone, the list of its layers.
 * @param states the graph after each operation, the newest last
 * @param isLayer whether a layer is one to Keras too; what is not has nothing to freeze
 */
export function freezeScript(
  states: readonly LayerGraph[],
  rules: readonly FreezeRule[],
  isLayer: (layer: Layer) => boolean,
): readonly string[] {
  const graph = states.at(-1);
  if (!graph) return [];
  // Keras's model has no other layers than these; a Sequential does not count its input either.
  const used = ancestorsOf(
    graph,
    graph.outputs.map((output) => output.layer),
  );
  return rules.flatMap(({ match, trainable = false }) => {
    const matched = matchedLayers(graph, match, states.slice(0, -1));
    const layers = graph.layers.filter(
      (layer) => matched.has(layer.id) && used.has(layer.id) && layer.kind !== 'InputLayer' && isLayer(layer),
    );
    if (layers.length === 0) return [];
    const names = layers.map((layer) => layer.name);
    const set = `trainable = ${trainable ? 'True' : 'False'}`;
    const loop = loopOf(graph, match, names, isLayer);
    return [
      comment(`${trainable ? 'Train' : 'Freeze'} ${wordsFor(match)}.`),
      ...loop.head,
      `${'    '.repeat(loop.depth)}${loop.layer}.${set}`,
    ];
  });
}

interface Loop {
  readonly head: readonly string[];
  readonly layer: string;
  readonly depth: number;
}

const EACH = 'for layer in model.layers:';

function loopOf(
  graph: LayerGraph,
  match: Match,
  names: readonly string[],
  isLayer: (layer: Layer) => boolean,
): Loop {
  if ('all' in match) return { head: [EACH], layer: 'layer', depth: 1 };
  if ('regex' in match && isPythons(match.regex, names)) {
    const condition = `    if re.search(${rawText(match.regex)}, layer.name):`;
    return { head: [EACH, condition], layer: 'layer', depth: 2 };
  }
  if ('kind' in match) {
    const condition = `    if type(layer).__name__ == ${text(match.kind)}:`;
    return { head: [EACH, condition], layer: 'layer', depth: 2 };
  }
  if ('upTo' in match && isThereOnce(graph, match.upTo, isLayer)) {
    const head = [
      `last = model.get_layer(${text(match.upTo)})`,
      'for layer in keras.Model(model.inputs, last.output).layers:',
    ];
    return { head, layer: 'layer', depth: 1 };
  }
  const head = [`for name in ${list(names.map(text))}:`];
  return { head, layer: 'model.get_layer(name)', depth: 1 };
}

/** Where a layer is used several times, its `output` is that of its first use alone. */
function isThereOnce(graph: LayerGraph, name: string, isLayer: (layer: Layer) => boolean): boolean {
  const layer = graph.layers.find((candidate) => candidate.name === name);
  return layer?.calls.length === 1 && isLayer(layer);
}

function wordsFor(match: Match): string {
  if ('names' in match) return 'these layers';
  if ('regex' in match) return 'layers by their names';
  if ('kind' in match) return `${match.kind} layers`;
  if ('group' in match) return `the group ${match.group}`;
  if ('stages' in match) return match.stages === 1 ? 'the first stage' : `the first ${match.stages} stages`;
  if ('upTo' in match) return `${match.upTo} and everything it depends on`;
  if ('from' in match) return `${match.from} and everything that depends on it`;
  return 'all layers';
}
