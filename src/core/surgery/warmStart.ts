import { unknownLayer } from '../failure';
import { compileRegex } from '../freeze/regex';
import type { Layer, LayerGraph, WeightRef } from '../graph/layerGraph';
import { layerNamed } from '../graph/lookup';
import type { Donors } from './donors';
import { donorGraph, donorPath } from './donors';
import { counterpart } from './foreignWeights';
import type { OperationOf } from './recipe';
import { t } from '../../l10n/translate';

export interface MatchedWeight {
  readonly layer: string;
  readonly weight: string;
  /** The donor's layer and weight: `conv1/kernel`. */
  readonly from: string;
}

export interface UnmatchedWeight {
  readonly layer: string;
  readonly weight: string;
  /**
   * `layer`: the donor has none of that name; `weight`: that layer of the donor has no such weight; `shape`: it has
   * another shape; `layout`: it would have to be transposed, and where it lies it cannot be read so.
   */
  readonly why: 'layer' | 'weight' | 'shape' | 'layout';
  readonly found?: readonly number[];
  readonly expected?: readonly number[];
}

/** What a warm start took over and what not. Plain JSON. */
export interface WarmStartReport {
  /** The donor's path as the recipe has it. */
  readonly from: string;
  readonly matched: readonly MatchedWeight[];
  /** The weights of the layers that were asked for which start as they did before. */
  readonly unmatched: readonly UnmatchedWeight[];
  /** The donor's weights that nothing took: `logits/kernel`. */
  readonly unused: readonly string[];
}

/**
 * Takes weights over from another file, by name: each weight of a layer from the weight of that name (or of the name that
 * TensorFlow or PyTorch has for it, see `foreignWeights.ts`) in the donor's layer of the same name, or of the name after
 * its groups' (`encoder/conv1`, `encoder.conv1`). `match`, a regular expression that is searched in the name, keeps this
 * to some layers; `map` says for single layers, those that `match` leaves out too, which layer of the donor they are.
 * Shapes must be equal. Weights that find nothing stay as they are and are reported.
 *
 * @throws Failure `REGEX_INVALID`; `LAYER_UNKNOWN` for either side of `map`; `DONOR_MISSING`
 */
export function warmStart(
  graph: LayerGraph,
  { from, match, map = {} }: OperationOf<'warmStart'>,
  donors: Donors,
): { readonly graph: LayerGraph; readonly report: WarmStartReport } {
  const donor = donorGraph(donors, from);
  const byName = new Map(donor.layers.map((layer) => [layer.name, layer]));
  const mapped = new Map(
    Object.entries(map).map(([target, name]) => {
      const source = byName.get(name);
      if (!source) throw unknownLayer(name, [...byName.keys()], t('the donor {0}', donorPath(from)));
      return [layerNamed(graph, target), source];
    }),
  );
  const regex = match === undefined ? undefined : compileRegex(match);
  const matched: MatchedWeight[] = [];
  const unmatched: UnmatchedWeight[] = [];
  const used = new Set<WeightRef>();

  const layers = graph.layers.map((layer) => {
    const wanted = mapped.has(layer) || (regex?.test(layer.name) ?? true);
    if (!wanted || layer.weights.length === 0) return layer;
    const source = mapped.get(layer) ?? sameLayer(byName, layer);
    const weights = layer.weights.map((weight, place) => {
      const names = { layer: layer.name, weight: weight.name };
      const found = source && counterpart(layer.kind, weight, place, source.weights);
      if (!source || !found) {
        unmatched.push({ ...names, why: source ? 'weight' : 'layer' });
        return weight;
      }
      if (!sameSizes(found.shape, weight.shape)) {
        unmatched.push({ ...names, why: 'shape', found: found.shape, expected: weight.shape });
        return weight;
      }
      if (!found.source) {
        unmatched.push({ ...names, why: 'layout', found: found.weight.shape, expected: weight.shape });
        return weight;
      }
      used.add(found.weight);
      matched.push({ ...names, from: `${source.name}/${found.weight.name}` });
      return { ...weight, dtype: found.weight.dtype, source: found.source };
    });
    return weights.every((weight, place) => weight === layer.weights[place]) ? layer : { ...layer, weights };
  });
  const unused = donor.layers.flatMap((layer) =>
    layer.weights.filter((weight) => !used.has(weight)).map((weight) => `${layer.name}/${weight.name}`),
  );
  const report = { from: donorPath(from), matched, unmatched, unused };
  return { graph: matched.length === 0 ? graph : { ...graph, layers }, report };
}

function sameLayer(byName: ReadonlyMap<string, Layer>, { name, group }: Layer): Layer | undefined {
  const path = [...group, name];
  return byName.get(name) ?? byName.get(path.join('/')) ?? byName.get(path.join('.'));
}

const sameSizes = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);
